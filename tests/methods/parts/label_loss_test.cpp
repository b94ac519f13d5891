// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/label_loss.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

TEST(LabelLossTest, MixedLabelsWeighTheLossOfEither) {
  const at::Tensor logits_NC = at::arange(12, at::kDouble).sin().view({3, 4});
  const at::Tensor labels_N = at::tensor(std::vector<int64_t>{0, 3, 1}), others_N = labels_N.roll(-1, 0);
  const at::Tensor all = at::ones({3}, at::kDouble), half = all * 0.5;
  const double own = label_cross_entropy(logits_NC, labels_N, 0.1).item<double>();
  const double other = label_cross_entropy(logits_NC, others_N, 0.1).item<double>();
  EXPECT_NEAR(mixed_cross_entropy(logits_NC, labels_N, others_N, all, 0.1).item<double>(), own, 1e-12);
  EXPECT_NEAR(mixed_cross_entropy(logits_NC, labels_N, others_N, half, 0.1).item<double>(), (own + other) / 2, 1e-12);
}

TEST(LabelLossTest, ImagesWithoutALabelCountNowhere) {
  const at::Tensor logits_NC = at::arange(12, at::kDouble).sin().view({3, 4}),
                   labels_N = at::tensor({-1, 3, 1}, at::kLong);
  const at::Tensor known_MC = logits_NC.narrow(0, 1, 2), known_M = labels_N.narrow(0, 1, 2);
  EXPECT_TRUE(label_cross_entropy(logits_NC, labels_N, 0.1).equal(label_cross_entropy(known_MC, known_M, 0.1)));
  EXPECT_TRUE(label_accuracy(logits_NC, labels_N).equal(label_accuracy(known_MC, known_M)));
  const at::Tensor share_N = at::ones({3}, at::kDouble);
  const double sum = 2 * label_cross_entropy(known_MC, known_M, 0.1).item<double>();
  EXPECT_NEAR(mixed_cross_entropy(logits_NC, labels_N, labels_N, share_N, 0.1).item<double>(), sum / 3, 1e-12);
}

}  // namespace
}  // namespace sslbench
