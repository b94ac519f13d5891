// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/data/item_picture.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

Item plain(int32_t height, int32_t width) {
  Item item;
  item.image = {height, width, std::vector<uint8_t>(static_cast<size_t>(height) * static_cast<size_t>(width) * 3, 77)};
  return item;
}

TEST(ItemPictureTest, PicturesOfAnyAspectAreDrawnFromTheirOwnPixels) {
  for (const auto& [height, width] : {std::pair(10, 20000), std::pair(20000, 10), std::pair(1, 2000), std::pair(600, 1),
                                      std::pair(2, 3000), std::pair(1, 1), std::pair(300, 257)}) {
    const Picture picture = item_picture(plain(height, width), false);
    EXPECT_GE(picture.height, 1);
    EXPECT_GE(picture.width, 1);
    EXPECT_LE(std::max(picture.height, picture.width), 256);
    for (const uint8_t value : picture.rgb) ASSERT_EQ(value, 77) << height << "x" << width;
  }
}

TEST(ItemPictureTest, OfAThinPictureTheMiddleIsShown) {
  Item item = plain(3, 3000);
  std::fill(item.image.pixels.begin() + 3 * 3000, item.image.pixels.begin() + 2 * 3 * 3000, uint8_t{5});
  EXPECT_EQ(item_picture(item, false).rgb.at(0), 5);
}

TEST(ItemPictureTest, BoxesFollowTheirPicture) {
  Item item = plain(100, 512);
  item.boxes = {{.x0 = 100, .y0 = 20, .x1 = 400, .y1 = 80}};
  const Picture picture = item_picture(item, false);
  EXPECT_EQ(picture.width, 256);
  EXPECT_EQ(picture.height, 50);
  const auto drawn = [&](int x, int y) { return picture.rgb[3 * static_cast<size_t>(256 * y + x)] != 77; };
  EXPECT_TRUE(drawn(50, 25));
  EXPECT_TRUE(drawn(199, 25));
  EXPECT_FALSE(drawn(100, 25));
}

}  // namespace
}  // namespace sslbench
