// SPDX-License-Identifier: Apache-2.0
#include "datasets/packed/png_writer.h"

#include <png.h>

#include "suites/ground/error.h"

namespace sslbench {

std::string gray_png(const Mask& mask) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(mask.width), image.height = static_cast<png_uint_32>(mask.height);
  image.format = PNG_FORMAT_GRAY;
  png_alloc_size_t bytes = 0;
  require(png_image_write_to_memory(&image, nullptr, &bytes, 0, mask.labels.data(), 0, nullptr) != 0, image.message);
  std::string out(bytes, '\0');
  require(png_image_write_to_memory(&image, out.data(), &bytes, 0, mask.labels.data(), 0, nullptr) != 0, image.message);
  out.resize(bytes);
  return out;
}

}  // namespace sslbench
