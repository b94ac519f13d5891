// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/image_file.h"

#include "datasets/readers/data_file.h"
#include "datasets/readers/jpeg.h"
#include "datasets/readers/orientation.h"
#include "datasets/readers/png.h"

namespace sslbench {
namespace {

bool is_png(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1a\n"); }
bool is_jpeg(std::string_view bytes) { return bytes.starts_with("\xFF\xD8\xFF"); }

}  // namespace

Image decode_image(std::string_view bytes, const std::filesystem::path& file, bool as_meant) {
  const int orientation = as_meant ? image_orientation(bytes) : 1;
  if (is_jpeg(bytes)) return oriented(decode_jpeg(bytes, file), orientation);
  if (is_png(bytes)) return oriented(decode_png(bytes, file), orientation);
  throw_bad_data(file, bytes.empty() ? "is empty" : "neither a JPEG nor a PNG picture");
}

std::string read_image_bytes(const std::filesystem::path& file) { return read_data_file(file, kMaxImageBytes); }

Image read_image(const std::filesystem::path& file) { return decode_image(read_image_bytes(file), file); }

Mask decode_mask(std::string_view bytes, const std::filesystem::path& file) {
  if (!is_png(bytes)) throw_bad_data(file, "a mask must be a PNG picture");
  return decode_png_mask(bytes, file);
}

Mask read_mask(const std::filesystem::path& file) { return decode_mask(read_image_bytes(file), file); }

}  // namespace sslbench
