// SPDX-License-Identifier: Apache-2.0
#include "datasets/pictures/other_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <gif_lib.h>
#include <tiffio.h>
#include <webp/encode.h>

#include "datasets/pictures/image_file.h"
#include "suites/files/atomic_file.h"
#include "tests/datasets/pictures/picture_writer.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using Bytes = std::vector<uint8_t>;
using testing::HasSubstr;

// RGB or RGBA of 5 x 7 pixels.
Bytes pattern(size_t channels, unsigned seed) {
  Bytes out;
  for (size_t i = 0; i < 35 * channels; ++i) out.push_back(static_cast<uint8_t>(i * 29 + seed * 71));
  return out;
}

Bytes without_alpha(const Bytes& rgba) {
  Bytes out;
  for (size_t i = 0; i < rgba.size(); i += 4) out.insert(out.end(), {rgba[i], rgba[i + 1], rgba[i + 2]});
  return out;
}

std::string lossless_webp(const Bytes& rgba) {
  WebPConfig config;
  WebPPicture picture;
  WebPConfigInit(&config), WebPPictureInit(&picture);
  config.lossless = 1, config.exact = 1;
  picture.use_argb = 1, picture.width = 7, picture.height = 5;
  WebPPictureImportRGBA(&picture, rgba.data(), 4 * 7);
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  picture.writer = WebPMemoryWrite, picture.custom_ptr = &writer;
  EXPECT_NE(WebPEncode(&config, &picture), 0);
  std::string out(reinterpret_cast<const char*>(writer.mem), writer.size);
  WebPMemoryWriterClear(&writer), WebPPictureFree(&picture);
  return out;
}

class OtherPicturesTest : public testing::Test {
 protected:
  // `extra`: 0, or EXTRASAMPLE_UNASSALPHA.
  void write_tiff(const Bytes& values, uint16_t channels, uint16_t compression, uint16_t extra = 0,
                  uint16_t orientation = ORIENTATION_TOPLEFT) {
    TIFF* tiff = TIFFOpen(file_.c_str(), "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 7);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 5);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, channels);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, channels < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, orientation);
    if (extra != 0) TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &extra);
    Bytes rows = values;
    for (uint32_t y = 0; y < 5; ++y) TIFFWriteScanline(tiff, &rows[size_t{y} * 7 * channels], y, 0);
    TIFFClose(tiff);
  }

  // One frame of 3 x 2 pixels at (2, 1) on a canvas of 7 x 5; `transparent`: a colour, or -1.
  void write_gif(const Bytes& indices, int transparent) {
    int error = 0;
    GifFileType* gif = EGifOpenFileName(file_.c_str(), false, &error);
    const std::vector<GifColorType> colours{{9, 8, 7}, {200, 0, 0}, {0, 200, 0}, {0, 0, 200}};
    ColorMapObject* map = GifMakeMapObject(4, colours.data());
    EGifSetGifVersion(gif, true);
    EGifPutScreenDesc(gif, 7, 5, 8, 0, map);
    if (transparent >= 0) {
      const GraphicsControlBlock control{DISPOSAL_UNSPECIFIED, false, 0, transparent};
      GifByteType block[4];
      EGifGCBToExtension(&control, block);
      EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, block);
    }
    EGifPutImageDesc(gif, 2, 1, 3, 2, false, nullptr);
    Bytes rows = indices;
    for (size_t y = 0; y < 2; ++y) EGifPutLine(gif, &rows[3 * y], 3);
    EGifPutImageDesc(gif, 0, 0, 1, 1, false, nullptr);  // a second frame, which is not read
    EGifPutLine(gif, rows.data(), 1);
    EGifCloseFile(gif, &error);
    GifFreeMapObject(map);
  }

  static std::string zeros(size_t count) { return std::string(count, '\0'); }
  static std::string number(uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * i);
    return out;
  }
  // BITMAPINFOHEADER with what follows it.
  static std::string bmp(int32_t width, int32_t height, uint32_t bits, uint32_t coding, const std::string& palette,
                         const std::string& rows) {
    return "BM" + zeros(8) + number(static_cast<uint32_t>(54 + palette.size()), 4) + number(40, 4) +
           number(static_cast<uint32_t>(width), 4) + number(static_cast<uint32_t>(height), 4) + number(1, 2) +
           number(bits, 2) + number(coding, 4) + zeros(20) + palette + rows;
  }
  static Bytes pixels(const std::string& bytes) { return decode_image(bytes, "x").pixels; }

  ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / "picture";
};

TEST_F(OtherPicturesTest, WebpIsReadAndItsAlphaDropped) {
  const Bytes rgba = pattern(4, 1);
  const Image image = decode_image(lossless_webp(rgba), "x.webp");
  EXPECT_EQ(image.height, 5);
  EXPECT_EQ(image.width, 7);
  EXPECT_EQ(image.pixels, without_alpha(rgba));
}

TEST_F(OtherPicturesTest, OfAnAnimatedWebpTheFirstFrameIsRead) {
  const auto chunk = [](const std::string& name, const std::string& content) {
    return name + number(static_cast<uint32_t>(content.size()), 4) + content + std::string(content.size() % 2, '\0');
  };
  std::string body = "WEBP" + chunk("VP8X", number(0x12, 4) + number(6, 3) + number(4, 3)) + chunk("ANIM", zeros(6));
  for (const unsigned seed : {1u, 2u}) {
    const std::string frame = lossless_webp(pattern(4, seed)).substr(12);  // behind RIFF, size, WEBP
    body += chunk("ANMF", zeros(6) + number(6, 3) + number(4, 3) + number(100, 3) + number(2, 1) + frame);
  }
  EXPECT_EQ(pixels(chunk("RIFF", body)), without_alpha(pattern(4, 1)));
}

TEST_F(OtherPicturesTest, TiffIsReadInGrayAndColourWithoutBlending) {
  const Bytes rgb = pattern(3, 2), rgba = pattern(4, 3), gray = pattern(1, 4);
  write_tiff(rgb, 3, COMPRESSION_LZW);
  EXPECT_EQ(read_image(file_).pixels, rgb);
  write_tiff(rgba, 4, COMPRESSION_NONE, EXTRASAMPLE_UNASSALPHA);
  EXPECT_EQ(read_image(file_).pixels, without_alpha(rgba)) << "PIL drops alpha, libtiff alone multiplies by it";
  write_tiff(gray, 1, COMPRESSION_ADOBE_DEFLATE);
  EXPECT_EQ(read_image(file_).pixels[3 * 20], gray[20]);
}

TEST_F(OtherPicturesTest, TiffIsTurnedByItsOrientation) {
  const Bytes rgb = pattern(3, 2);
  write_tiff(rgb, 3, COMPRESSION_NONE, 0, ORIENTATION_RIGHTTOP);
  const Image image = read_image(file_);
  EXPECT_EQ(image.height, 7);
  EXPECT_EQ(image.pixels[0], rgb[3 * 7 * 4]) << "the lower left corner comes to the upper left";
  const PictureSize size = picture_size(read_file(file_), file_);
  EXPECT_EQ(size.height, 7);
  EXPECT_EQ(picture_size(read_file(file_), file_, false).height, 5);
}

TEST_F(OtherPicturesTest, OfAGifTheFirstFrameLiesOnItsTransparentColour) {
  write_gif({1, 2, 3, 3, 2, 1}, 2);
  const Image image = read_image(file_);
  EXPECT_EQ(image.height, 5);
  EXPECT_EQ(image.width, 7);
  const auto at = [&](int x, int y) { return image.pixels[3 * static_cast<size_t>(7 * y + x) + 1]; };
  EXPECT_EQ(at(0, 0), 200) << "PIL fills with the transparent colour, whose RGB stays";
  EXPECT_EQ(image.pixels[3 * (7 + 2)], 200);
  write_gif({1, 2, 3, 3, 2, 1}, -1);
  EXPECT_EQ(read_image(file_).pixels[0], 9) << "else with the first";
}

TEST_F(OtherPicturesTest, BitmapsOfEveryDepthAreRead) {
  const std::string palette = std::string("\x07\x08\x09\0\x03\x02\x01\0", 8);
  EXPECT_EQ(pixels(bmp(3, 1, 1, 0, palette, std::string("\x40\0\0\0", 4))), (Bytes{9, 8, 7, 1, 2, 3, 9, 8, 7}));
  EXPECT_EQ(pixels(bmp(3, 1, 4, 0, palette, std::string("\x10\x10\0\0", 4))), (Bytes{1, 2, 3, 9, 8, 7, 1, 2, 3}));
  EXPECT_EQ(pixels(bmp(1, 2, 8, 0, palette, std::string("\x01\0\0\0\0\0\0\0", 8))), (Bytes{9, 8, 7, 1, 2, 3}))
      << "from the bottom up";
  EXPECT_EQ(pixels(bmp(1, -2, 24, 0, "", std::string("\x03\x02\x01\0\x06\x05\x04\0", 8))), (Bytes{1, 2, 3, 4, 5, 6}))
      << "or from the top down";
  EXPECT_EQ(pixels(bmp(1, 1, 32, 0, "", "\x03\x02\x01\xFF")), (Bytes{1, 2, 3}));
  EXPECT_EQ(pixels(bmp(1, 1, 16, 0, "", std::string("\x1F\x7C\0\0", 4))), (Bytes{255, 0, 255}));
}

TEST_F(OtherPicturesTest, BitmapsThatAreNotReadSayWhy) {
  const auto failure = [](const std::string& bytes) { return data_failure([&] { decode_image(bytes, "a.bmp"); }); };
  EXPECT_THAT(failure(bmp(1, 1, 8, 1, "", "")), HasSubstr("a.bmp: damaged or unfit BMP: run-length coded"));
  EXPECT_THAT(failure(bmp(1 << 20, 1 << 20, 24, 0, "", "")), HasSubstr("more pixels than a picture may have"));
  EXPECT_THAT(failure(bmp(5, 5, 24, 0, "", "abc")), HasSubstr("the file ends early"));
  EXPECT_THAT(failure(bmp(0, 5, 24, 0, "", "")), HasSubstr("without pixels"));
}

// Fault matrix: 38
TEST_F(OtherPicturesTest, FilesCutAnywhereAreErrors) {
  std::vector<std::string> wholes{lossless_webp(pattern(4, 1)), bmp(2, 1, 24, 0, "", "abcdefgh")};
  write_tiff(pattern(3, 2), 3, COMPRESSION_LZW);
  wholes.push_back(read_file(file_));
  for (const std::string& whole : wholes) {
    for (size_t length = 2; length < whole.size() - 1; length += 3) {
      EXPECT_THROW(decode_image(whole.substr(0, length), "cut"), RunFailure) << length << " of " << whole.size();
    }
  }
}

TEST_F(OtherPicturesTest, SizesAreCheckedBeforeMemoryIsTaken) {
  write_tiff(pattern(1, 1), 1, COMPRESSION_NONE);
  std::string bytes = read_file(file_);
  const size_t width = bytes.find(std::string("\x00\x01\x03\x00\x01\x00\x00\x00\x07\x00", 10));
  ASSERT_NE(width, std::string::npos);
  bytes.replace(width + 8, 2, "\xFF\xFF");
  EXPECT_THROW(decode_image(bytes, "x"), RunFailure) << "fewer bytes than pixels";
  bytes.replace(width + 2, 10, std::string("\x04\x00\x01\x00\x00\x00\xFF\xFF\xFF\x7F", 10));
  EXPECT_THAT(data_failure([&] { decode_image(bytes, "x"); }), HasSubstr("more pixels"));
}

TEST_F(OtherPicturesTest, KindsThatAreNotReadAreNamed) {
  const auto failure = [](const std::string& bytes) { return data_failure([&] { decode_image(bytes, "a.jpg"); }); };
  EXPECT_THAT(failure(std::string("\0\0\0\x18"
                                  "ftypheic",
                                  12)),
              HasSubstr("a.jpg: is a HEIC picture, which is not read"));
  EXPECT_THAT(failure(std::string("\0\0\0\x18"
                                  "ftypavif",
                                  12)),
              HasSubstr("is an AVIF picture"));
  EXPECT_THAT(failure("<!DOCTYPE HTML><html>"), HasSubstr("is a web page"));
  EXPECT_THAT(failure("8BPS"), HasSubstr("is a Photoshop file"));
  EXPECT_THAT(failure(""), HasSubstr("is empty"));
  EXPECT_THAT(failure("hello"), HasSubstr("is no JPEG, PNG, WebP, TIFF, GIF or BMP picture"));
}

TEST_F(OtherPicturesTest, CmykJpegIsTakenAsInvertedWithoutAdobesMarker) {
  Bytes values;
  for (int i = 0; i < 64; ++i) values.insert(values.end(), {255, 128, 0, 255});
  write_jpeg(file_, 8, 8, JCS_CMYK, 4, values);
  std::string bytes = read_file(file_);
  const size_t marker = bytes.find("\xFF\xEE");
  ASSERT_NE(marker, std::string::npos);
  bytes.erase(marker, 16);
  const Image image = decode_image(bytes, "x");
  EXPECT_NEAR(image.pixels[0], 255, 2);
  EXPECT_NEAR(image.pixels[1], 128, 2);
  EXPECT_NEAR(image.pixels[2], 0, 2);
}

}  // namespace
}  // namespace sslbench
