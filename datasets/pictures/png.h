// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "datasets/image.h"

namespace sslbench {

// Decodes a PNG picture to 8-bit RGB: palettes and gray expanded, alpha dropped, gamma left alone. `file` is for
// messages. RunFailure(data) when it is truncated, damaged or has more than kMaxImagePixels.
Image decode_png(std::string_view bytes, const std::filesystem::path& file);

// The stored numbers of a gray (at most 8 bits) or palette picture; any other kind is RunFailure(data).
Mask decode_png_mask(std::string_view bytes, const std::filesystem::path& file);

}  // namespace sslbench
