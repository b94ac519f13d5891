// SPDX-License-Identifier: Apache-2.0
// JPEG files of made-up pictures, in memory.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <jpeglib.h>

#include "datasets/image.h"
#include "suites/ground/random.h"

namespace sslbench {

struct JpegKind {
  J_COLOR_SPACE space = JCS_YCbCr;
  int across = 2, down = 2;  // luma samples a chroma sample
  bool progressive = false;
  unsigned restart = 0;  // blocks
  int quality = 90;
};

// Slopes, edges and a little noise.
inline Image made_up_picture(int height, int width, uint32_t number = 0) {
  Image out{height, width, {}};
  RandomStream stream(7, RandomUse::render, 1, number);
  const double phase = static_cast<double>(stream.uniform()) * 6, pitch = 9 + static_cast<double>(stream.below(30));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double wave = 60 * std::sin(x / pitch + phase) * std::cos(y / (pitch + 5));
      const int step = (x / 37 + y / 29) % 2 * 60;
      for (int c = 0; c < 3; ++c) {
        const double value = 90 + wave * (c == 1 ? -0.7 : 1) + (c == 2 ? 0 : step) + stream.below(9);
        out.pixels.push_back(static_cast<uint8_t>(std::fmin(255, std::fmax(0, value))));
      }
    }
  }
  return out;
}

inline std::string jpeg_bytes(const Image& image, const JpegKind& kind = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long bytes = 0;
  jpeg_mem_dest(&info, &memory, &bytes);
  info.image_height = static_cast<JDIMENSION>(image.height), info.image_width = static_cast<JDIMENSION>(image.width);
  const bool ink = kind.space == JCS_CMYK || kind.space == JCS_YCCK;
  info.input_components = ink ? 4 : 3;
  info.in_color_space = ink ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, kind.space);
  jpeg_set_quality(&info, kind.quality, TRUE);
  if (kind.space == JCS_YCbCr)
    info.comp_info[0].h_samp_factor = kind.across, info.comp_info[0].v_samp_factor = kind.down;
  info.restart_interval = kind.restart;
  if (kind.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  std::vector<uint8_t> row(static_cast<size_t>(image.width) * 4);
  while (info.next_scanline < info.image_height) {
    const uint8_t* from = image.pixels.data() + static_cast<size_t>(info.next_scanline) * image.width * 3;
    const size_t channels = static_cast<size_t>(info.input_components);
    for (size_t x = 0; x < static_cast<size_t>(image.width); ++x) {
      for (size_t c = 0; c < channels; ++c) row[x * channels + c] = c < 3 ? from[3 * x + c] : 200;
    }
    JSAMPROW rows = row.data();
    jpeg_write_scanlines(&info, &rows, 1);
  }
  jpeg_finish_compress(&info);
  std::string out(reinterpret_cast<char*>(memory), bytes);
  std::free(memory);
  jpeg_destroy_compress(&info);
  return out;
}

}  // namespace sslbench
