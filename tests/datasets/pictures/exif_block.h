// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// An APP1 segment with the orientation, in either byte order.
inline std::string exif_segment(int orientation, bool big) {
  const auto number = [&](unsigned value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * (big ? bytes - 1 - i : i));
    return out;
  };
  const std::string tiff = std::string(big ? "MM" : "II") + number(42, 2) + number(8, 4) + number(1, 2) +
                           number(0x112, 2) + number(3, 2) + number(1, 4) +
                           number(static_cast<unsigned>(orientation), 2) + number(0, 2) + number(0, 4);
  const std::string payload = std::string("Exif\0\0", 6) + tiff;
  const auto length = static_cast<unsigned>(payload.size() + 2);
  return std::string("\xFF\xE1") + static_cast<char>(length >> 8) + static_cast<char>(length & 255) + payload;
}

}  // namespace sslbench
