// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include <jerror.h>

#include "datasets/readers/jpeg.h"
#include "tests/datasets/readers/failure.h"
#include "tests/datasets/readers/jpeg_bytes.h"

namespace sslbench {
namespace {

JpegPart part_of(const std::string& bytes, const JpegRegion& region) {
  JpegPart out;
  EXPECT_TRUE(decode_jpeg_part(
      bytes, "picture.jpg", [&](int32_t, int32_t) { return region; }, out));
  return out;
}

// The region's pixels lie in the part where it says, and are those of the whole picture decoded at the same size.
void expect_equal(const JpegPart& part, const JpegRegion& region, const Image& whole, const std::string& what) {
  const auto first = [&](int32_t at) { return at * region.eighths / 8; };
  const auto last = [&](int32_t at) { return (at * region.eighths + 7) / 8; };
  const int32_t top = first(region.top), bottom = last(region.top + region.height);
  const int32_t left = first(region.left), right = last(region.left + region.width);
  ASSERT_TRUE(part.top <= top && part.left <= left) << what;
  ASSERT_TRUE(part.top + part.image.height >= bottom && part.left + part.image.width >= right) << what;
  const auto pixel = [](const Image& image, int32_t y, int32_t x) {
    return image.pixels.data() +
           (static_cast<size_t>(y) * static_cast<size_t>(image.width) + static_cast<size_t>(x)) * 3;
  };
  for (int32_t y = top; y < bottom; ++y) {
    const uint8_t *want = pixel(whole, y, left), *found = pixel(part.image, y - part.top, left - part.left);
    ASSERT_EQ(std::memcmp(found, want, static_cast<size_t>(right - left) * 3), 0) << what << ": row " << y;
  }
}

const std::vector<JpegKind> kKinds{{},
                                   {.across = 1, .down = 1},
                                   {.across = 2, .down = 1},
                                   {.across = 1, .down = 2},
                                   {.across = 4, .down = 1},
                                   {.space = JCS_GRAYSCALE},
                                   {.progressive = true},
                                   {.restart = 7},
                                   {.space = JCS_CMYK},
                                   {.space = JCS_YCCK}};

std::string text_of(size_t kind, const JpegRegion& r) {
  return "kind " + std::to_string(kind) + ", " + std::to_string(r.eighths) + "/8 of " + std::to_string(r.height) + "x" +
         std::to_string(r.width) + " at " + std::to_string(r.top) + "," + std::to_string(r.left);
}

TEST(JpegPartTest, EveryPixelInsideThePartEqualsThatOfTheWholePicture) {
  RandomStream stream(5, RandomUse::render, 2, 0);
  for (size_t k = 0; k < kKinds.size(); ++k) {
    const int height = 131 + static_cast<int>(k), width = 203 - 3 * static_cast<int>(k);
    const std::string bytes = jpeg_bytes(made_up_picture(height, width), kKinds[k]);
    for (const int eighths : {8, 4, 2, 1}) {
      const Image whole = part_of(bytes, {0, 0, height, width, eighths}).image;
      for (int i = 0; i < 40; ++i) {
        JpegRegion region{.eighths = eighths};
        region.height = 1 + static_cast<int>(stream.below(static_cast<uint32_t>(height)));
        region.width = 1 + static_cast<int>(stream.below(static_cast<uint32_t>(width)));
        region.top = static_cast<int>(stream.below(static_cast<uint32_t>(height - region.height + 1)));
        region.left = static_cast<int>(stream.below(static_cast<uint32_t>(width - region.width + 1)));
        const JpegPart part = part_of(bytes, region);
        ASSERT_NO_FATAL_FAILURE(expect_equal(part, region, whole, text_of(k, region)));
      }
    }
  }
}

// What libjpeg alone makes of a file; no rows when it reports an error or warns of missing data.
std::vector<uint8_t> decoded_by_libjpeg(const std::string& bytes) {
  struct Failed {};
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  errors.error_exit = [](j_common_ptr) { throw Failed{}; };
  errors.emit_message = [](j_common_ptr common, int level) {
    const int code = common->err->msg_code;
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER)) throw Failed{};
  };
  jpeg_create_decompress(&info);
  std::vector<uint8_t> out;
  try {
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&info, TRUE);
    info.out_color_space = JCS_RGB;
    jpeg_start_decompress(&info);
    const size_t stride = static_cast<size_t>(info.output_width) * 3;
    out.resize(stride * info.output_height);
    while (info.output_scanline < info.output_height) {
      JSAMPROW row = out.data() + info.output_scanline * stride;
      jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
  } catch (const Failed&) {
    out.clear();
  }
  jpeg_destroy_decompress(&info);
  return out;
}

std::vector<uint8_t> decoded_here(const std::string& bytes) {
  try {
    return decode_jpeg(bytes, "picture.jpg").pixels;
  } catch (const RunFailure&) {
    return {};
  }
}

TEST(JpegHuffmanTest, PixelsAreThoseOfLibjpegAtEveryQuality) {
  for (const int quality : {1, 10, 50, 75, 95, 100}) {
    for (const auto& [across, down] : {std::pair{1, 1}, std::pair{2, 1}, std::pair{2, 2}}) {
      for (const int side : {1, 7, 16, 33, 120}) {
        const JpegKind kind{.across = across, .down = down, .quality = quality};
        const std::string bytes = jpeg_bytes(made_up_picture(side, side + 5, static_cast<uint32_t>(quality)), kind);
        EXPECT_EQ(decoded_here(bytes), decoded_by_libjpeg(bytes)) << quality << " " << across << down << " " << side;
      }
    }
  }
}

TEST(JpegHuffmanTest, DamageComesOutAsLibjpegSeesIt) {
  const std::string healthy = jpeg_bytes(made_up_picture(90, 120), {.across = 1, .down = 1});
  RandomStream stream(5, RandomUse::render, 4, 0);
  int refused = 0, taken = 0;
  for (int i = 0; i < 600; ++i) {
    std::string bytes = healthy;
    const size_t scan = 623;  // behind the header
    for (uint32_t k = 1 + stream.below(3); k > 0; --k) {
      bytes[scan + stream.below(static_cast<uint32_t>(bytes.size() - scan))] = static_cast<char>(stream.below(256));
    }
    if (i % 5 == 0) bytes.resize(scan + stream.below(static_cast<uint32_t>(bytes.size() - scan)));
    const auto found = decoded_here(bytes), want = decoded_by_libjpeg(bytes);
    ASSERT_EQ(found == want, true) << "case " << i;
    ++(want.empty() ? refused : taken);
  }
  EXPECT_GT(refused, 50);
  EXPECT_GT(taken, 50);
}

TEST(JpegPartTest, TheWholeIsWhatDecodeJpegGives) {
  const std::string bytes = jpeg_bytes(made_up_picture(40, 60));
  EXPECT_EQ(part_of(bytes, {0, 0, 40, 60}).image.pixels, decode_jpeg(bytes, "picture.jpg").pixels);
}

TEST(JpegPartTest, NoRegionIsNotDecoded) {
  JpegPart out;
  const std::string bytes = jpeg_bytes(made_up_picture(40, 60));
  const auto none = [](int32_t height, int32_t width) -> std::optional<JpegRegion> {
    EXPECT_EQ(height, 40);
    EXPECT_EQ(width, 60);
    return {};
  };
  EXPECT_FALSE(decode_jpeg_part(bytes, "picture.jpg", none, out));
}

TEST(JpegPartTest, DamageIsAnErrorWhereItIsReadAndTheNextPictureIsNot) {
  const std::string bytes = jpeg_bytes(made_up_picture(160, 160));
  const std::string cut = bytes.substr(0, bytes.size() / 2);
  const std::string whole = data_failure([&] { decode_jpeg(cut, "cut.jpg"); });
  EXPECT_THAT(whole, testing::StartsWith("cut.jpg: damaged JPEG: "));
  EXPECT_EQ(part_of(cut, {0, 0, 32, 160}).image.pixels, part_of(bytes, {0, 0, 32, 160}).image.pixels);
  EXPECT_THAT(data_failure([&] { part_of(cut, {120, 0, 32, 160}); }), testing::StartsWith("picture.jpg: damaged JPEG"));
  EXPECT_EQ(decode_jpeg(bytes, "picture.jpg").height, 160);
}

}  // namespace
}  // namespace sslbench
