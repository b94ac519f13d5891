// SPDX-License-Identifier: Apache-2.0
// Pictures that are neither JPEG nor PNG; of several in a file (animations, pages) the first. Each gives what PIL's
// convert("RGB") gives, alpha dropped. `file` is for messages. RunFailure(data) when it is truncated, damaged or has
// more than kMaxImagePixels, which is told before memory is taken.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "datasets/image.h"

namespace sslbench {

bool is_webp(std::string_view bytes);
bool is_tiff(std::string_view bytes);
bool is_gif(std::string_view bytes);
bool is_bmp(std::string_view bytes);

Image decode_webp(std::string_view bytes, const std::filesystem::path& file);
// Samples of 16 bits are rounded to 8 by libtiff.
Image decode_tiff(std::string_view bytes, const std::filesystem::path& file);
// Where the first frame does not cover the picture, its transparent colour does (else the palette's first).
Image decode_gif(std::string_view bytes, const std::filesystem::path& file);
// Not run-length coded.
Image decode_bmp(std::string_view bytes, const std::filesystem::path& file);

// What a file is that is no picture which is read, by its first bytes, and what to do: "is a HEIC picture, ...".
std::string other_content(std::string_view bytes);

}  // namespace sslbench
