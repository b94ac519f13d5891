// SPDX-License-Identifier: Apache-2.0
// Pictures of the report: sample images with boxes and masks drawn in, as PNG.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/record/record.h"

namespace sslbench {

// RGB, uint8, row-major HWC.
struct Picture {
  int32_t height = 0, width = 0;
  std::vector<uint8_t> rgb;
};

// The image, enlarged `times` by repeating pixels.
Picture picture_of(const SamplePicture& sample, int times);

// A frame inside the picture's edge, two pixels dark and two white: it shows on every picture.
void draw_frame(Picture& picture);

// Draws the outline of a box given in pixels of the sample, in the palette colour of its label on a dark edge.
void draw_box(Picture& picture, const SampleBox& box, int times);

// Mixes the palette colour of each class into the picture at the given share; 255 and `clear` stay as they are;
// classes behind `clear` have the colour of the one before, as where there is no such class.
void blend_mask(Picture& picture, const Sample& sample, const std::vector<uint8_t>& mask, int times, double share,
                int clear = 255);

// Pictures beside each other with a gap, centred on white; as tall as the tallest.
Picture side_by_side(const std::vector<Picture>& pictures, int gap);
// Above each other, to the left on white; as wide as the widest.
Picture stacked(const std::vector<Picture>& pictures, int gap);

// PNG bytes, the same for the same picture. InternalError when libpng fails.
std::string png_bytes(const Picture& picture);

}  // namespace sslbench
