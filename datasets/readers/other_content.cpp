// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "datasets/pictures/other_pictures.h"
#include "datasets/readers/file_items.h"

namespace sslbench {

std::string other_content(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.empty()) return "is empty";
  const auto unread = [](const std::string& kind) {
    return "is " + kind + ", which is not read; convert it to JPEG or PNG";
  };
  if (bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp") {
    const bool avif = bytes.substr(8, 4) == "avif" || bytes.substr(8, 4) == "avis";
    const bool still = avif || bytes.substr(8, 2) == "he" || bytes.substr(8, 2) == "mi" || bytes.substr(8, 2) == "ms";
    return unread(avif ? "an AVIF picture" : still ? "a HEIC picture" : "a film");
  }
  static constexpr std::array kKinds{std::pair("\0\0\0\x0CjP  "sv, "a JPEG 2000 picture"),
                                     std::pair("\xFF\x4F\xFF\x51"sv, "a JPEG 2000 picture"),
                                     std::pair("\0\0\0\x0CJXL "sv, "a JPEG XL picture"),
                                     std::pair("\xFF\x0A"sv, "a JPEG XL picture"),
                                     std::pair("8BPS"sv, "a Photoshop file"),
                                     std::pair("\x76\x2F\x31\x01"sv, "an OpenEXR picture"),
                                     std::pair("P5"sv, "a netpbm picture"),
                                     std::pair("P6"sv, "a netpbm picture"),
                                     std::pair("%PDF"sv, "a PDF document"),
                                     std::pair("PK\x03\x04"sv, "a zip archive"),
                                     std::pair("\x93NUMPY"sv, "a NumPy array"),
                                     std::pair("\x89HDF"sv, "an HDF5 file")};
  for (const auto& [begin, kind] : kKinds) {
    if (bytes.starts_with(begin)) return unread(kind);
  }
  const std::string begin = lower_case(std::string(bytes.substr(0, 300)));
  if (begin.find("<svg") != std::string::npos) return unread("an SVG drawing");
  if (begin.find("<html") != std::string::npos || begin.find("<!doctype html") != std::string::npos) {
    return "is a web page; what was to be downloaded was not";
  }
  return "is no JPEG, PNG, WebP, TIFF, GIF or BMP picture";
}

}  // namespace sslbench
