// SPDX-License-Identifier: Apache-2.0
// Picture files to RGB pictures and masks.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "datasets/image.h"

namespace sslbench {

inline constexpr int64_t kMaxImageBytes = int64_t{1} << 30;   // of a compressed file
inline constexpr int64_t kMaxImagePixels = int64_t{1} << 27;  // of a decoded picture; more is refused before decoding

// Decodes a JPEG, PNG, WebP, TIFF, GIF or BMP, told apart by its first bytes, to what PIL's convert("RGB") gives: gray
// becomes three equal channels, a palette its colours, alpha and transparency are dropped (not blended), CMYK and YCCK
// of a JPEG are taken as inverted, as Adobe writes them, and converted without a colour profile, of 16 bits the high
// byte is kept (PIL does so for colour; its 16-bit gray, cut off at 255, is not copied). `as_meant` turns the picture
// by its EXIF orientation (as ImageOps.exif_transpose). RunFailure(data) naming `file` when it is truncated, damaged,
// too large or of another format.
Image decode_image(std::string_view bytes, const std::filesystem::path& file, bool as_meant = true);

struct PictureSize {
  int32_t height = 0, width = 0;
};

// The size of a picture as decode_image() gives it; of a JPEG or PNG without decoding it.
PictureSize picture_size(std::string_view bytes, const std::filesystem::path& file, bool as_meant = true);

// The same from a file.
Image read_image(const std::filesystem::path& file);

// The bytes of an image file; RunFailure(data) when it is missing or too large.
std::string read_image_bytes(const std::filesystem::path& file);

// Decodes the mask of read_mask() from bytes.
Mask decode_mask(std::string_view bytes, const std::filesystem::path& file);

// Reads a PNG whose pixels are class numbers: gray of at most 8 bits as stored, or palette indices (not their colours).
Mask read_mask(const std::filesystem::path& file);

}  // namespace sslbench
