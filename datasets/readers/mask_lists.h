// SPDX-License-Identifier: Apache-2.0
// Segmentation folders: <split>.txt holds one pair of paths a line (image, mask), masks are PNG with one class number a
// pixel.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

// What mask values mean: 0 .. classes-1 are classes, `void_value` is no class (Mask::kIgnore), as is 255; any other
// value is RunFailure(data).
struct MaskFolder {
  std::filesystem::path folder;
  const std::vector<std::string>* classes = nullptr;  // outlives the source
  uint8_t void_value = Mask::kIgnore;
};

// Opens the pairs of <split>.txt; `limit` as in fixed_subset.
std::unique_ptr<DataSource> open_mask_lists(const MaskFolder& folder, Split split, int64_t limit);

// Decodes every pair of the three lists. RunFailure(data) at the first damage, or when an image and its mask differ in
// size; a pair in two lists is a fault.
Inspection inspect_mask_lists(const MaskFolder& folder);

}  // namespace sslbench
