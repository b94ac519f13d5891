// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "datasets/pictures/jpeg.h"
#include "tests/datasets/pictures/jpeg_bytes.h"
#include "tests/datasets/readers/failure.h"

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
