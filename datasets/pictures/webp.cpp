// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <webp/decode.h>
#include <webp/demux.h>

#include "datasets/pictures/image_file.h"
#include "datasets/pictures/other_pictures.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

// The first frame on the whole canvas, as RGBA without its alpha.
bool decode_first_frame(const WebPData& data, Image& out) {
  WebPAnimDecoderOptions options;
  if (WebPAnimDecoderOptionsInit(&options) == 0) return false;
  options.color_mode = MODE_RGBA;
  const std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)> decoder(WebPAnimDecoderNew(&data, &options),
                                                                                   WebPAnimDecoderDelete);
  uint8_t* canvas = nullptr;
  int time = 0;
  if (decoder == nullptr || WebPAnimDecoderGetNext(decoder.get(), &canvas, &time) == 0) return false;
  for (size_t p = 0; p < out.pixels.size() / 3; ++p) {
    for (size_t c = 0; c < 3; ++c) out.pixels[3 * p + c] = canvas[4 * p + c];
  }
  return true;
}

}  // namespace

bool is_webp(std::string_view bytes) {
  return bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP";
}

Image decode_webp(std::string_view bytes, const std::filesystem::path& file) {
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK) throw_bad_data(file, "damaged WebP");
  Image out{features.height, features.width, {}};
  const int64_t pixels = int64_t{out.height} * out.width;
  if (pixels > kMaxImagePixels) throw_bad_data(file, "damaged WebP: more pixels than a picture may have");
  out.pixels.resize(static_cast<size_t>(pixels) * 3);
  const bool fine = features.has_animation != 0 ? decode_first_frame({data, bytes.size()}, out)
                                                : WebPDecodeRGBInto(data, bytes.size(), out.pixels.data(),
                                                                    out.pixels.size(), 3 * out.width) != nullptr;
  if (!fine) throw_bad_data(file, "damaged WebP: it ends early or cannot be decoded");
  return out;
}

}  // namespace sslbench
