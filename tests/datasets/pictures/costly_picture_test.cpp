// SPDX-License-Identifier: Apache-2.0
// Small picture files that ask for much work or memory.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <zlib.h>

#include "datasets/pictures/image_file.h"
#include "tests/datasets/pictures/jpeg_bytes.h"
#include "tests/datasets/pictures/picture_writer.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

// A progressive picture of one colour whose last scan stands there `times` times.
std::string with_scans(int side, int times) {
  const Image flat{side, side, std::vector<uint8_t>(static_cast<size_t>(side) * static_cast<size_t>(side) * 3, 77)};
  const std::string jpeg = jpeg_bytes(flat, {.progressive = true});
  const size_t scan = jpeg.rfind("\xFF\xDA"), end = jpeg.rfind("\xFF\xD9");
  std::string out = jpeg.substr(0, scan);
  for (int i = 0; i < times; ++i) out += jpeg.substr(scan, end - scan);
  return out + jpeg.substr(end);
}

TEST(CostlyPictureTest, ScansAreLimitedByThePixelsTheyGoOver) {
  EXPECT_EQ(decode_image(with_scans(64, 300), "small.jpg").height, 64);
  EXPECT_THAT(data_failure([] { decode_image(with_scans(64, 600), "small.jpg"); }), HasSubstr("more scans"));
  EXPECT_EQ(decode_image(with_scans(2048, 10), "large.jpg").height, 2048);
  EXPECT_THAT(data_failure([] { decode_image(with_scans(2048, 80), "large.jpg"); }), HasSubstr("more scans"));
}

int64_t peak_kilobytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

void append_big_endian(std::string& to, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(value >> shift);
}

std::string png_chunk(const std::string& name, const std::string& content) {
  std::string out, checked = name + content;
  append_big_endian(out, static_cast<uint32_t>(content.size()));
  out += checked;
  append_big_endian(out, static_cast<uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(checked.data()),
                                                       static_cast<uInt>(checked.size()))));
  return out;
}

std::string deflated(const std::string& text) {
  uLongf size = ::compressBound(text.size());
  std::string out(size, '\0');
  ::compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size(), 9);
  out.resize(size);
  return out;
}

TEST(CostlyPictureTest, TextsOfAPngAreNotUnpacked) {
  const ScratchFolder folder;
  write_png(folder.path() / "a.png", 4, 5, PNG_COLOR_TYPE_RGB, 8, std::vector<uint8_t>(60, 9));
  const std::string png = read_image_bytes(folder.path() / "a.png");
  const size_t after_header = 8 + 12 + 13;
  const std::string packed = deflated(std::string(size_t{48} << 20, 'x'));
  std::string bomb = png.substr(0, after_header);
  for (int i = 0; i < 8; ++i) bomb += png_chunk("zTXt", std::string("key\0\0", 5) + packed);
  for (int i = 0; i < 8; ++i) bomb += png_chunk("iTXt", std::string("key\0\1\0\0\0", 8) + packed);
  bomb += png_chunk("iCCP", std::string("name\0\0", 6) + packed) + png.substr(after_header);
  const int64_t before = peak_kilobytes();
  EXPECT_EQ(decode_image(bomb, "bomb.png").pixels, decode_image(png, "a.png").pixels);
  EXPECT_LT(peak_kilobytes() - before, 32 << 10);
}

}  // namespace
}  // namespace sslbench
