// SPDX-License-Identifier: Apache-2.0
// Cityscapes. Cordts et al.: "The Cityscapes Dataset for Semantic Urban Scene Understanding", CVPR 2016,
// arXiv:1604.01685. leftImg8bit/{train,val}/<city>/<name>_leftImg8bit.png and
// gtFine/{train,val}/<city>/<name>_gtFine_labelIds.png. Of the 34 ids in a mask 19 are trained on and counted, the
// others are no class (trainId 255 of the authors' labels.py). The masks of test are not published: val is the test
// split, as in published figures; the measure is the mean IoU.
#include "datasets/format_set.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/masked_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kClasses{
    "road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation", "terrain",
    "sky",  "person",   "rider",    "car",  "truck", "bus",  "train",         "motorcycle",   "bicycle"};
constexpr std::array<uint8_t, 19> kIds{7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33};
constexpr uint8_t kLastId = 33;
constexpr std::string_view kPicture = "_leftImg8bit.png", kMask = "_gtFine_labelIds.png";

MaskClasses meaning() {
  MaskClasses out{.names = kClasses};
  for (uint8_t id = 0; id <= kLastId; ++id) out.by_value[id] = Mask::kIgnore;
  for (size_t k = 0; k < kIds.size(); ++k) out.by_value[kIds[k]] = static_cast<uint8_t>(k);
  return out;
}

std::vector<FileItem> items_of(const fs::path& folder, const std::string& split, FaultCounts& faults) {
  const fs::path images = fs::path("leftImg8bit") / split, masks = fs::path("gtFine") / split;
  std::vector<FileItem> out;
  for (const std::string& city : folders_in(folder / images)) {
    for (const std::string& name : files_in(folder / images / city)) {
      if (!name.ends_with(kPicture)) continue;
      const std::string mask = name.substr(0, name.size() - kPicture.size()) + std::string(kMask);
      if (has_file(folder / masks / city / mask)) {
        out.push_back(
            {.image = (images / city / name).generic_string(), .mask = (masks / city / mask).generic_string()});
      } else {
        faults.add("images without mask, left out", name);
      }
    }
  }
  if (out.empty()) {
    throw_bad_data(folder / images,
                   "holds no picture <city>/<name>_leftImg8bit.png whose mask is "
                   "gtFine/" +
                       split + "/<city>/<name>_gtFine_labelIds.png; unpack both archives, " +
                       "leftImg8bit_trainvaltest.zip and gtFine_trainvaltest.zip");
  }
  return out;
}

FolderContent read_cityscapes(const FormatRequest& request) {
  FolderContent out{.classes = kClasses, .tasks = {"segmentation"}, .present = {Split::train, Split::val}};
  for (const Split split : {Split::train, Split::val}) {
    if (!request.wants(split)) continue;
    out.add(split,
            std::make_shared<MaskedItems>(
                request.folder, items_of(request.folder, std::string(split_name(split)), out.faults), meaning()));
  }
  return out;
}

const bool registered =
    Registry<FormatEntry>::add(
        {.name = "cityscapes",
         .layout = "leftImg8bit/{train,val}/<city>/, gtFine/{train,val}/<city>/*_gtFine_labelIds.png",
         .rank = 10,
         .archives = {.files = {{"leftImg8bit_trainvaltest.zip", ""}, {"gtFine_trainvaltest.zip", ""}}},
         .fits =
             [](const fs::path& folder) {
               // The same folders hold sets with other ids.
               return fs::exists(folder / "leftImg8bit/val/frankfurt") && fs::exists(folder / "gtFine/train");
             },
         .read = read_cityscapes}) &&
    Registry<DatasetEntry>::add(format_set(
        {.name = "cityscapes",
         .summary = "3,475 street scenes of 2048x1024 with 19 classes; val is the test split",
         .source = "https://www.cityscapes-dataset.com (leftImg8bit_trainvaltest.zip, gtFine_trainvaltest.zip)",
         .licence = "non-commercial, after registration",
         .tasks = {"segmentation"},
         .image_size = 2048,
         .classes = kClasses,
         .mean = kImagenetMean,
         .deviation = kImagenetDeviation,
         .format = "cityscapes",
         .expected = {{Split::train, 2'975}, {Split::val, 500}}}));

}  // namespace
}  // namespace sslbench
