// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "tests/methods/small_method.h"
#include "tests/methods/smooth_batch.h"

namespace sslbench {
namespace {

// Without noise it is the autoencoder: the target is the clean image.
TEST(DenoisingAutoencoderTest, WithoutNoiseItIsTheAutoencoder) {
  const TrainBatch batch = smooth_batch(1, 4);
  const auto plain = small_method("autoencoder"), clean = small_method("denoising_autoencoder", {{"level", 0.0}}),
             noisy = small_method("denoising_autoencoder", {{"level", 0.5}});
  const float want = plain->loss(batch, {}).total.item<float>();
  EXPECT_EQ(clean->loss(batch, {}).total.item<float>(), want);
  EXPECT_NE(noisy->loss(batch, {}).total.item<float>(), want);
}

TEST(DenoisingAutoencoderTest, AResidualStartsFromTheImageThatItSees) {
  const TrainBatch batch = smooth_batch(1, 4);
  const auto whole = small_method("denoising_autoencoder", {{"noise", "turns"}}),
             residual = small_method("denoising_autoencoder", {{"noise", "turns"}, {"residual", true}});
  const at::NoGradGuard no_grad;
  const std::vector<Tensor> painted = whole->paint(batch), passed = residual->paint(batch);
  EXPECT_TRUE(painted[0].equal(passed[0]));
  EXPECT_TRUE(passed[1].allclose(passed[0] + painted[1], 1e-5, 1e-5));
}

TEST(DenoisingAutoencoderTest, AResidualWithoutNoiseIsRefused) {
  EXPECT_THROW(small_method("autoencoder", {{"residual", true}}), UserError);
}

}  // namespace
}  // namespace sslbench
