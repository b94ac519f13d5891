// SPDX-License-Identifier: Apache-2.0
#include "datasets/pictures/png.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <png.h>

#include "datasets/pictures/image_file.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

// libpng reports by calls that must not return: they jump to the setjmp of the running step, so no object with a
// destructor may be made inside one.
struct PngDecoder {
  std::string_view bytes;
  size_t at = 0;
  char message[240]{};
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::vector<uint8_t> values;
  std::vector<png_bytep> rows;

  explicit PngDecoder(std::string_view file_bytes);
  ~PngDecoder() { png_destroy_read_struct(&png, &info, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;
};

[[noreturn]] void on_png_error(png_structp png, png_const_charp message) {
  auto& decoder = *static_cast<PngDecoder*>(png_get_error_ptr(png));
  std::snprintf(decoder.message, sizeof decoder.message, "%s", message);
  png_longjmp(png, 1);
}

void on_png_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep out, size_t count) {
  auto& decoder = *static_cast<PngDecoder*>(png_get_io_ptr(png));
  if (count > decoder.bytes.size() - decoder.at) png_error(png, "the file ends early");
  std::memcpy(out, decoder.bytes.data() + decoder.at, count);
  decoder.at += count;
}

PngDecoder::PngDecoder(std::string_view file_bytes)
    : bytes(file_bytes), png(png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_png_error, on_png_warning)) {
  if (png != nullptr) info = png_create_info_struct(png);
  require(info != nullptr, "libpng could not be started");
  png_set_read_fn(png, this, read_bytes);
}

constexpr png_byte kPassedOver[] = "iCCP\0zTXt\0iTXt\0tEXt\0sPLT\0eXIf";
constexpr int kPassedOverCount = sizeof kPassedOver / 5;

bool read_header(PngDecoder& decoder) {
  if (setjmp(png_jmpbuf(decoder.png)) != 0) return false;
  png_set_user_limits(decoder.png, 1 << 20, 1 << 20);
  png_set_chunk_malloc_max(decoder.png, 64 << 20);
  // Texts and profiles, which may expand a thousandfold, are passed over.
  png_set_keep_unknown_chunks(decoder.png, PNG_HANDLE_CHUNK_NEVER, kPassedOver, kPassedOverCount);
  png_read_info(decoder.png, decoder.info);
  const int64_t pixels = static_cast<int64_t>(png_get_image_width(decoder.png, decoder.info)) *
                         png_get_image_height(decoder.png, decoder.info);
  if (pixels > kMaxImagePixels) png_error(decoder.png, "more pixels than a picture may have");
  return true;
}

bool ask_for_rgb(PngDecoder& decoder) {
  if (setjmp(png_jmpbuf(decoder.png)) != 0) return false;
  png_set_strip_16(decoder.png);  // the high byte, as PIL keeps
  png_set_expand(decoder.png);
  png_set_strip_alpha(decoder.png);
  png_set_gray_to_rgb(decoder.png);
  png_set_interlace_handling(decoder.png);
  png_read_update_info(decoder.png, decoder.info);
  return true;
}

bool ask_for_stored_numbers(PngDecoder& decoder) {
  if (setjmp(png_jmpbuf(decoder.png)) != 0) return false;
  const auto kind = png_get_color_type(decoder.png, decoder.info);
  const bool numbers = kind == PNG_COLOR_TYPE_PALETTE || kind == PNG_COLOR_TYPE_GRAY;
  if (!numbers || png_get_bit_depth(decoder.png, decoder.info) > 8) {
    png_error(decoder.png,
              "a mask must hold one class number a pixel: gray of at most 8 bits, or a palette; colours are read where "
              "classes.txt says what they are");
  }
  png_set_packing(decoder.png);
  png_set_interlace_handling(decoder.png);
  png_read_update_info(decoder.png, decoder.info);
  return true;
}

// The memory is ready: `rows` point into `values`.
bool read_rows(PngDecoder& decoder) {
  if (setjmp(png_jmpbuf(decoder.png)) != 0) return false;
  png_read_image(decoder.png, decoder.rows.data());
  png_read_end(decoder.png, nullptr);
  return true;
}

struct PngSize {
  int32_t height, width;
};

PngSize decode(PngDecoder& decoder, bool (*ask)(PngDecoder&), size_t channels, const std::filesystem::path& file) {
  const auto refuse = [&] { throw_bad_data(file, std::string("damaged or unfit PNG: ") + decoder.message); };
  if (!read_header(decoder) || !ask(decoder)) refuse();
  const size_t width = png_get_image_width(decoder.png, decoder.info);
  const size_t height = png_get_image_height(decoder.png, decoder.info);
  require(png_get_rowbytes(decoder.png, decoder.info) == width * channels, "libpng gave another row size than asked");
  decoder.values.resize(width * height * channels);
  for (size_t y = 0; y < height; ++y) decoder.rows.push_back(decoder.values.data() + y * width * channels);
  if (!read_rows(decoder)) refuse();
  return {static_cast<int32_t>(height), static_cast<int32_t>(width)};
}

}  // namespace

Image decode_png(std::string_view bytes, const std::filesystem::path& file) {
  PngDecoder decoder(bytes);
  const auto [height, width] = decode(decoder, ask_for_rgb, 3, file);
  return {height, width, std::move(decoder.values)};
}

Mask decode_png_mask(std::string_view bytes, const std::filesystem::path& file) {
  PngDecoder decoder(bytes);
  const auto [height, width] = decode(decoder, ask_for_stored_numbers, 1, file);
  return {height, width, std::move(decoder.values)};
}

}  // namespace sslbench
