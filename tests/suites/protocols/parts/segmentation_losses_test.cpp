// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/segmentation_losses.h"

#include <gtest/gtest.h>

#include "datasets/image.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

TEST(SegmentationLossesTest, RowsGiveTheCrossEntropyOfMapsAndItsGradient) {
  const at::Tensor weights_K = at::tensor({0.5f, 1.f, 2.f});
  at::Tensor labels_NHW = at::arange(2 * 4 * 5, at::kLong).remainder(3).view({2, 4, 5});
  labels_NHW[0][1].fill_(Mask::kIgnore);
  const at::Tensor maps = at::randn({2, 3, 4, 5}).contiguous(at::MemoryFormat::ChannelsLast).set_requires_grad(true);
  const at::Tensor rows = maps.detach().clone().set_requires_grad(true);
  const at::Tensor valid = labels_NHW.ne(Mask::kIgnore);
  const at::Tensor weight = weights_K.index_select(0, labels_NHW.masked_select(valid)).sum();
  const at::Tensor want = semantic_cross_entropy(maps, labels_NHW, weights_K);
  const at::Tensor got = cross_entropy_of_rows(rows, labels_NHW, weights_K) / weight;
  EXPECT_TRUE(got.allclose(want, 1e-5, 1e-6));
  want.backward();
  got.backward();
  EXPECT_TRUE(rows.grad().allclose(maps.grad(), 1e-5, 1e-7));
}

}  // namespace
}  // namespace sslbench
