// SPDX-License-Identifier: Apache-2.0
// What the values or colours of masks mean, as a file of classes says.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "datasets/image.h"

namespace sslbench {

struct MaskClasses {
  std::vector<std::string> names;
  std::map<uint32_t, uint8_t> by_colour;  // 0xRRGGBB -> class, or Mask::kIgnore; empty: masks hold numbers
  std::map<uint8_t, uint8_t> by_value;    // stored number -> class, or Mask::kIgnore
};

// Reads lines `name`, `number name`, `name r g b` or `r g b name` (blanks, tabs or commas between; a line of column
// names and comments after # are skipped), or CVAT's `name:r,g,b:parts:actions`. A class named void, ignore, ignored,
// unlabelled, unlabeled or __ignore__ is no class. RunFailure(data) naming the line.
MaskClasses read_mask_classes(const std::filesystem::path& file);

// Classes `class 0` .. for the numbers 0 .. most.
MaskClasses numbered_mask_classes(int most);

// Reads a mask file as class numbers; 255 is no class. RunFailure(data) naming the first pixel whose value or colour
// has no meaning.
Mask read_class_mask(const std::filesystem::path& file, const MaskClasses& classes);

}  // namespace sslbench
