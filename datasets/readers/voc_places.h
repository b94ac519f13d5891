// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

// Pictures and the folder of their annotations, below the set's.
struct VocPlace {
  std::filesystem::path images, annotations;
  std::optional<Split> split;  // none: lists say
};

// JPEGImages and Annotations; images and annotations, splits inside or around them; or pictures and annotations side by
// side in folders of splits or all in one. Reads the beginning of an annotation.
std::vector<VocPlace> find_voc_places(const std::filesystem::path& folder);

// All *.xml below a folder, sorted.
std::vector<std::filesystem::path> voc_annotations_below(const std::filesystem::path& folder);

}  // namespace sslbench
