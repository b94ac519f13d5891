// SPDX-License-Identifier: Apache-2.0
// The losses of the method files against what their authors' code computes.
#include <gtest/gtest.h>

#include "tests/golden/golden_case.h"

namespace sslbench {

namespace simclr {
Tensor nt_xent(const Tensor& z1_ND, const Tensor& z2_ND, double tau);
}
namespace triplet {
Tensor triplet_margin(const Tensor& anchor_ND, const Tensor& positive_ND, const Tensor& negative_ND, double margin);
}
namespace autoencoder {
Tensor reconstruction_loss(const Tensor& reconstruction_NCHW, const Tensor& target_NCHW);
}
namespace multitask {
Tensor multitask_loss(const Tensor& cross_entropy, const Tensor& box_mse, double class_weight, double box_weight);
}

namespace {

TEST(LossesTest, NtXentEqualsThePublishedOne) {
  for (const std::string& file : golden_files("losses", "nt_xent")) {
    const GoldenCase golden(file);
    const Tensor z1 = golden.leaf("in.z1"), z2 = golden.leaf("in.z2");
    const Tensor loss = simclr::nt_xent(z1, z2, golden.settings().at("temperature"));
    loss.backward();
    golden.expect("out.loss", loss);
    golden.expect_gradient("z1", z1);
    golden.expect_gradient("z2", z2);
  }
}

TEST(LossesTest, NtXentDoesNotDependOnTheOrderOfPairs) {
  const Tensor z1 = at::arange(40, at::kFloat).sin().view({8, 5}), z2 = at::arange(40, at::kFloat).cos().view({8, 5});
  const Tensor order = at::tensor(std::vector<int64_t>{3, 1, 7, 0, 2, 6, 5, 4});
  const double straight = simclr::nt_xent(z1, z2, 0.3).item<double>();
  const double shuffled = simclr::nt_xent(z1.index_select(0, order), z2.index_select(0, order), 0.3).item<double>();
  EXPECT_NEAR(straight, shuffled, 1e-5);
}

TEST(LossesTest, TripletMarginEqualsThePublishedOne) {
  for (const std::string& file : golden_files("losses", "triplet_margin")) {
    const GoldenCase golden(file);
    const Tensor anchor = golden.leaf("in.anchor"), positive = golden.leaf("in.positive"),
                 negative = golden.leaf("in.negative");
    const Tensor loss = triplet::triplet_margin(anchor, positive, negative, golden.settings().at("margin"));
    loss.backward();
    golden.expect("out.loss", loss);
    golden.expect_gradient("anchor", anchor);
    golden.expect_gradient("positive", positive);
    golden.expect_gradient("negative", negative);
  }
}

TEST(LossesTest, ReconstructionEqualsThePublishedOne) {
  for (const std::string& file : golden_files("losses", "autoencoder_mse")) {
    const GoldenCase golden(file);
    const Tensor reconstruction = golden.leaf("in.reconstruction");
    const Tensor loss = autoencoder::reconstruction_loss(reconstruction, golden.at("in.target"));
    loss.backward();
    golden.expect("out.loss", loss);
    golden.expect_gradient("reconstruction", reconstruction);
  }
}

TEST(LossesTest, MultitaskEqualsThePublishedOne) {
  for (const std::string& file : golden_files("losses", "multitask_ce_mse")) {
    const GoldenCase golden(file);
    const Tensor logits = golden.leaf("in.logits"), found = golden.leaf("in.reconstruction");
    const Tensor loss = multitask::multitask_loss(
        at::cross_entropy_loss(logits, golden.at("in.labels")), at::mse_loss(found, golden.at("in.target")),
        golden.settings().at("ce_weight"), golden.settings().at("mse_weight"));
    loss.backward();
    golden.expect("out.loss", loss);
    golden.expect_gradient("logits", logits);
    golden.expect_gradient("reconstruction", found);
  }
}

}  // namespace
}  // namespace sslbench
