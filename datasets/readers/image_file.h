// SPDX-License-Identifier: Apache-2.0
// JPEG and PNG files to RGB pictures and masks.
#pragma once

#include <filesystem>

#include "datasets/image.h"

namespace sslbench {

inline constexpr int64_t kMaxImageBytes = int64_t{1} << 30;   // of a compressed file
inline constexpr int64_t kMaxImagePixels = int64_t{1} << 27;  // of a decoded picture; more is refused before decoding

// Reads a JPEG or PNG file, told apart by their first bytes. Gray becomes three equal channels, a palette its colours;
// alpha is dropped, 16 bits are scaled to 8, CMYK is converted without a colour profile. RunFailure(data) naming the
// file when it is missing, truncated, damaged, too large or of another format.
Image read_image(const std::filesystem::path& file);

// Reads a PNG whose pixels are class numbers: gray of at most 8 bits as stored, or palette indices (not their colours).
Mask read_mask(const std::filesystem::path& file);

}  // namespace sslbench
