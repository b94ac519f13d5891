// SPDX-License-Identifier: Apache-2.0
#include "datasets/pictures/image_file.h"

#include <optional>
#include <utility>

#include "datasets/pictures/jpeg.h"
#include "datasets/pictures/orientation.h"
#include "datasets/pictures/other_pictures.h"
#include "datasets/pictures/png.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

bool is_png(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1a\n"); }
bool is_jpeg(std::string_view bytes) { return bytes.starts_with("\xFF\xD8\xFF"); }

// Of IHDR, which begins every PNG.
PictureSize png_size(std::string_view bytes, const std::filesystem::path& file) {
  if (bytes.size() < 24) throw_bad_data(file, "damaged or unfit PNG: the file ends early");
  const auto number = [&](size_t at) {
    uint32_t value = 0;
    for (size_t k = 0; k < 4; ++k) value = value << 8 | static_cast<uint8_t>(bytes[at + k]);
    return static_cast<int32_t>(value & INT32_MAX);
  };
  return {number(20), number(16)};
}

Image decode_stored(std::string_view bytes, const std::filesystem::path& file) {
  if (is_jpeg(bytes)) return decode_jpeg(bytes, file);
  if (is_png(bytes)) return decode_png(bytes, file);
  if (is_webp(bytes)) return decode_webp(bytes, file);
  if (is_tiff(bytes)) return decode_tiff(bytes, file);
  if (is_gif(bytes)) return decode_gif(bytes, file);
  if (is_bmp(bytes)) return decode_bmp(bytes, file);
  throw_bad_data(file, other_content(bytes));
}

}  // namespace

Image decode_image(std::string_view bytes, const std::filesystem::path& file, bool as_meant) {
  return oriented(decode_stored(bytes, file), as_meant ? image_orientation(bytes) : 1);
}

PictureSize picture_size(std::string_view bytes, const std::filesystem::path& file, bool as_meant) {
  PictureSize size;
  if (is_jpeg(bytes)) {
    JpegPart none;
    decode_jpeg_part(
        bytes, file, [](int32_t, int32_t) { return std::optional<JpegRegion>(); }, none);
    size = {none.height, none.width};
  } else if (is_png(bytes)) {
    size = png_size(bytes, file);
  } else {
    const Image image = decode_stored(bytes, file);
    size = {image.height, image.width};
  }
  if (as_meant && image_orientation(bytes) >= 5) std::swap(size.height, size.width);
  return size;
}

std::string read_image_bytes(const std::filesystem::path& file) { return read_data_file(file, kMaxImageBytes); }

Image read_image(const std::filesystem::path& file) { return decode_image(read_image_bytes(file), file); }

Mask decode_mask(std::string_view bytes, const std::filesystem::path& file) {
  if (!is_png(bytes)) throw_bad_data(file, "a mask must be a PNG picture");
  return decode_png_mask(bytes, file);
}

Mask read_mask(const std::filesystem::path& file) { return decode_mask(read_image_bytes(file), file); }

}  // namespace sslbench
