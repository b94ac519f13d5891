// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/jpeg.h"

#include <csetjmp>
#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

#include "datasets/readers/data_file.h"
#include "datasets/readers/image_file.h"

namespace sslbench {
namespace {

constexpr int kMaxScans = 500;  // a progressive file may ask for endless work otherwise

// libjpeg reports by calls that must not return: they jump to `escape`, so no object with a destructor may be made
// between setjmp and the end of decode().
struct Decoder {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf escape{};
  char message[JMSG_LENGTH_MAX + 1]{};
  Image image;

  ~Decoder() { jpeg_destroy_decompress(&info); }
};

Decoder& decoder_of(j_common_ptr info) { return *static_cast<Decoder*>(info->client_data); }

[[noreturn]] void escape_with(Decoder& decoder, const char* message) {
  std::snprintf(decoder.message, sizeof decoder.message, "%s", message);
  std::longjmp(decoder.escape, 1);
}

[[noreturn]] void on_error(j_common_ptr info) {
  char message[JMSG_LENGTH_MAX];
  info->err->format_message(info, message);
  escape_with(decoder_of(info), message);
}

// libjpeg fills what is missing with gray and warns; here a picture with missing data is an error.
void on_message(j_common_ptr info, int level) {
  const int code = info->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER)) on_error(info);
}

void on_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxScans) {
    escape_with(decoder_of(info), "more than 500 scans");
  }
}

// Adobe programs store CMYK inverted and say so by a marker.
void cmyk_to_rgb(Decoder& decoder, const std::vector<uint8_t>& cmyk) {
  const bool inverted = decoder.info.saw_Adobe_marker != 0;
  uint8_t* out = decoder.image.pixels.data();
  for (size_t i = 0; i < cmyk.size(); i += 4) {
    const auto ink = [&](size_t k) { return static_cast<unsigned>(inverted ? cmyk[i + k] : 255 - cmyk[i + k]); };
    for (size_t k = 0; k < 3; ++k) *out++ = static_cast<uint8_t>((ink(k) * ink(3) + 127) / 255);
  }
}

// Returns false with `message` set.
bool start(Decoder& decoder, std::string_view bytes) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_decompress_struct& info = decoder.info;
  info.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = on_error;
  decoder.errors.emit_message = on_message;
  info.client_data = &decoder;
  jpeg_create_decompress(&info);
  info.client_data = &decoder;
  decoder.progress.progress_monitor = on_progress;
  info.progress = &decoder.progress;
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&info, TRUE);
  const bool cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
  info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  if (static_cast<int64_t>(info.image_width) * info.image_height > kMaxImagePixels) {
    escape_with(decoder, "more pixels than a picture may have");
  }
  return true;
}

// `rows` has room for output_height rows of output_width * output_components bytes.
bool decode(Decoder& decoder, uint8_t* rows) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_decompress_struct& info = decoder.info;
  const size_t stride = static_cast<size_t>(info.output_width) * static_cast<size_t>(info.output_components);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = rows + info.output_scanline * stride;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

bool begin_output(Decoder& decoder) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_start_decompress(&decoder.info);
  return true;
}

}  // namespace

Image decode_jpeg(std::string_view bytes, const std::filesystem::path& file) {
  Decoder decoder;
  const auto refuse = [&] { throw_bad_data(file, std::string("damaged JPEG: ") + decoder.message); };
  if (!start(decoder, bytes) || !begin_output(decoder)) refuse();
  const size_t pixels = static_cast<size_t>(decoder.info.output_width) * decoder.info.output_height;
  decoder.image.width = static_cast<int32_t>(decoder.info.output_width);
  decoder.image.height = static_cast<int32_t>(decoder.info.output_height);
  decoder.image.pixels.resize(pixels * 3);
  if (decoder.info.output_components == 3) {
    if (!decode(decoder, decoder.image.pixels.data())) refuse();
  } else {
    std::vector<uint8_t> cmyk(pixels * 4);
    if (!decode(decoder, cmyk.data())) refuse();
    cmyk_to_rgb(decoder, cmyk);
  }
  return std::move(decoder.image);
}

}  // namespace sslbench
