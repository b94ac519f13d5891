// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include <gif_lib.h>

#include "datasets/pictures/image_file.h"
#include "datasets/pictures/other_pictures.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

struct GifStream {
  std::string_view bytes;
  size_t at = 0;
};

int read_some(GifFileType* gif, GifByteType* out, int count) {
  auto& stream = *static_cast<GifStream*>(gif->UserData);
  const size_t taken = std::min(stream.bytes.size() - stream.at, static_cast<size_t>(std::max(count, 0)));
  std::memcpy(out, stream.bytes.data() + stream.at, taken);
  stream.at += taken;
  return static_cast<int>(taken);
}

struct CloseGif {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

// Goes to the first frame; the colour that it does not show, where it has one, else -1.
bool find_frame(GifFileType* gif, int& transparent) {
  for (GifRecordType type = UNDEFINED_RECORD_TYPE; DGifGetRecordType(gif, &type) == GIF_OK;) {
    if (type == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif) == GIF_OK;
    if (type != EXTENSION_RECORD_TYPE) return false;
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(gif, &code, &block) != GIF_OK) return false;
    while (block != nullptr) {
      constexpr int kTransparent = 1;
      if (code == GRAPHICS_EXT_FUNC_CODE && block[0] >= 4 && (block[1] & kTransparent) != 0) transparent = block[4];
      if (DGifGetExtensionNext(gif, &block) != GIF_OK) return false;
    }
  }
  return false;
}

// Rows of a frame in the order in which they are stored (GIF89a, appendix E).
std::vector<int> row_order(int height, bool interlaced) {
  std::vector<int> out;
  if (!interlaced) {
    for (int y = 0; y < height; ++y) out.push_back(y);
    return out;
  }
  for (const auto& [first, step] : {std::pair(0, 8), std::pair(4, 8), std::pair(2, 4), std::pair(1, 2)}) {
    for (int y = first; y < height; y += step) out.push_back(y);
  }
  return out;
}

using Colours = std::array<std::array<uint8_t, 3>, 256>;

// Without a palette the numbers are grays; those behind its end are black.
Colours colours_of(const ColorMapObject* map) {
  Colours out{};
  for (size_t i = 0; i < out.size(); ++i) {
    const auto gray = static_cast<uint8_t>(i);
    if (map == nullptr) out[i] = {gray, gray, gray};
    if (map == nullptr || static_cast<int>(i) >= map->ColorCount) continue;
    out[i] = {map->Colors[i].Red, map->Colors[i].Green, map->Colors[i].Blue};
  }
  return out;
}

// Rows are copied, since a few bytes may ask for a screen of many pixels around a small frame.
Image filled(int32_t height, int32_t width, const std::array<uint8_t, 3>& colour) {
  const size_t row = 3 * static_cast<size_t>(width);
  Image out{height, width, std::vector<uint8_t>(row * static_cast<size_t>(height))};
  uint8_t* to = out.pixels.data();
  for (int32_t x = 0; x < width; ++x) to = std::copy_n(colour.begin(), 3, to);
  for (int32_t y = 1; y < height; ++y, to += row) std::memcpy(to, out.pixels.data(), row);
  return out;
}

}  // namespace

bool is_gif(std::string_view bytes) { return bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a"); }

Image decode_gif(std::string_view bytes, const std::filesystem::path& file) {
  GifStream stream{bytes};
  int error = 0, transparent = -1;
  const std::unique_ptr<GifFileType, CloseGif> gif(DGifOpen(&stream, read_some, &error));
  const auto refuse = [&](const char* what) { throw_bad_data(file, std::string("damaged GIF: ") + what); };
  if (gif == nullptr || !find_frame(gif.get(), transparent)) refuse("holds no picture");
  const GifImageDesc& frame = gif->Image;
  const int width = std::max(gif->SWidth, frame.Left + frame.Width);
  const int height = std::max(gif->SHeight, frame.Top + frame.Height);
  if (frame.Left < 0 || frame.Top < 0 || frame.Width < 1 || frame.Height < 1) refuse("a frame without pixels");
  if (int64_t{width} * height > kMaxImagePixels) refuse("more pixels than a picture may have");
  const Colours colours = colours_of(frame.ColorMap != nullptr ? frame.ColorMap : gif->SColorMap);
  Image out = filled(height, width, colours[static_cast<size_t>(std::max(transparent, 0))]);
  std::vector<uint8_t> line(static_cast<size_t>(frame.Width));
  for (const int y : row_order(frame.Height, frame.Interlace)) {
    if (DGifGetLine(gif.get(), line.data(), frame.Width) != GIF_OK) refuse("it ends early or cannot be decoded");
    const size_t row = static_cast<size_t>(frame.Top + y) * static_cast<size_t>(width);
    uint8_t* to = &out.pixels[3 * (row + static_cast<size_t>(frame.Left))];
    for (const uint8_t index : line) to = std::copy_n(colours[index].begin(), 3, to);
  }
  return out;
}

}  // namespace sslbench
