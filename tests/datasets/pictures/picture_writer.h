// SPDX-License-Identifier: Apache-2.0
// Writes the small pictures that reader tests read back.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <jpeglib.h>
#include <png.h>

namespace sslbench {

struct PngKind {
  std::vector<png_color> palette = {};  // red, green, blue of every entry
  std::vector<uint8_t> opacity = {};    // tRNS: of the first entries of the palette
  bool interlaced = false;
};

// `rows` as PNG stores them: packed below 8 bits, big-endian at 16.
inline void write_png(const std::filesystem::path& file, int height, int width, int colour_type, int bits,
                      std::vector<uint8_t> rows, const PngKind& kind = {}) {
  std::FILE* stream = std::fopen(file.c_str(), "wb");
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, stream);
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), bits, colour_type,
               kind.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (!kind.palette.empty()) png_set_PLTE(png, info, kind.palette.data(), static_cast<int>(kind.palette.size()));
  if (!kind.opacity.empty())
    png_set_tRNS(png, info, kind.opacity.data(), static_cast<int>(kind.opacity.size()), nullptr);
  png_write_info(png, info);
  const size_t stride = rows.size() / static_cast<size_t>(height);
  const int passes = png_set_interlace_handling(png);
  for (int row = 0; row < passes * height; ++row) {
    png_write_row(png, rows.data() + static_cast<size_t>(row % height) * stride);
  }
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  std::fclose(stream);
}

// `values`: height * width * channels bytes of JCS_GRAYSCALE, JCS_RGB or JCS_CMYK; `stored`: as the file holds them.
inline void write_jpeg(const std::filesystem::path& file, int height, int width, J_COLOR_SPACE space, int channels,
                       std::vector<uint8_t> values, J_COLOR_SPACE stored = JCS_UNKNOWN) {
  std::FILE* stream = std::fopen(file.c_str(), "wb");
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  jpeg_stdio_dest(&info, stream);
  info.image_height = static_cast<JDIMENSION>(height), info.image_width = static_cast<JDIMENSION>(width);
  info.input_components = channels, info.in_color_space = space;
  jpeg_set_defaults(&info);
  if (stored != JCS_UNKNOWN) jpeg_set_colorspace(&info, stored);
  jpeg_set_quality(&info, 100, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = values.data() + static_cast<size_t>(info.next_scanline) * static_cast<size_t>(width * channels);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::fclose(stream);
}

}  // namespace sslbench
