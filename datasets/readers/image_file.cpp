// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/image_file.h"

#include "datasets/readers/data_file.h"
#include "datasets/readers/jpeg.h"
#include "datasets/readers/png.h"

namespace sslbench {
namespace {

bool is_png(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1a\n"); }
bool is_jpeg(std::string_view bytes) { return bytes.starts_with("\xFF\xD8\xFF"); }

}  // namespace

Image read_image(const std::filesystem::path& file) {
  const std::string bytes = read_data_file(file, kMaxImageBytes);
  if (is_jpeg(bytes)) return decode_jpeg(bytes, file);
  if (is_png(bytes)) return decode_png(bytes, file);
  throw_bad_data(file, "neither a JPEG nor a PNG picture");
}

Mask read_mask(const std::filesystem::path& file) {
  const std::string bytes = read_data_file(file, kMaxImageBytes);
  if (!is_png(bytes)) throw_bad_data(file, "a mask must be a PNG picture");
  return decode_png_mask(bytes, file);
}

}  // namespace sslbench
