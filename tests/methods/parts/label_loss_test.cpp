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

}  // namespace
}  // namespace sslbench
