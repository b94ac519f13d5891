// SPDX-License-Identifier: Apache-2.0
// bccd: blood cells with boxes, in the Pascal VOC layout.
#include "datasets/readers/pascal_voc.h"

namespace sslbench {
namespace {

const std::vector<std::string> kClasses{"RBC", "WBC", "Platelets"};

std::unique_ptr<DataSource> open_bccd(const Settings& settings, const OpenRequest& request) {
  const std::string train = settings.text("train_split");
  const int64_t train_images = settings.integer("train_images"), test_images = settings.integer("test_images");
  switch (request.split) {
    case Split::train: return open_voc(request.folder, train, kClasses, train_images);
    case Split::test: return open_voc(request.folder, "test", kClasses, test_images);
    case Split::val: break;
  }
  if (train == "trainval") {
    throw UserError("dataset 'bccd': val is part of train; set train_split = \"train\" to keep it apart");
  }
  return open_voc(request.folder, "val", kClasses, 0);
}

const bool registered = Registry<DatasetEntry>::add(
    {.name = "bccd",
     .summary = "364 microscope pictures of blood with 4,886 boxes of red cells, white cells and platelets",
     .source = "https://github.com/Shenggan/BCCD_Dataset (the folder BCCD)",
     .licence = "MIT",
     .tasks = {"detection"},
     .image_size = 640,
     .classes = kClasses,
     .mean = {0.485f, 0.456f, 0.406f},  // ImageNet's
     .deviation = {0.229f, 0.224f, 0.225f},
     .options = {choice_option("train_split", "trainval", {"trainval", "train"}, "the list that train is read from"),
                 integer_option("train_images", 0, 0, 1e6, "pictures of train, taken in a fixed random order; 0 = all"),
                 integer_option("test_images", 0, 0, 1e6, "pictures of test, taken in a fixed random order; 0 = all")},
     .open = open_bccd,
     .inspect = [](const std::filesystem::path& folder) {
       return inspect_voc(folder, {"train", "val", "test"}, kClasses);
     }});

}  // namespace
}  // namespace sslbench
