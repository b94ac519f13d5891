// SPDX-License-Identifier: Apache-2.0
#include "methods/denoising_autoencoder.h"

#include <gtest/gtest.h>

#include "methods/patches/pixel_noise.h"
#include "tests/methods/small_method.h"
#include "tests/methods/smooth_batch.h"

namespace sslbench {
namespace {

using namespace denoising_autoencoder;

TEST(DenoisingAutoencoderTest, DamagesTheShareThatWasAskedFor) {
  const Tensor x = smooth_batch(1, 4).views[0] + 3;
  const Tensor uniform = uniform_pixels(x, {5, 6, 7, 8}, {1, 2, 0});
  EXPECT_NEAR(masked(x, uniform, 0.25).eq(0).to(at::kFloat).mean().item<float>(), 0.25, 0.01);
  EXPECT_NEAR(salted(x, uniform, 0.25).ne(x).to(at::kFloat).mean().item<float>(), 0.25, 0.01);
  EXPECT_TRUE(masked(x, uniform, 0).equal(x));
}

// Without noise it is the autoencoder: the target is the clean image.
TEST(DenoisingAutoencoderTest, WithoutNoiseItIsTheAutoencoder) {
  const TrainBatch batch = smooth_batch(1, 4);
  const auto plain = small_method("autoencoder"), clean = small_method("denoising_autoencoder", {{"level", 0.0}}),
             noisy = small_method("denoising_autoencoder", {{"level", 0.5}});
  const float want = plain->loss(batch, {}).total.item<float>();
  EXPECT_EQ(clean->loss(batch, {}).total.item<float>(), want);
  EXPECT_NE(noisy->loss(batch, {}).total.item<float>(), want);
}

}  // namespace
}  // namespace sslbench
