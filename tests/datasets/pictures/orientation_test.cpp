// SPDX-License-Identifier: Apache-2.0
#include "datasets/pictures/orientation.h"

#include <gtest/gtest.h>

#include "datasets/pictures/image_file.h"
#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/pictures/exif_block.h"

namespace sslbench {
namespace {

// 2 rows of 3 pixels whose red is 10 * row + column.
Image numbered() {
  Image image{2, 3, {}};
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) image.pixels.insert(image.pixels.end(), {static_cast<uint8_t>(10 * y + x), 0, 0});
  }
  return image;
}

std::vector<int> reds(const Image& image) {
  std::vector<int> out;
  for (size_t i = 0; i < image.pixels.size(); i += 3) out.push_back(image.pixels[i]);
  return out;
}

// Fault matrix: 39
TEST(OrientationTest, EveryValueTurnsAsPilDoes) {
  EXPECT_EQ(reds(oriented(numbered(), 1)), (std::vector{0, 1, 2, 10, 11, 12}));
  EXPECT_EQ(reds(oriented(numbered(), 2)), (std::vector{2, 1, 0, 12, 11, 10}));
  EXPECT_EQ(reds(oriented(numbered(), 3)), (std::vector{12, 11, 10, 2, 1, 0}));
  EXPECT_EQ(reds(oriented(numbered(), 4)), (std::vector{10, 11, 12, 0, 1, 2}));
  EXPECT_EQ(reds(oriented(numbered(), 5)), (std::vector{0, 10, 1, 11, 2, 12}));  // transposed
  EXPECT_EQ(reds(oriented(numbered(), 6)), (std::vector{10, 0, 11, 1, 12, 2}));  // a quarter turn clockwise
  EXPECT_EQ(reds(oriented(numbered(), 7)), (std::vector{12, 2, 11, 1, 10, 0}));
  EXPECT_EQ(reds(oriented(numbered(), 8)), (std::vector{2, 12, 1, 11, 0, 10}));
  EXPECT_EQ(oriented(numbered(), 6).height, 3);
}

TEST(OrientationTest, JpegTagIsReadInBothByteOrdersAndApplied) {
  const ScratchFolder folder;
  write_picture(folder, "a.jpg", 8, 16, 1);
  const std::string plain = read_file(folder.path() / "a.jpg");
  for (const bool big : {false, true}) {
    const std::string tagged = plain.substr(0, 2) + exif_segment(6, big) + plain.substr(2);
    EXPECT_EQ(image_orientation(tagged), 6);
    const Image image = decode_image(tagged, "a.jpg");
    EXPECT_EQ(image.height, 16);
    EXPECT_EQ(image.pixels, oriented(decode_image(plain, "a.jpg"), 6).pixels);
    EXPECT_EQ(decode_image(tagged, "a.jpg", false).height, 8);
  }
}

TEST(OrientationTest, DamagedBlocksCountAsNone) {
  const ScratchFolder folder;
  write_picture(folder, "a.jpg", 8, 16, 1);
  const std::string plain = read_file(folder.path() / "a.jpg"), segment = exif_segment(6, true);
  EXPECT_EQ(image_orientation(plain), 1);
  EXPECT_EQ(image_orientation(plain.substr(0, 2) + exif_segment(9, true) + plain.substr(2)), 1);
  for (size_t length = 0; length < segment.size(); ++length)
    image_orientation(plain.substr(0, 2) + segment.substr(0, length));
  std::string far = segment;
  far[14] = '\x7f';  // the directory lies beyond the file
  EXPECT_EQ(image_orientation(plain.substr(0, 2) + far + plain.substr(2)), 1);
}

}  // namespace
}  // namespace sslbench
