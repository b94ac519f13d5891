// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "datasets/image.h"

namespace sslbench {

// Decodes a JPEG picture to RGB (libjpeg-turbo: accurate DCT and fancy upsampling, as PIL does). `file` is for
// messages. RunFailure(data) when it is truncated, damaged or has more than kMaxImagePixels.
Image decode_jpeg(std::string_view bytes, const std::filesystem::path& file);

// Some pixels of a picture, in px of its full size, and how large they are decoded: eighths / 8 of full size.
struct JpegRegion {
  int32_t top = 0, left = 0, height = 0, width = 0;
  int eighths = 8;  // 1 to 8; libjpeg-turbo has vector code for 1, 2, 4 and 8
};

// `image` holds the region asked for and some pixels around it. Its first pixel is pixel (top, left) of the whole
// picture decoded at that size, and the region's pixels equal that picture's; those around it may differ.
struct JpegPart {
  Image image;
  int32_t top = 0, left = 0;
  int eighths = 8;
  int32_t height = 0, width = 0;  // of the whole picture at full size
};

using ChooseRegion = std::function<std::optional<JpegRegion>(int32_t height, int32_t width)>;

// Decodes the part that `choose` names when it is told the picture's size; false when it names none. What lies left or
// right of the part is not transformed, what lies below not even read, so that damage there is not seen. `out` keeps
// its memory.
bool decode_jpeg_part(std::string_view bytes, const std::filesystem::path& file, const ChooseRegion& choose,
                      JpegPart& out);

}  // namespace sslbench
