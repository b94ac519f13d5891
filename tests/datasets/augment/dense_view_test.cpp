// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/dense_view.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

// A white rectangle on black, its box and its mask.
Item marked_item() {
  Item item{.image = {40, 60, std::vector<uint8_t>(40 * 60 * 3)}, .boxes = {{12, 8, 30, 20, 0, false}}};
  item.mask = {40, 60, std::vector<uint8_t>(40 * 60)};
  for (int y = 8; y < 20; ++y) {
    for (int x = 12; x < 30; ++x) {
      item.mask.labels[static_cast<size_t>(y * 60 + x)] = 3;
      for (int c = 0; c < 3; ++c) item.image.pixels[static_cast<size_t>((y * 60 + x) * 3 + c)] = 255;
    }
  }
  return item;
}

TEST(DenseViewTest, ImageBoxAndMaskMoveTogether) {
  const Item item = marked_item();
  DenseRecipe recipe{.height = 20, .width = 30, .brightness = 0, .contrast = 0, .saturation = 0, .hue = 0};
  for (const float flip : {0.f, 1.f}) {
    recipe.flip = flip;
    std::vector<float> out(20 * 30 * 3);
    const DenseTruth truth = render_dense(item, recipe, RandomStream(1, RandomUse::view, 0, 0), {}, out.data());
    ASSERT_EQ(truth.boxes.size(), 1u);
    const Box& box = truth.boxes[0];
    EXPECT_EQ(box.x0, flip == 0 ? 6 : 15);
    EXPECT_EQ(box.x1, flip == 0 ? 15 : 24);
    EXPECT_EQ(box.y0, 4);
    EXPECT_EQ(box.y1, 10);
    for (int y = 0; y < 20; ++y) {
      for (int x = 0; x < 30; ++x) {
        const bool inside = x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1;
        ASSERT_EQ(truth.mask.labels[static_cast<size_t>(y * 30 + x)], inside ? 3 : 0);
        const float value = out[static_cast<size_t>((y * 30 + x) * 3)];
        ASSERT_EQ(value > 0.5f, inside) << x << "," << y << " = " << value;
      }
    }
  }
}

TEST(DenseViewTest, MaskKeepsItsClassesAndIgnoredPixels) {
  Mask mask{7, 5, std::vector<uint8_t>(35)};
  for (size_t i = 0; i < 35; ++i) mask.labels[i] = i % 2 == 0 ? Mask::kIgnore : 4;
  for (const uint8_t label : resize_mask(mask, 13, 3, true).labels) EXPECT_TRUE(label == Mask::kIgnore || label == 4);
  EXPECT_EQ(resize_mask(mask, 7, 5, false).labels, mask.labels);
}

TEST(DenseViewTest, ItemWithoutMaskGivesNone) {
  Item item = marked_item();
  item.mask = {};
  std::vector<float> out(8 * 8 * 3);
  EXPECT_TRUE(render_dense(item, {.height = 8, .width = 8}, RandomStream(1, RandomUse::view, 0, 0), {}, out.data())
                  .mask.labels.empty());
}

}  // namespace
}  // namespace sslbench
