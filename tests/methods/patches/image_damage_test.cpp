// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/image_damage.h"

#include <gtest/gtest.h>

#include "methods/patches/pixel_noise.h"
#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

Tensor damaged(const nlohmann::json& given, const TrainBatch& batch) {
  const ImageDamage damage(Settings("test", damage_options("none"), given), 3);
  return damage(batch, damage.draw(batch));
}

TEST(ImageDamageTest, DamagesTheShareThatWasAskedFor) {
  const Tensor x = noise_batch(4).views[0] + 9;
  const Tensor uniform = uniform_pixels(x.sizes(), {5, 6, 7, 8}, {1, 2, 0});
  EXPECT_NEAR(masked(x, uniform, 0.25).eq(0).to(at::kFloat).mean().item<float>(), 0.25, 0.01);
  EXPECT_NEAR(salted(x, uniform, 0.25).ne(x).to(at::kFloat).mean().item<float>(), 0.25, 0.01);
  EXPECT_TRUE(masked(x, uniform, 0).equal(x));
}

TEST(ImageDamageTest, HolesHideWholeSquaresInAllChannels) {
  const Tensor x = noise({2, 3, 10, 10}, 1) + 9;
  const Tensor uniform =
      at::tensor(std::vector<float>{0, 1, 1, 1, 1, 1, 1, 1, 0}).view({1, 1, 3, 3}).expand({2, 1, 3, 3});
  const Tensor hidden = with_holes(x, uniform, 4, 0.5).eq(0);
  EXPECT_TRUE(hidden.narrow(2, 0, 4).narrow(3, 0, 4).all().item<bool>());
  EXPECT_TRUE(hidden.narrow(2, 8, 2).narrow(3, 8, 2).all().item<bool>());  // cut off where the image ends
  EXPECT_EQ(hidden.sum().item<int64_t>(), 2 * 3 * (16 + 4));
}

TEST(ImageDamageTest, DroppedColourLeavesTheMeanOfTheChannels) {
  const TrainBatch batch = noise_batch(16);
  const Tensor& x = batch.views[0];
  EXPECT_TRUE(damaged({{"drop_colour", 1.0}}, batch).allclose(x.mean(1, true).expand_as(x)));
  const Tensor kept_N = damaged({{"drop_colour", 0.5}}, batch).eq(x).flatten(1).all(1);
  EXPECT_TRUE(kept_N.any().item<bool>());
  EXPECT_FALSE(kept_N.all().item<bool>());
}

TEST(ImageDamageTest, WithoutNoiseTheImageStays) {
  const TrainBatch batch = noise_batch(4);
  EXPECT_TRUE(damaged({}, batch).equal(batch.views[0]));
}

TEST(ImageDamageTest, IsAFunctionOfTheSampleAlone) {
  const TrainBatch batch = noise_batch(4);
  TrainBatch last = batch;
  last.views[0] = batch.views[0].narrow(0, 3, 1), last.samples = {3};
  for (const char* noise : {"masking", "gaussian", "salt_and_pepper", "holes", "turns"}) {
    const nlohmann::json given = {{"noise", noise}, {"drop_colour", 0.5}};
    EXPECT_TRUE(damaged(given, batch)[3].equal(damaged(given, last)[0])) << noise;
  }
}

}  // namespace
}  // namespace sslbench
