// SPDX-License-Identifier: Apache-2.0
// ADE20K, the benchmark of 150 classes (SceneParse150). Zhou et al.: "Scene Parsing through ADE20K Dataset", CVPR 2017.
// ADEChallengeData2016/{images,annotations}/{training,validation}/ADE_train_00000001.{jpg,png}. In a mask 0 is whatever
// is none of the classes and is not counted, 1 to 150 are the classes of objectInfo150.txt (here by their first names).
// Published figures are those of validation, which is the test split; the measure is the mean IoU.
#include <set>

#include "datasets/format_set.h"
#include "datasets/known/set_root.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/masked_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kClasses{"wall",
                                        "building",
                                        "sky",
                                        "floor",
                                        "tree",
                                        "ceiling",
                                        "road",
                                        "bed",
                                        "windowpane",
                                        "grass",
                                        "cabinet",
                                        "sidewalk",
                                        "person",
                                        "earth",
                                        "door",
                                        "table",
                                        "mountain",
                                        "plant",
                                        "curtain",
                                        "chair",
                                        "car",
                                        "water",
                                        "painting",
                                        "sofa",
                                        "shelf",
                                        "house",
                                        "sea",
                                        "mirror",
                                        "rug",
                                        "field",
                                        "armchair",
                                        "seat",
                                        "fence",
                                        "desk",
                                        "rock",
                                        "wardrobe",
                                        "lamp",
                                        "bathtub",
                                        "railing",
                                        "cushion",
                                        "base",
                                        "box",
                                        "column",
                                        "signboard",
                                        "chest of drawers",
                                        "counter",
                                        "sand",
                                        "sink",
                                        "skyscraper",
                                        "fireplace",
                                        "refrigerator",
                                        "grandstand",
                                        "path",
                                        "stairs",
                                        "runway",
                                        "case",
                                        "pool table",
                                        "pillow",
                                        "screen door",
                                        "stairway",
                                        "river",
                                        "bridge",
                                        "bookcase",
                                        "blind",
                                        "coffee table",
                                        "toilet",
                                        "flower",
                                        "book",
                                        "hill",
                                        "bench",
                                        "countertop",
                                        "stove",
                                        "palm",
                                        "kitchen island",
                                        "computer",
                                        "swivel chair",
                                        "boat",
                                        "bar",
                                        "arcade machine",
                                        "hovel",
                                        "bus",
                                        "towel",
                                        "light",
                                        "truck",
                                        "tower",
                                        "chandelier",
                                        "awning",
                                        "streetlight",
                                        "booth",
                                        "television receiver",
                                        "airplane",
                                        "dirt track",
                                        "apparel",
                                        "pole",
                                        "land",
                                        "bannister",
                                        "escalator",
                                        "ottoman",
                                        "bottle",
                                        "buffet",
                                        "poster",
                                        "stage",
                                        "van",
                                        "ship",
                                        "fountain",
                                        "conveyer belt",
                                        "canopy",
                                        "washer",
                                        "plaything",
                                        "swimming pool",
                                        "stool",
                                        "barrel",
                                        "basket",
                                        "waterfall",
                                        "tent",
                                        "bag",
                                        "minibike",
                                        "cradle",
                                        "oven",
                                        "ball",
                                        "food",
                                        "step",
                                        "tank",
                                        "trade name",
                                        "microwave",
                                        "pot",
                                        "animal",
                                        "bicycle",
                                        "lake",
                                        "dishwasher",
                                        "screen",
                                        "blanket",
                                        "sculpture",
                                        "hood",
                                        "sconce",
                                        "vase",
                                        "traffic light",
                                        "tray",
                                        "ashcan",
                                        "fan",
                                        "pier",
                                        "crt screen",
                                        "plate",
                                        "monitor",
                                        "bulletin board",
                                        "shower",
                                        "radiator",
                                        "glass",
                                        "clock",
                                        "flag"};

std::optional<fs::path> root_of(const fs::path& folder) {
  return set_root(folder, {"", "ADEChallengeData2016"}, "annotations/training");
}

MaskClasses meaning() {
  MaskClasses out{.names = kClasses, .by_value = {{uint8_t{0}, Mask::kIgnore}}};
  for (size_t k = 0; k < kClasses.size(); ++k) out.by_value[static_cast<uint8_t>(k + 1)] = static_cast<uint8_t>(k);
  return out;
}

// Pictures of a part that have a mask.
std::vector<FileItem> items_of(const fs::path& folder, const fs::path& root, const std::string& part,
                               FaultCounts& faults) {
  const fs::path images = root / "images" / part, masks = root / "annotations" / part;
  const std::vector<std::string> names = files_in(folder / masks);
  const std::set<std::string> there(names.begin(), names.end());
  std::vector<FileItem> out;
  for (const std::string& name : files_in(folder / images)) {
    if (!is_picture_name(name)) continue;
    const std::string mask = fs::path(name).replace_extension(".png").string();
    if (there.contains(mask)) {
      out.push_back({.image = (images / name).generic_string(), .mask = (masks / mask).generic_string()});
    } else {
      faults.add("images without mask, left out", name);
    }
  }
  if (out.empty()) throw_bad_data(folder / images, "holds no picture that has a mask in annotations/" + part);
  return out;
}

FolderContent read_ade20k(const FormatRequest& request) {
  const auto root = root_of(request.folder);
  if (!root) throw_bad_data(request.folder, "holds no annotations/training/, as ADEChallengeData2016.zip unpacks");
  FolderContent out{.classes = kClasses, .tasks = {"segmentation"}, .present = {Split::train, Split::val}};
  for (const Split split : {Split::train, Split::val}) {
    if (!request.wants(split)) continue;
    const std::string part = split == Split::train ? "training" : "validation";
    out.add(split, std::make_shared<MaskedItems>(request.folder, items_of(request.folder, *root, part, out.faults),
                                                 meaning()));
  }
  return out;
}

const bool registered =
    Registry<FormatEntry>::add({.name = "ade20k",
                                .layout = "objectInfo150.txt, images/training/, annotations/training/, .../validation/",
                                .rank = 10,
                                .fits =
                                    [](const fs::path& folder) {
                                      const auto root = root_of(folder);
                                      return root && fs::exists(folder / *root / "objectInfo150.txt");
                                    },
                                .read = read_ade20k}) &&
    Registry<DatasetEntry>::add(
        format_set({.name = "ade20k",
                    .summary = "22,210 scenes with 150 classes, one for every pixel; validation is the test split",
                    .source = "http://sceneparsing.csail.mit.edu (ADEChallengeData2016.zip)",
                    .licence = "research only; annotations BSD-3-Clause",
                    .tasks = {"segmentation"},
                    .image_size = 683,
                    .classes = kClasses,
                    .mean = kImagenetMean,
                    .deviation = kImagenetDeviation,
                    .format = "ade20k",
                    .expected = {{Split::train, 20'210}, {Split::val, 2'000}}}));

}  // namespace
}  // namespace sslbench
