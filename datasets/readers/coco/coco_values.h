// SPDX-License-Identifier: Apache-2.0
// Values of COCO's annotation files in the forms in which programs write them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "datasets/readers/coco/coco_json.h"

namespace sslbench {

// An id as text: "7" for 7, 7.0 and "7"; none for anything else.
std::optional<std::string> coco_id(const nlohmann::json& id);

// Numbers before texts, numbers by value.
struct CocoIdOrder {
  bool operator()(const std::string& a, const std::string& b) const;
};

// Adds the polygons of a segmentation; those of fewer than three points are counted and left out one by one, as
// detectron2 does, and a flat list of numbers is one polygon. False when none is left.
bool read_coco_polygons(const nlohmann::json& shape, const std::string& where, FaultCounts& faults, CocoRegion& region);

// Takes the runs of a segmentation; false when they do not cover a picture of that size exactly.
bool read_coco_runs(const nlohmann::json& shape, int32_t height, int32_t width, CocoRegion& region);

}  // namespace sslbench
