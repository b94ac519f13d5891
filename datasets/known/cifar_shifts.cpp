// SPDX-License-Identifier: Apache-2.0
// Test sets of classifiers that were trained on CIFAR-10, in its order of classes; none has anything to train on.
//   CIFAR-10.1 (v6). Recht et al., 2018, arXiv:1806.00451: 2,000 pictures drawn anew; cifar10.1_v6_data.npy
//     [2000, 32, 32, 3], cifar10.1_v6_labels.npy.
//   CIFAR-10-C. Hendrycks, Dietterich, 2019, arXiv:1903.12261: CIFAR-10's test pictures under corruptions;
//     <corruption>.npy [50000, 32, 32, 3], 10,000 of each severity from 1 to 5, and labels.npy. One corruption at one
//     severity is a test split; published figures are means over the fifteen and the five severities.
#include <numeric>

#include "datasets/format_set.h"
#include "datasets/known/set_root.h"
#include "datasets/readers/arrays/mat_file.h"
#include "datasets/readers/arrays/npy_file.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/record_images.h"
#include "datasets/selection.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kClasses{"airplane", "automobile", "bird",  "cat",  "deer",
                                        "dog",      "frog",       "horse", "ship", "truck"};
const std::vector<std::string> kCorruptions{
    "gaussian_noise",    "shot_noise", "impulse_noise",   "defocus_blur", "glass_blur", "motion_blur",
    "zoom_blur",         "snow",       "frost",           "fog",          "brightness", "contrast",
    "elastic_transform", "pixelate",   "jpeg_compression"};
// Published for choosing settings; in the folder, and no part of the mean.
const std::vector<std::string> kSpare{"speckle_noise", "gaussian_blur", "spatter", "saturate"};
constexpr const char* kNewData = "cifar10.1_v6_data.npy";
constexpr const char* kNewLabels = "cifar10.1_v6_labels.npy";
constexpr int64_t kSeverities = 5;
constexpr int64_t kMostLabelBytes = int64_t{1} << 20;

// Pictures of 32x32 in a file, of which nothing is read yet.
RecordLayout layout_of(const fs::path& file) {
  try {
    const NpyFile array = open_npy(file);
    const std::vector<int64_t>& shape = array.head.shape;
    if (array.head.dtype != "U8" || array.head.fortran_order || shape.size() != 4 || shape[1] != 32 || shape[2] != 32 ||
        shape[3] != 3) {
      throw BadArrays("expected uint8 [N, 32, 32, 3] in C order");
    }
    return {.header = array.begin,
            .record = 3 * 32 * 32,
            .side_y = 32,
            .side_x = 32,
            .order = RecordLayout::Order::interleaved};
  } catch (const BadArrays& bad) {
    throw_bad_data(file, bad.what());
  }
}

std::vector<int32_t> labels_of(const fs::path& file) {
  try {
    std::vector<int32_t> out = integers_of("labels", read_npy(file, kMostLabelBytes));
    for (size_t i = 0; i < out.size(); ++i) {
      if (out[i] < 0 || out[i] >= static_cast<int32_t>(kClasses.size())) {
        throw BadArrays("image " + std::to_string(i) + " has label " + std::to_string(out[i]) + "; labels are 0 to 9");
      }
    }
    return out;
  } catch (const BadArrays& bad) {
    throw_bad_data(file, bad.what());
  }
}

std::shared_ptr<RecordImages> images_of(const fs::path& file, std::vector<int32_t> labels) {
  auto out = std::make_shared<RecordImages>(layout_of(file), kClasses);
  out->add(std::make_shared<const RecordFile>(file), std::move(labels));
  return out;
}

FolderContent test_alone() { return {.classes = kClasses, .tasks = {"classification"}, .present = {Split::test}}; }

FolderContent read_cifar10_1(const FormatRequest& request) {
  const auto root = set_root(request.folder, {"", "datasets"}, kNewData);
  if (!root) throw_bad_data(request.folder, std::string("holds no ") + kNewData);
  FolderContent out = test_alone();
  if (!request.wants(Split::test)) return out;
  const fs::path folder = request.folder / *root;
  out.add(Split::test, images_of(folder / kNewData, labels_of(folder / kNewLabels)));
  return out;
}

FolderContent read_cifar10_c(const FormatRequest& request) {
  FolderContent out = test_alone();
  if (!request.wants(Split::test)) return out;
  for (const std::string& corruption : kCorruptions) layout_of(request.folder / (corruption + ".npy"));
  const fs::path file = request.folder / (request.settings.text("corruption") + ".npy");
  const auto all = images_of(file, labels_of(request.folder / "labels.npy"));
  if (all->size() % kSeverities != 0) {
    throw_bad_data(file, "holds " + std::to_string(all->size()) + " images, which are no five severities");
  }
  std::vector<int64_t> chosen(static_cast<size_t>(all->size() / kSeverities));
  std::iota(chosen.begin(), chosen.end(),
            static_cast<int64_t>(chosen.size()) * (request.settings.integer("severity") - 1));
  out.add(Split::test, std::make_shared<Selection>(all, std::move(chosen)));
  return out;
}

std::vector<Option> corruption_options() {
  std::vector<std::string> names = kCorruptions;
  names.insert(names.end(), kSpare.begin(), kSpare.end());
  return {choice_option("corruption", names.front(), names, "what was done to the pictures"),
          integer_option("severity", 1, 1, kSeverities, "how strongly")};
}

DatasetEntry shifted(DatasetEntry entry) {
  entry.tasks = {"classification"};
  entry.image_size = 32;
  entry.classes = kClasses;
  entry.mean = {0.49139968f, 0.48215841f, 0.44653091f};  // of CIFAR-10, which the classifier was trained on
  entry.deviation = {0.24703223f, 0.24348513f, 0.26158784f};
  return entry;
}

const bool format_1 =
    Registry<FormatEntry>::add({.name = "cifar10_1",
                                .layout = "cifar10.1_v6_data.npy, cifar10.1_v6_labels.npy",
                                .rank = 10,
                                .fits = [](const fs::path& folder) { return fs::exists(folder / kNewData); },
                                .read = read_cifar10_1});
const bool format_c = Registry<FormatEntry>::add({.name = "cifar10_c",
                                                  .layout = "labels.npy, gaussian_noise.npy and the other corruptions",
                                                  .rank = 10,
                                                  .options = corruption_options(),
                                                  .fits =
                                                      [](const fs::path& folder) {
                                                        return fs::exists(folder / "labels.npy") &&
                                                               fs::exists(folder / "gaussian_noise.npy");
                                                      },
                                                  .read = read_cifar10_c});
const bool cifar10_1 = Registry<DatasetEntry>::add(
    format_set(shifted({.name = "cifar10_1",
                        .summary = "2,000 pictures of CIFAR-10's classes, drawn anew (v6); test only",
                        .source = "https://github.com/modestyachts/CIFAR-10.1 (the folder datasets)",
                        .licence = "MIT",
                        .format = "cifar10_1",
                        .expected = {{Split::test, 2'000}}})));
const bool cifar10_c = Registry<DatasetEntry>::add(
    format_set(shifted({.name = "cifar10_c",
                        .summary = "CIFAR-10's test pictures under 15 (19) corruptions of five severities; test only",
                        .source = "https://zenodo.org/record/2535967 (CIFAR-10-C.tar)",
                        .licence = "CC BY 4.0",
                        .format = "cifar10_c",
                        .expected = {{Split::test, 10'000}}}),
               corruption_options()));

}  // namespace
}  // namespace sslbench
