// SPDX-License-Identifier: Apache-2.0
// COCO's two files: the truth (images, categories, annotations) and a list of results.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suites/metrics/coco_ap.h"

namespace sslbench {

enum class CocoKind { boxes, masks };  // bbox, segm

// Reads both files. UserError naming the file, the entry and the key that is wrong.
CocoInput read_coco(const std::filesystem::path& truth, const std::filesystem::path& predictions, CocoKind kind,
                    size_t threads = 1);

// A mask as COCO writes it for a picture of height x width: polygons, run lengths as a list, or a compressed string.
RunLengthMask mask_from_json(const nlohmann::json& segmentation, int64_t height, int64_t width);

struct CocoPicture {
  int64_t id = 0, height = 0, width = 0;
  std::string name;
};

// The two files of boxes, such that reading them gives the same numbers to the last bit. `categories`: names, in the
// order of input.categories.
std::string coco_truth_text(const CocoInput& input, const std::vector<CocoPicture>& pictures,
                            const std::vector<std::string>& categories);
std::string coco_results_text(const std::vector<CocoDetection>& detections);

}  // namespace sslbench
