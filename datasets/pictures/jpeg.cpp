// SPDX-License-Identifier: Apache-2.0
#include "datasets/pictures/jpeg.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <utility>

#include <jerror.h>
#include <jpeglib.h>

#include "datasets/pictures/image_file.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

// A progressive file may ask for endless work: every scan goes over the whole picture. Encoders write about ten.
constexpr int64_t kMostScanPixels = int64_t{1} << 28, kFewScans = 24, kManyScans = 500;

// libjpeg reports by calls that must not return: they jump to `escape`, so no object with a destructor may be made
// between setjmp and the end of the step that runs. One of a thread serves all its pictures.
struct Decoder {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf escape{};
  char message[JMSG_LENGTH_MAX + 1]{};
  bool made = false;
  std::vector<uint8_t> cmyk;  // rows before conversion

  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() {
    if (made) jpeg_destroy_decompress(&info);
  }
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
  const auto& picture = *reinterpret_cast<j_decompress_ptr>(info);
  const int64_t pixels = std::max<int64_t>(1, int64_t{picture.image_width} * picture.image_height);
  if (picture.input_scan_number > std::clamp(kMostScanPixels / pixels, kFewScans, kManyScans)) {
    escape_with(decoder_of(info), "more scans than a picture of its size may have");
  }
}

// Inverted, as Adobe programs store CMYK, whether their marker says so or not: as PIL takes it.
void cmyk_to_rgb(const std::vector<uint8_t>& cmyk, uint8_t* out) {
  for (size_t i = 0; i < cmyk.size(); i += 4) {
    const auto light = [&](size_t k) { return static_cast<unsigned>(cmyk[i + k]); };
    for (size_t k = 0; k < 3; ++k) *out++ = static_cast<uint8_t>((light(k) * light(3) + 127) / 255);
  }
}

// The steps return false with `message` set.
bool make(Decoder& decoder) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_decompress_struct& info = decoder.info;
  info.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = on_error;
  decoder.errors.emit_message = on_message;
  info.client_data = &decoder;
  jpeg_create_decompress(&info);
  decoder.progress.progress_monitor = on_progress;
  info.progress = &decoder.progress;
  decoder.made = true;
  return true;
}

bool read_header(Decoder& decoder, std::string_view bytes) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_decompress_struct& info = decoder.info;
  jpeg_abort_decompress(&info);  // whatever the picture before left
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&info, TRUE);
  const bool cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
  info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  if (static_cast<int64_t>(info.image_width) * info.image_height > kMaxImagePixels) {
    escape_with(decoder, "more pixels than a picture may have");
  }
  return true;
}

// Columns and rows of the scaled picture that are decoded. libjpeg widens the columns to whole blocks.
struct Window {
  JDIMENSION top = 0, left = 0, height = 0, width = 0;
};

// Fancy upsampling of a pixel looks at the chroma samples beside its own, so what is cut needs that much around it.
constexpr int64_t kMargin = 2;

Window window_of(const JpegRegion& region, const jpeg_decompress_struct& info) {
  const auto cut = [&](int64_t first, int64_t size, int64_t limit) {
    const int64_t from = std::max<int64_t>(0, first * region.eighths / 8 - kMargin);
    const int64_t to = std::min(limit, ((first + size) * region.eighths + 7) / 8 + kMargin);
    return std::pair(static_cast<JDIMENSION>(from), static_cast<JDIMENSION>(to - from));
  };
  const auto [top, height] = cut(region.top, region.height, info.output_height);
  const auto [left, width] = cut(region.left, region.width, info.output_width);
  return {top, left, height, width};
}

bool set_scale(Decoder& decoder, int eighths) {
  if (setjmp(decoder.escape) != 0) return false;
  decoder.info.scale_num = static_cast<unsigned>(eighths), decoder.info.scale_denom = 8;
  jpeg_start_decompress(&decoder.info);
  return true;
}

bool seek(Decoder& decoder, Window& window) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_decompress_struct& info = decoder.info;
  if (window.width < info.output_width) jpeg_crop_scanline(&info, &window.left, &window.width);
  if (window.top > 0) jpeg_skip_scanlines(&info, window.top);
  return true;
}

// `rows` has room for `height` rows of output_width * output_components bytes.
bool decode_rows(Decoder& decoder, JDIMENSION height, uint8_t* rows) {
  if (setjmp(decoder.escape) != 0) return false;
  jpeg_decompress_struct& info = decoder.info;
  const size_t stride = static_cast<size_t>(info.output_width) * static_cast<size_t>(info.output_components);
  constexpr JDIMENSION kRows = 16;
  for (JDIMENSION done = 0; done < height;) {
    JSAMPROW next[kRows];
    const JDIMENSION count = std::min(kRows, height - done);
    for (JDIMENSION k = 0; k < count; ++k) next[k] = rows + (done + k) * stride;
    done += jpeg_read_scanlines(&info, next, count);
  }
  if (info.output_scanline >= info.output_height) jpeg_finish_decompress(&info);
  return true;
}

// The region of the picture whose header was read.
bool decode_region(Decoder& decoder, const JpegRegion& region, JpegPart& out) {
  const jpeg_decompress_struct& info = decoder.info;
  out.eighths = region.eighths;
  if (!set_scale(decoder, region.eighths)) return false;
  Window window = window_of(region, info);
  if (!seek(decoder, window)) return false;
  out.top = static_cast<int32_t>(window.top), out.left = static_cast<int32_t>(window.left);
  out.image.height = static_cast<int32_t>(window.height), out.image.width = static_cast<int32_t>(info.output_width);
  const size_t pixels = static_cast<size_t>(info.output_width) * window.height;
  out.image.pixels.resize(pixels * 3);
  if (info.output_components == 3) {
    return decode_rows(decoder, window.height, out.image.pixels.data());
  }
  decoder.cmyk.resize(pixels * 4);
  if (!decode_rows(decoder, window.height, decoder.cmyk.data())) return false;
  cmyk_to_rgb(decoder.cmyk, out.image.pixels.data());
  decoder.cmyk = {};
  return true;
}

}  // namespace

bool decode_jpeg_part(std::string_view bytes, const std::filesystem::path& file, const ChooseRegion& choose,
                      JpegPart& out) {
  thread_local Decoder decoder;
  const auto refuse = [&] { throw_bad_data(file, std::string("damaged JPEG: ") + decoder.message); };
  if ((!decoder.made && !make(decoder)) || !read_header(decoder, bytes)) refuse();
  out.height = static_cast<int32_t>(decoder.info.image_height);
  out.width = static_cast<int32_t>(decoder.info.image_width);
  const std::optional<JpegRegion> region = choose(out.height, out.width);
  if (!region) return false;
  if (!decode_region(decoder, *region, out)) refuse();
  return true;
}

Image decode_jpeg(std::string_view bytes, const std::filesystem::path& file) {
  JpegPart part;
  const auto whole = [](int32_t height, int32_t width) { return JpegRegion{0, 0, height, width}; };
  decode_jpeg_part(bytes, file, whole, part);
  return std::move(part.image);
}

}  // namespace sslbench
