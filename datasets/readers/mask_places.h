// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>

#include "datasets/data_source.h"

namespace sslbench {

// Pictures and masks of one split, below the set's folder.
struct MaskPlace {
  std::filesystem::path images, masks;
};

// images/train + masks/train, train/images + train/masks, images + masks (all is train), or train + trainannot,
// train_masks and the like; folders may be called in several ways.
std::map<Split, MaskPlace> find_mask_places(const std::filesystem::path& folder);

}  // namespace sslbench
