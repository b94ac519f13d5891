// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "datasets/image.h"

namespace sslbench {

// The EXIF orientation (tag 0x0112, 1 to 8; EXIF 2.3, section 4.6.4) of a JPEG's APP1 segment, a PNG's eXIf or a
// WebP's EXIF chunk, or a TIFF itself; 1 when there is none or the block is damaged.
int image_orientation(std::string_view bytes);

// The picture as it is meant to be seen: the same mapping as PIL's ImageOps.exif_transpose.
Image oriented(Image image, int orientation);

}  // namespace sslbench
