// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "datasets/image.h"

namespace sslbench {

// Decodes a JPEG picture to RGB (libjpeg-turbo: accurate DCT and fancy upsampling, as PIL does). `file` is for
// messages. RunFailure(data) when it is truncated, damaged or has more than kMaxImagePixels.
Image decode_jpeg(std::string_view bytes, const std::filesystem::path& file);

}  // namespace sslbench
