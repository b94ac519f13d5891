// SPDX-License-Identifier: Apache-2.0
// What is done to the bytes of a picture: coarser pixels, JPEG.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "datasets/corruptions/corruption.h"
#include "datasets/pictures/jpeg.h"
#include "suites/ground/error.h"
#include "suites/ground/registry.h"

namespace sslbench {
namespace {

double byte_of(double value) { return std::clamp(std::floor(value + 0.5), 0.0, 255.0); }

// Pillow's Image.resize with BOX along one axis; every pass rounds to bytes.
RealPicture boxed(const RealPicture& x, int size, bool down) {
  const int from = down ? x.height : x.width;
  RealPicture out(down ? size : x.height, down ? x.width : size, x.channels);
  const double scale = static_cast<double>(from) / size, reach = std::max(scale, 1.0), support = 0.5 * reach;
  for (int i = 0; i < size; ++i) {
    const double centre = (i + 0.5) * scale;
    const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int last = std::min(static_cast<int>(centre + support + 0.5), from);
    std::vector<int> taken;
    for (int k = first; k < last; ++k) {
      const double place = (k - centre + 0.5) / reach;
      if (place > -0.5 && place <= 0.5) taken.push_back(k);
    }
    const int across = down ? x.width : x.height;
    for (int j = 0; j < across; ++j) {
      for (int c = 0; c < x.channels; ++c) {
        double sum = 0;
        for (const int k : taken) sum += down ? x.at(k, j, c) : x.at(j, k, c);
        (down ? out.at(i, j, c) : out.at(j, i, c)) = byte_of(sum / static_cast<double>(taken.size()));
      }
    }
  }
  return out;
}

RealPicture nearest(const RealPicture& x, int height, int width) {
  RealPicture out(height, width, x.channels);
  for (int y = 0; y < height; ++y) {
    const int row = std::min(static_cast<int>((y + 0.5) * x.height / height), x.height - 1);
    for (int x0 = 0; x0 < width; ++x0) {
      const int column = std::min(static_cast<int>((x0 + 0.5) * x.width / width), x.width - 1);
      for (int c = 0; c < x.channels; ++c) out.at(y, x0, c) = x.at(row, column, c);
    }
  }
  return out;
}

RealPicture times(RealPicture x, double factor) {
  for (double& value : x.values) value *= factor;
  return x;
}

// Smaller by BOX, and back: by NEAREST in imagecorruptions, else by BOX.
RealPicture pixelate(const RealPicture& x, const Severity& p, const CorruptionDraws&) {
  RealPicture bytes = times(x, 255);
  for (double& value : bytes.values) value = byte_of(value);
  const int height = std::max(1, static_cast<int>(x.height * p[0])),
            width = std::max(1, static_cast<int>(x.width * p[0]));
  const RealPicture small = boxed(boxed(bytes, width, false), height, true);
  if (p.table == "imagecorruptions") return times(nearest(small, x.height, x.width), 1 / 255.0);
  return times(boxed(boxed(small, x.width, false), x.height, true), 1 / 255.0);
}

// Baseline, 4:2:0. libjpeg ends the program where it cannot, which is for sides that no JPEG has.
std::string jpeg_bytes(const RealPicture& x, int quality) {
  if (std::max(x.height, x.width) > JPEG_MAX_DIMENSION || std::min(x.height, x.width) < 1) {
    throw RunFailure(FailureKind::data, "a picture of " + std::to_string(x.height) + " x " + std::to_string(x.width) +
                                            " px cannot be written as JPEG");
  }
  std::vector<JSAMPLE> pixels(x.values.size());
  std::transform(x.values.begin(), x.values.end(), pixels.begin(),
                 [](double value) { return static_cast<JSAMPLE>(byte_of(255 * value)); });
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  info.image_width = static_cast<JDIMENSION>(x.width), info.image_height = static_cast<JDIMENSION>(x.height);
  info.input_components = 3, info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = pixels.data() + size_t{info.next_scanline} * static_cast<size_t>(x.width) * 3;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::string out(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);
  return out;
}

RealPicture jpeg_compression(const RealPicture& x, const Severity& p, const CorruptionDraws&) {
  const Image decoded = decode_jpeg(jpeg_bytes(x, static_cast<int>(p[0])), "a picture in memory");
  RealPicture out(x.height, x.width, 3);
  std::transform(decoded.pixels.begin(), decoded.pixels.end(), out.values.begin(),
                 [](uint8_t value) { return value / 255.0; });
  return out;
}

using Corruptions = Registry<CorruptionEntry>;
const bool registered = Corruptions::add({"pixelate", "digital", true, {}, pixelate}) &&
                        Corruptions::add({"jpeg_compression", "digital", true, {}, jpeg_compression});

}  // namespace
}  // namespace sslbench
