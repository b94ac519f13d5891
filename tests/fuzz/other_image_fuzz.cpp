// SPDX-License-Identifier: Apache-2.0
// WebP, TIFF, GIF and BMP.
#include "datasets/pictures/image_file.h"
#include "tests/fuzz/target.h"

namespace sslbench {
namespace {

std::string bytes_of(std::string_view hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

// One pixel.
constexpr const char* kGif = "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b";
constexpr const char* kWebp = "524946461a000000574542505650384c0d0000002f00000010071011118888fe0700";
// Two pixels of 24 bits.
constexpr const char* kBmp =
    "424d3e0000000000000036000000280000000200000001000000010018000000000008000000000000000000000000000000000000000302"
    "010605040000";
// Two gray pixels in one strip.
constexpr const char* kTiff =
    "49492a000800000008000001030001000000020000000101030001000000010000000201030001000000080000000301030001000000010000"
    "00"
    "060103000100000001000000110104000100000070000000160103000100000001000000170104000100000002000000000000000000"
    "4080";

const bool registered = Registry<FuzzTarget>::add(
    {.name = "other_image",
     .run = [](std::string_view bytes) { decode_image(bytes, "input"); },
     .seeds =
         [] {
           return std::vector{bytes_of(kGif), bytes_of(kWebp), bytes_of(kBmp), bytes_of(kTiff)};
         }});

}  // namespace
}  // namespace sslbench
