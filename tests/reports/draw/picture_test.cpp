// SPDX-License-Identifier: Apache-2.0
#include "reports/draw/picture.h"

#include <gtest/gtest.h>
#include <png.h>

#include "reports/draw/chart.h"
#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

uint32_t pixel(const Picture& picture, int x, int y) {
  const size_t at = 3 * (static_cast<size_t>(y) * static_cast<size_t>(picture.width) + static_cast<size_t>(x));
  return static_cast<uint32_t>(picture.rgb[at] << 16 | picture.rgb[at + 1] << 8 | picture.rgb[at + 2]);
}

TEST(PictureTest, EnlargingRepeatsPixels) {
  const Sample sample = sample_picture(4, 6, 9);
  const Picture picture = picture_of(sample, 3);
  EXPECT_EQ(picture.width, 18);
  EXPECT_EQ(picture.height, 12);
  const Picture plain = picture_of(sample, 1);
  for (int y = 0; y < 12; ++y) {
    for (int x = 0; x < 18; ++x) ASSERT_EQ(pixel(picture, x, y), pixel(plain, x / 3, y / 3));
  }
}

TEST(PictureTest, ABoxIsDrawnOnItsEdgeInTheColourOfItsClass) {
  Picture picture = picture_of(sample_picture(20, 20, 0), 1);
  draw_box(picture, {4, 5, 14, 15, 2, 1}, 1);
  EXPECT_EQ(pixel(picture, 4, 5), palette_colour(2));
  EXPECT_EQ(pixel(picture, 13, 14), palette_colour(2));
  EXPECT_NE(pixel(picture, 9, 10), palette_colour(2));
}

TEST(PictureTest, BoxesBeyondThePictureAreCut) {
  Picture picture = picture_of(sample_picture(20, 20, 0), 2);
  draw_box(picture, {-1e9f, -5, 1e9f, 500, -3, 1}, 2);
  EXPECT_EQ(pixel(picture, 0, 10), palette_colour(0));
}

TEST(PictureTest, IgnoredAndClearPixelsOfAMaskAreLeftAlone) {
  const Sample sample = sample_picture(2, 2, 50);
  Picture picture = picture_of(sample, 1);
  const Picture before = picture;
  blend_mask(picture, sample, {255, 0, 1, 1}, 1, 1.0, 0);
  EXPECT_EQ(pixel(picture, 0, 0), pixel(before, 0, 0));
  EXPECT_EQ(pixel(picture, 1, 0), pixel(before, 1, 0));
  EXPECT_EQ(pixel(picture, 0, 1), palette_colour(0)) << "the first class that is drawn";
}

TEST(PictureTest, AFrameStaysInsideThePicture) {
  Picture picture = picture_of(sample_picture(10, 12, 0), 1);
  const Picture before = picture;
  draw_frame(picture);
  EXPECT_EQ(pixel(picture, 1, 5), 0x101010u);
  EXPECT_EQ(pixel(picture, 8, 6), 0xFFFFFFu);
  EXPECT_EQ(pixel(picture, 4, 4), pixel(before, 4, 4));
  EXPECT_EQ(picture.rgb.size(), before.rgb.size());
}

TEST(PictureTest, PicturesOfDifferentSizeAreStackedToTheLeft) {
  const Picture below = picture_of(sample_picture(4, 8, 70), 1);
  const Picture out = stacked({picture_of(sample_picture(10, 5, 0), 1), below}, 3);
  EXPECT_EQ(out.width, 8);
  EXPECT_EQ(out.height, 17);
  EXPECT_EQ(pixel(out, 5, 0), 0xFFFFFFu);
  EXPECT_EQ(pixel(out, 0, 13), pixel(below, 0, 0));
}

TEST(PictureTest, PicturesOfDifferentSizeFitSideBySide) {
  const Picture out =
      side_by_side({picture_of(sample_picture(10, 5, 0), 1), picture_of(sample_picture(4, 8, 0), 1)}, 3);
  EXPECT_EQ(out.width, 16);
  EXPECT_EQ(out.height, 10);
  EXPECT_EQ(pixel(out, 6, 5), 0xFFFFFFu);
}

TEST(PictureTest, EqualPicturesAreEqualPngs) {
  const Picture picture = picture_of(sample_picture(10, 5, 0), 1);
  EXPECT_EQ(png_bytes(picture), png_bytes(picture));
  EXPECT_EQ(png_bytes(picture).substr(1, 3), "PNG");
}

TEST(PictureTest, APngHoldsThePictureItself) {
  const Picture picture = picture_of(sample_picture(10, 5, 77), 3);
  const std::string bytes = png_bytes(picture);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  ASSERT_NE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 0);
  image.format = PNG_FORMAT_RGB;
  std::vector<uint8_t> read(PNG_IMAGE_SIZE(image));
  ASSERT_NE(png_image_finish_read(&image, nullptr, read.data(), 0, nullptr), 0);
  EXPECT_EQ(image.width, 15u);
  EXPECT_EQ(image.height, 30u);
  EXPECT_EQ(read, picture.rgb);
}

TEST(PictureTest, AnImageOfAnotherSizeIsRefused) {
  Sample sample = sample_picture(10, 5, 0);
  sample.image.pop_back();
  EXPECT_THROW(picture_of(sample, 1), InternalError);
}

}  // namespace
}  // namespace sslbench
