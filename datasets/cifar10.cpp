// SPDX-License-Identifier: Apache-2.0
// cifar10: 60,000 colour pictures of 32x32 in ten classes, read from the official binary files.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <deque>
#include <map>
#include <utility>

#include "datasets/data_source.h"
#include "datasets/readers/cifar10_binary.h"
#include "datasets/readers/data_file.h"
#include "datasets/subset.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kClasses{"airplane", "automobile", "bird",  "cat",  "deer",
                                        "dog",      "frog",       "horse", "ship", "truck"};
const std::vector<std::string> kTrainFiles{"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4",
                                           "data_batch_5"};
const std::vector<std::string> kTestFiles{"test_batch"};

// Records by their place in the fixed random order; only the first `limit` places are held (0: all).
class RankedRecords {
 public:
  explicit RankedRecords(int64_t limit) : limit_(static_cast<size_t>(limit)) {}

  void add(const CifarRecord& record) {
    const std::pair place(subset_rank(total_), total_);
    ++total_;
    if (limit_ == 0 || slots_.size() < limit_) {
      slots_.emplace(place, records_.size());
      records_.push_back(record);
    } else if (const auto last = std::prev(slots_.end()); place < last->first) {
      records_[last->second] = record;
      slots_.emplace(place, last->second);
      slots_.erase(last);
    }
  }
  int64_t total() const { return total_; }

  // The slots of places [first, last), in the order of the files.
  std::vector<size_t> slots(int64_t first, int64_t last) const {
    std::map<int64_t, size_t> by_index;
    auto at = std::next(slots_.begin(), first);
    for (int64_t place = first; place < last; ++place, ++at) by_index.emplace(at->first.second, at->second);
    std::vector<size_t> out;
    for (const auto& [index, slot] : by_index) out.push_back(slot);
    return out;
  }
  const CifarRecord& record(size_t slot) const { return records_[slot]; }

 private:
  size_t limit_;
  int64_t total_ = 0;
  std::map<std::pair<uint32_t, int64_t>, size_t> slots_;
  std::deque<CifarRecord> records_;
};

class Cifar10 : public DataSource {
 public:
  Cifar10(RankedRecords records, int64_t first, int64_t last)
      : records_(std::move(records)), slots_(records_.slots(first, last)) {}
  int64_t size() const override { return static_cast<int64_t>(slots_.size()); }
  Item item(int64_t i) const override {
    const CifarRecord& record = records_.record(slots_.at(static_cast<size_t>(i)));
    return {.image = cifar_image(record), .label = record.label};
  }
  const std::vector<std::string>& classes() const override { return kClasses; }

 private:
  RankedRecords records_;
  std::vector<size_t> slots_;
};

// In the fixed random order of the training files val is the end and train the beginning of what is left.
std::unique_ptr<DataSource> open_cifar10(const Settings& settings, const OpenRequest& request) {
  const int64_t train_images = settings.integer("train_images"), test_images = settings.integer("test_images");
  const int64_t val_images = settings.integer("val_images");
  const bool train = request.split == Split::train, test = request.split == Split::test;
  if (!train && !test && val_images == 0) {
    throw UserError("dataset 'cifar10' has no val split of its own; set val_images to keep a part of train apart");
  }
  RankedRecords records(train ? train_images : test ? test_images : 0);
  for (const std::string& stem : test ? kTestFiles : kTrainFiles) {
    read_cifar_batch(request.folder, stem, [&](const CifarRecord& record) { records.add(record); });
  }
  const int64_t total = records.total(), rest = test ? total : total - val_images;
  const int64_t limit = train ? train_images : test ? test_images : 0;
  if (rest < 1 || limit > rest) {
    throw UserError("dataset 'cifar10': " + std::to_string(limit) + " images of " +
                    std::string(split_name(request.split)) + " and " + std::to_string(total - rest) +
                    " of val were asked for, the files hold " + std::to_string(total) + "; ask for fewer");
  }
  read_cifar_classes(request.folder);  // known, but what lies there must be what was added
  if (request.split == Split::val) return std::make_unique<Cifar10>(std::move(records), rest, total);
  return std::make_unique<Cifar10>(std::move(records), 0, limit > 0 ? limit : rest);
}

// Counts and colour moments of some batches: what a person compares with the published figures.
struct CifarCensus {
  std::array<int64_t, 10> labels{};
  std::array<double, 3> sum{}, squares{};
  int64_t records = 0;

  void add(const CifarRecord& record) {
    ++labels[record.label];
    ++records;
    constexpr size_t plane = kCifarPixelBytes / 3;
    for (size_t c = 0; c < 3; ++c) {
      uint64_t total = 0, total_squares = 0;
      for (size_t p = c * plane; p < (c + 1) * plane; ++p) {
        total += record.planes[p];
        total_squares += static_cast<uint64_t>(record.planes[p]) * record.planes[p];
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
  for (const auto& [split, stems] : {std::pair("train", kTrainFiles), std::pair("test", kTestFiles)}) {
    CifarCensus census;
    for (const std::string& stem : stems) {
      const int64_t records = read_cifar_batch(folder, stem, [&](const CifarRecord& record) { census.add(record); });
      if (expected == 0) expected = records;
      if (records != expected) {
        throw_bad_data(folder / (stem + ".bin"),
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
