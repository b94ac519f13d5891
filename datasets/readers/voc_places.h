// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
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

// Names of the objects in all annotations; the challenge's own order when they are its classes.
std::vector<std::string> find_voc_classes(const std::filesystem::path& folder, const std::vector<VocPlace>& places);

}  // namespace sslbench
