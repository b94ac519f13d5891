// SPDX-License-Identifier: Apache-2.0
// COCO's annotation files (https://cocodataset.org/#format-data).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "datasets/fault_counts.h"
#include "datasets/image.h"
#include "datasets/pictures/image_file.h"
#include "datasets/readers/coco/coco_mask.h"

namespace sslbench {

// One object's region: polygons, or the runs of a mask of the image's size.
struct CocoRegion {
  std::vector<std::vector<double>> polygons;
  std::vector<int64_t> runs;
  int32_t label = 0;
  bool crowd = false;  // pixels without class: a crowd, or the box of an object whose segmentation cannot be read
  double area = 0;
};

struct CocoImage {
  std::string file_name;
  int32_t height = 0, width = 0;
  std::vector<Box> boxes;  // crowds are `difficult`
  std::vector<CocoRegion> regions;
};

struct CocoFile {
  std::vector<std::string> classes;  // in the order of their ids, which may have gaps
  std::vector<CocoImage> images;     // in the order of the file
  bool has_regions = false;          // that could be read
};

// The size of a picture that a file names without saying it; none: it is not there.
using FindSize = std::function<std::optional<PictureSize>(const std::string& file_name)>;

// Reads a file of at most 2 GiB. Ids are whole numbers or texts. RunFailure(data) naming what
// is missing or wrong; faults of single annotations (unknown image or category, no area, ids used again, damaged
// regions) are counted.
CocoFile read_coco_json(const std::filesystem::path& file, FaultCounts& faults, const FindSize& find_size = {});

// Classes of pixels, 0 = background, label + 1 = class: small regions over large ones, crowds below all as no class.
// False when a region's runs do not fit the image.
bool paint_regions(const CocoImage& image, Mask& mask);

}  // namespace sslbench
