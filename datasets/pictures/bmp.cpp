// SPDX-License-Identifier: Apache-2.0
// Windows and OS/2 bitmaps (BITMAPCOREHEADER to BITMAPV5HEADER). Debian holds no kept library for them alone.
#include <array>
#include <bit>

#include "datasets/pictures/image_file.h"
#include "datasets/pictures/other_pictures.h"
#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

constexpr size_t kFileHeader = 14;

class Bitmap {
 public:
  Bitmap(std::string_view bytes, const std::filesystem::path& file) : bytes_(bytes), file_(file) {
    pixels_ = number(10, 4);
    const size_t header = number(14, 4);
    if (header == 12) {
      width_ = static_cast<int32_t>(number(18, 2)), height_ = static_cast<int16_t>(number(20, 2));
      bits_ = number(24, 2);
    } else if (header >= 40) {
      width_ = static_cast<int32_t>(number(18, 4)), height_ = static_cast<int32_t>(number(22, 4));
      bits_ = number(28, 2), coding_ = number(30, 4), colours_ = number(46, 4);
    } else {
      refuse("an unknown header");
    }
    top_down_ = height_ < 0;
    height_ = top_down_ ? -height_ : height_;
    check();
    const bool masks = coding_ == 3 || coding_ == 6;
    if (masks) {
      for (size_t c = 0; c < 3; ++c) masks_[c] = number(54 + 4 * c, 4);
    } else if (bits_ == 16) {
      masks_ = {0x7C00, 0x3E0, 0x1F};
    } else {
      masks_ = {0xFF0000, 0xFF00, 0xFF};
    }
    palette_ = kFileHeader + header + (masks && header == 40 ? 12 : 0);
    entry_ = header == 12 ? 3 : 4;
  }

  Image decode() const {
    Image out{static_cast<int32_t>(height_), static_cast<int32_t>(width_), {}};
    out.pixels.reserve(static_cast<size_t>(height_ * width_) * 3);
    for (int64_t y = 0; y < height_; ++y) {
      const auto row = static_cast<size_t>(top_down_ ? y : height_ - 1 - y);
      for (size_t x = 0; x < static_cast<size_t>(width_); ++x) {
        const std::array<uint8_t, 3> colour = bits_ <= 8 ? palette_colour(row, x) : stored_colour(row, x);
        out.pixels.insert(out.pixels.end(), colour.begin(), colour.end());
      }
    }
    return out;
  }

 private:
  [[noreturn]] void refuse(const char* what) const {
    throw_bad_data(file_, std::string("damaged or unfit BMP: ") + what);
  }

  uint32_t number(size_t at, size_t count) const {
    if (at > bytes_.size() || bytes_.size() - at < count) refuse("the file ends early");
    uint32_t value = 0;
    for (size_t i = 0; i < count; ++i) value |= uint32_t{static_cast<uint8_t>(bytes_[at + i])} << 8 * i;
    return value;
  }

  void check() const {
    if (width_ < 1 || height_ < 1) refuse("a picture without pixels");
    if (height_ > kMaxImagePixels / width_) refuse("more pixels than a picture may have");
    if (coding_ == 1 || coding_ == 2) refuse("run-length coded, which is not read; save it as PNG");
    const bool plain = bits_ == 1 || bits_ == 4 || bits_ == 8 || bits_ == 16 || bits_ == 24 || bits_ == 32;
    const bool masked = (coding_ == 3 || coding_ == 6) && (bits_ == 16 || bits_ == 32);
    if (!plain || (coding_ != 0 && !masked)) refuse("an unknown kind of pixels");
    if (pixels_ > bytes_.size() || bytes_.size() - pixels_ < stride() * static_cast<size_t>(height_)) {
      refuse("the file ends early");
    }
  }

  // Rows end at whole words of 4 bytes.
  size_t stride() const { return (static_cast<size_t>(width_) * bits_ + 31) / 32 * 4; }

  std::array<uint8_t, 3> palette_colour(size_t row, size_t x) const {
    const size_t in_byte = 8 / bits_;
    const uint32_t byte = number(pixels_ + row * stride() + x / in_byte, 1);
    const uint32_t index = byte >> bits_ * (in_byte - 1 - x % in_byte) & ((1u << bits_) - 1);
    if (colours_ > 0 && index >= colours_) return {0, 0, 0};
    const uint32_t colour = number(palette_ + entry_ * index, 3);
    return {static_cast<uint8_t>(colour >> 16), static_cast<uint8_t>(colour >> 8), static_cast<uint8_t>(colour)};
  }

  std::array<uint8_t, 3> stored_colour(size_t row, size_t x) const {
    const uint32_t value = number(pixels_ + row * stride() + x * bits_ / 8, bits_ / 8);
    std::array<uint8_t, 3> out{};
    for (size_t c = 0; c < 3; ++c) {
      if (masks_[c] == 0) continue;
      const int shift = std::countr_zero(masks_[c]);
      const uint64_t most = masks_[c] >> shift;
      out[c] = static_cast<uint8_t>(uint64_t{(value & masks_[c]) >> shift} * 255 / most);
    }
    return out;
  }

  std::string_view bytes_;
  const std::filesystem::path& file_;
  int64_t width_ = 0, height_ = 0;
  uint32_t bits_ = 0, coding_ = 0, colours_ = 0;
  std::array<uint32_t, 3> masks_{};
  size_t pixels_ = 0, palette_ = 0, entry_ = 4;
  bool top_down_ = false;
};

}  // namespace

bool is_bmp(std::string_view bytes) { return bytes.starts_with("BM"); }

Image decode_bmp(std::string_view bytes, const std::filesystem::path& file) { return Bitmap(bytes, file).decode(); }

}  // namespace sslbench
