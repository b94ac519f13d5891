// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "suites/metrics/coco_file.h"

namespace sslbench {

// COCO's twelve numbers and AP by category: {"stats": {...}, "per_category": {"<id>": {"AP", "AP50"}}}.
nlohmann::json score_detection(const std::filesystem::path& truth, const std::filesystem::path& predictions,
                               CocoKind kind, std::array<int, 3> max_dets);

}  // namespace sslbench
