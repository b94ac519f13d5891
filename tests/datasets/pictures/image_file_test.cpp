// SPDX-License-Identifier: Apache-2.0
#include "datasets/pictures/image_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/files/atomic_file.h"
#include "tests/datasets/pictures/picture_writer.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using Bytes = std::vector<uint8_t>;
using testing::HasSubstr;

class ImageFileTest : public testing::Test {
 protected:
  ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / "picture";
};

TEST_F(ImageFileTest, RgbPngIsReadAsStored) {
  write_png(file_, 1, 2, PNG_COLOR_TYPE_RGB, 8, {1, 2, 3, 250, 251, 252});
  const Image image = read_image(file_);
  EXPECT_EQ(image.height, 1);
  EXPECT_EQ(image.width, 2);
  EXPECT_EQ(image.pixels, (Bytes{1, 2, 3, 250, 251, 252}));
}

TEST_F(ImageFileTest, GrayPngBecomesThreeEqualChannels) {
  write_png(file_, 2, 1, PNG_COLOR_TYPE_GRAY, 8, {7, 200});
  EXPECT_EQ(read_image(file_).pixels, (Bytes{7, 7, 7, 200, 200, 200}));
}

// Fault matrix: 39
TEST_F(ImageFileTest, PaletteBecomesItsColours) {
  write_png(file_, 1, 2, PNG_COLOR_TYPE_PALETTE, 4, {0x10}, {.palette = {{9, 8, 7}, {1, 2, 3}}});
  EXPECT_EQ(read_image(file_).pixels, (Bytes{1, 2, 3, 9, 8, 7}));
}

TEST_F(ImageFileTest, ATransparentEntryOfAPaletteKeepsItsColour) {
  write_png(file_, 1, 2, PNG_COLOR_TYPE_PALETTE, 8, {0, 1}, {.palette = {{9, 8, 7}, {1, 2, 3}}, .opacity = {0, 100}});
  EXPECT_EQ(read_image(file_).pixels, (Bytes{9, 8, 7, 1, 2, 3}));
}

TEST_F(ImageFileTest, AnInterlacedPictureIsTheSameAsAPlainOne) {
  Bytes values;
  for (int i = 0; i < 13 * 11 * 3; ++i) values.push_back(static_cast<uint8_t>(i * 37));
  write_png(file_, 13, 11, PNG_COLOR_TYPE_RGB, 8, values, {.interlaced = true});
  EXPECT_EQ(read_image(file_).pixels, values);
}

TEST_F(ImageFileTest, AlphaIsDropped) {
  write_png(file_, 1, 1, PNG_COLOR_TYPE_RGB_ALPHA, 8, {10, 20, 30, 0});
  EXPECT_EQ(read_image(file_).pixels, (Bytes{10, 20, 30}));
}

TEST_F(ImageFileTest, SixteenBitsAreScaledToEight) {
  write_png(file_, 1, 1, PNG_COLOR_TYPE_RGB, 16, {0xFF, 0xFF, 0x80, 0x80, 0x00, 0x7F});
  EXPECT_EQ(read_image(file_).pixels, (Bytes{255, 128, 0}));
}

// Fault matrix: 39
TEST_F(ImageFileTest, OfSixteenBitsTheHighByteIsKept) {
  write_png(file_, 1, 2, PNG_COLOR_TYPE_GRAY, 16, {0x01, 0xFF, 0xFE, 0x80});
  EXPECT_EQ(read_image(file_).pixels, (Bytes{1, 1, 1, 254, 254, 254}));
}

TEST_F(ImageFileTest, GrayWithAlphaLosesItsAlpha) {
  write_png(file_, 1, 2, PNG_COLOR_TYPE_GRAY_ALPHA, 8, {10, 0, 20, 255});
  EXPECT_EQ(read_image(file_).pixels, (Bytes{10, 10, 10, 20, 20, 20}));
}

// Fault matrix: 39
TEST_F(ImageFileTest, PicturesOfOnePixelAndOfOneRowAreRead) {
  write_png(file_, 1, 1, PNG_COLOR_TYPE_GRAY, 8, {9});
  EXPECT_EQ(read_image(file_).pixels, (Bytes{9, 9, 9}));
  write_jpeg(file_, 1, 10000, JCS_GRAYSCALE, 1, Bytes(10000, 50));
  EXPECT_EQ(read_image(file_).width, 10000);
}

// Fault matrix: 40
TEST_F(ImageFileTest, JpegThatClaims65535SquaredIsRefusedBeforeItsPixelsAreRead) {
  write_jpeg(file_, 8, 8, JCS_GRAYSCALE, 1, Bytes(64, 50));
  std::string bytes = read_file(file_);
  const size_t frame = bytes.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  bytes.replace(frame + 5, 4, "\xFF\xFF\xFF\xFF");
  const auto huge = folder_.write("huge.jpg", bytes);
  EXPECT_THAT(data_failure([&] { read_image(huge); }), HasSubstr("huge.jpg: damaged JPEG"));
}

TEST_F(ImageFileTest, MaskOfAPaletteIsItsIndices) {
  write_png(file_, 1, 4, PNG_COLOR_TYPE_PALETTE, 4, {0x21, 0x03},
            {.palette = {{9, 8, 7}, {1, 2, 3}, {4, 4, 4}, {5, 5, 5}}});
  EXPECT_EQ(read_mask(file_).labels, (Bytes{2, 1, 0, 3}));
}

TEST_F(ImageFileTest, MaskOfFewBitsIsNotScaled) {
  write_png(file_, 1, 4, PNG_COLOR_TYPE_GRAY, 2, {0b11100100});
  EXPECT_EQ(read_mask(file_).labels, (Bytes{3, 2, 1, 0}));
}

// Fault matrix: 43
TEST_F(ImageFileTest, ColourPictureIsNoMask) {
  write_png(file_, 1, 1, PNG_COLOR_TYPE_RGB, 8, {1, 2, 3});
  EXPECT_THAT(data_failure([&] { read_mask(file_); }), HasSubstr("one class number a pixel"));
}

TEST_F(ImageFileTest, JpegColoursSurvive) {
  Bytes values;
  for (int i = 0; i < 64; ++i) values.insert(values.end(), {200, 40, 90});
  write_jpeg(file_, 8, 8, JCS_RGB, 3, values);
  const Image image = read_image(file_);
  ASSERT_EQ(image.pixels.size(), values.size());
  for (size_t i = 0; i < values.size(); ++i) ASSERT_NEAR(image.pixels[i], values[i], 2);
}

TEST_F(ImageFileTest, GrayJpegBecomesThreeEqualChannels) {
  write_jpeg(file_, 8, 8, JCS_GRAYSCALE, 1, Bytes(64, 77));
  for (const uint8_t value : read_image(file_).pixels) ASSERT_NEAR(value, 77, 1);
}

// Fault matrix: 39
TEST_F(ImageFileTest, CmykJpegOfAdobeIsConverted) {
  // libjpeg marks CMYK as Adobe does, so values are inverted: no ink is 255.
  Bytes values;
  for (int i = 0; i < 64; ++i) values.insert(values.end(), {255, 128, 0, 255});
  for (const J_COLOR_SPACE stored : {JCS_CMYK, JCS_YCCK}) {
    write_jpeg(file_, 8, 8, JCS_CMYK, 4, values, stored);
    const Image image = read_image(file_);
    EXPECT_NEAR(image.pixels[0], 255, 2);
    EXPECT_NEAR(image.pixels[1], 128, 2);
    EXPECT_NEAR(image.pixels[2], 0, 2);
  }
}

// Fault matrix: 38
TEST_F(ImageFileTest, TruncatedFilesAreErrorsAtEveryLength) {
  Bytes values;
  for (int i = 0; i < 32 * 32 * 3; ++i) values.push_back(static_cast<uint8_t>(i * 37));
  for (const bool jpeg : {false, true}) {
    if (jpeg) {
      write_jpeg(file_, 32, 32, JCS_RGB, 3, values);
    } else {
      write_png(file_, 32, 32, PNG_COLOR_TYPE_RGB, 8, values);
    }
    const std::string whole = read_file(file_);
    for (size_t length = 0; length < whole.size() - 2; length += 37) {
      const auto cut = folder_.write("cut", whole.substr(0, length));
      EXPECT_THAT(data_failure([&] { read_image(cut); }), HasSubstr("cut: ")) << length;
    }
  }
}

TEST_F(ImageFileTest, DamagedPngIsAnError) {
  write_png(file_, 32, 32, PNG_COLOR_TYPE_GRAY, 8, Bytes(1024, 5));
  std::string bytes = read_file(file_);
  bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] ^ 0x40);
  const auto damaged = folder_.write("damaged", bytes);
  EXPECT_THAT(data_failure([&] { read_image(damaged); }), HasSubstr("damaged"));
}

// Fault matrix: 40
TEST_F(ImageFileTest, HugePictureIsRefusedBeforeItsPixelsAreRead) {
  constexpr int kSide = 16384;  // one bit a pixel: a small file
  write_png(file_, kSide, kSide, PNG_COLOR_TYPE_GRAY, 1, Bytes(size_t{kSide} * kSide / 8));
  EXPECT_THAT(data_failure([&] { read_image(file_); }), HasSubstr("more pixels"));
  EXPECT_THAT(data_failure([&] { read_mask(file_); }), HasSubstr("more pixels"));
}

// Fault matrix: 39
TEST_F(ImageFileTest, OtherFormatsAreNamed) {
  const auto text = folder_.write("note.jpg", "a note");
  EXPECT_THAT(data_failure([&] { read_image(text); }), HasSubstr("note.jpg: is no JPEG, PNG, WebP"));
  EXPECT_THAT(data_failure([&] { read_image(folder_.path() / "absent.png"); }), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace sslbench
