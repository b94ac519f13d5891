// SPDX-License-Identifier: Apache-2.0
// cifar10: 60,000 colour pictures of 32x32 in ten classes, read from the official binary files.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "datasets/data_source.h"
#include "datasets/readers/cifar_records.h"
#include "datasets/readers/data_file.h"
#include "datasets/selection.h"
#include "datasets/subset.h"
#include "datasets/train_cut.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kClasses{"airplane", "automobile", "bird",  "cat",  "deer",
                                        "dog",      "frog",       "horse", "ship", "truck"};
const std::vector<std::string> kTrainFiles{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                           "data_batch_4.bin", "data_batch_5.bin"};
const std::vector<std::string> kTestFiles{"test_batch.bin"};

std::unique_ptr<DataSource> open_cifar10(const Settings& settings, const OpenRequest& request) {
  const bool test = request.split == Split::test;
  const TrainCut cut{.train_images = settings.integer("train_images"), .val_images = settings.integer("val_images")};
  const int64_t asked = test ? settings.integer("test_images") : 0;
  if (request.split == Split::val && cut.val_images == 0) refuse_val("cifar10");
  const auto records = read_cifar_records(request.folder, test ? kTestFiles : kTrainFiles, kClasses);
  read_cifar_classes(request.folder);  // known, but what lies there must be what was added
  std::vector<int64_t> all = fixed_subset(records->size(), asked);
  if (test) return std::make_unique<Selection>(records, std::move(all));
  return cut_train("cifar10", records, std::move(all), cut, request.split);
}

// Counts and colour moments of some batches: what a person compares with the published figures.
struct CifarCensus {
  std::array<int64_t, 10> labels{};
  std::array<double, 3> sum{}, squares{};
  int64_t records = 0;

  void add(const Item& item) {
    ++labels[static_cast<size_t>(item.label)];
    ++records;
    for (size_t c = 0; c < 3; ++c) {
      uint64_t total = 0, total_squares = 0;
      for (size_t at = c; at < item.image.pixels.size(); at += 3) {
        total += item.image.pixels[at];
        total_squares += static_cast<uint64_t>(item.image.pixels[at]) * item.image.pixels[at];
      }
      sum[c] += static_cast<double>(total) / 255;
      squares[c] += static_cast<double>(total_squares) / (255.0 * 255);
    }
  }

  std::string describe(const std::string& split) const {
    const auto [fewest, most] = std::minmax_element(labels.begin(), labels.end());
    std::string line = split + ": " + std::to_string(records) + " images, " + std::to_string(*fewest);
    if (*fewest != *most) line += " to " + std::to_string(*most);
    line += " a class; mean";
    const double pixels = static_cast<double>(records) * kCifarSide * kCifarSide;
    char number[32];
    for (const double total : sum) line += (std::snprintf(number, sizeof number, " %.8f", total / pixels), number);
    line += ", deviation";
    for (size_t c = 0; c < 3; ++c) {
      const double mean = sum[c] / pixels;
      line += (std::snprintf(number, sizeof number, " %.8f", std::sqrt(squares[c] / pixels - mean * mean)), number);
    }
    return line;
  }
};

// Every file must hold as many records as the first (10,000 in the official set), so that a lost end is noticed.
Inspection inspect_cifar10(const fs::path& folder) {
  const std::vector<std::string> names = read_cifar_classes(folder);
  if (names != kClasses) throw_bad_data(folder / "batches.meta.txt", "does not name CIFAR-10's ten classes in order");
  Inspection out;
  int64_t expected = 0;
  for (const auto& [split, files] : {std::pair("train", kTrainFiles), std::pair("test", kTestFiles)}) {
    CifarCensus census;
    for (const std::string& file : files) {
      const auto batch = read_cifar_records(folder, {file}, kClasses);
      const int64_t records = batch->size();
      for (int64_t i = 0; i < records; ++i) census.add(batch->item(i));
      if (expected == 0) expected = records;
      if (records != expected) {
        throw_bad_data(folder / file,
                       "holds " + std::to_string(records) + " records, data_batch_1 holds " + std::to_string(expected));
      }
    }
    out.findings.push_back(census.describe(split));
  }
  return out;
}

const bool registered = Registry<DatasetEntry>::add(
    {.name = "cifar10",
     .summary = "60,000 colour pictures of 32x32 in ten classes",
     .source = "https://www.cs.toronto.edu/~kriz/cifar.html (binary version)",
     .licence = "none stated",
     .tasks = {"classification"},
     .image_size = kCifarSide,
     .classes = kClasses,
     .mean = {0.49139968f, 0.48215841f, 0.44653091f},  // of the training set
     .deviation = {0.24703223f, 0.24348513f, 0.26158784f},
     .options = {integer_option("train_images", 0, 0, 1e6, "pictures of train, taken in a fixed random order; 0 = all"),
                 integer_option("test_images", 0, 0, 1e6, "pictures of test, taken in a fixed random order; 0 = all"),
                 integer_option("val_images", 0, 0, 1e6, "pictures taken out of train as the split val")},
     .downloads = {{"https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", "cifar-10-binary.tar.gz",
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", 170'052'171}},
     .open = open_cifar10,
     .inspect = inspect_cifar10});

}  // namespace
}  // namespace sslbench
