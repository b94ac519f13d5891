// SPDX-License-Identifier: Apache-2.0
#include "datasets/pictures/orientation.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sslbench {
namespace {

// Unsigned number of `count` bytes; nothing when it lies outside.
std::optional<uint32_t> number(std::string_view bytes, size_t at, size_t count, bool big) {
  if (at > bytes.size() || bytes.size() - at < count) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto byte = static_cast<uint8_t>(bytes[at + (big ? i : count - 1 - i)]);
    value = value << 8 | byte;
  }
  return value;
}

// The tag in the first directory of a TIFF block.
int tiff_orientation(std::string_view tiff) {
  constexpr uint32_t kOrientation = 0x0112, kShort = 3;
  const bool big = tiff.starts_with("MM");
  if (!big && !tiff.starts_with("II")) return 1;
  const auto directory = number(tiff, 4, 4, big);
  const auto entries = directory ? number(tiff, *directory, 2, big) : std::nullopt;
  for (uint32_t i = 0; entries && i < *entries; ++i) {
    const size_t at = size_t{*directory} + 2 + size_t{12} * i;
    const auto tag = number(tiff, at, 2, big), type = number(tiff, at + 2, 2, big),
               value = number(tiff, at + 8, 2, big);
    if (!value) return 1;
    if (*tag == kOrientation && *type == kShort) return *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
  }
  return 1;
}

int jpeg_orientation(std::string_view bytes) {
  constexpr std::string_view kExif("Exif\0\0", 6);
  for (size_t at = 2; at + 4 <= bytes.size() && bytes[at] == '\xFF';) {
    const auto marker = static_cast<uint8_t>(bytes[at + 1]);
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) return 1;  // pixels begin
    const size_t length = *number(bytes, at + 2, 2, true);
    if (length < 2) return 1;
    const std::string_view payload = bytes.substr(at + 4, length - 2);
    if (marker == 0xE1 && payload.starts_with(kExif)) return tiff_orientation(payload.substr(kExif.size()));
    at += 2 + length;
  }
  return 1;
}

int png_orientation(std::string_view bytes) {
  for (size_t at = 8; at + 12 <= bytes.size();) {
    const size_t length = *number(bytes, at, 4, true);
    const std::string_view kind = bytes.substr(at + 4, 4);
    if (kind == "IEND") return 1;
    if (kind == "eXIf") return tiff_orientation(bytes.substr(at + 8, length));
    at += 12 + length;
  }
  return 1;
}

int webp_orientation(std::string_view bytes) {
  constexpr std::string_view kExif("Exif\0\0", 6);  // some programs write JPEG's prefix, too
  for (size_t at = 12; at + 8 <= bytes.size();) {
    const size_t length = *number(bytes, at + 4, 4, false);
    if (bytes.substr(at, 4) == "EXIF") {
      std::string_view block = bytes.substr(at + 8, length);
      if (block.starts_with(kExif)) block.remove_prefix(kExif.size());
      return tiff_orientation(block);
    }
    at += 8 + length + length % 2;
  }
  return 1;
}

}  // namespace

int image_orientation(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8")) return jpeg_orientation(bytes);
  if (bytes.starts_with("\x89PNG")) return png_orientation(bytes);
  if (bytes.starts_with("RIFF")) return webp_orientation(bytes);
  return tiff_orientation(bytes);
}

Image oriented(Image image, int orientation) {
  if (orientation <= 1) return image;
  const bool turned = orientation >= 5;
  Image out{turned ? image.width : image.height, turned ? image.height : image.width, {}};
  out.pixels.resize(image.pixels.size());
  const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  size_t to = 0;
  for (int32_t y = 0; y < out.height; ++y) {
    for (int32_t x = 0; x < out.width; ++x, to += 3) {
      const int32_t u = turned ? y : x, v = turned ? x : y;  // column and row of the source, before its flips
      const int32_t column = flip_x ? image.width - 1 - u : u, row = flip_y ? image.height - 1 - v : v;
      const size_t from =
          3 * (static_cast<size_t>(row) * static_cast<size_t>(image.width) + static_cast<size_t>(column));
      std::copy_n(&image.pixels[from], 3, &out.pixels[to]);
    }
  }
  return out;
}

}  // namespace sslbench
