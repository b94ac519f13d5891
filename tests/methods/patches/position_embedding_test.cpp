// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/position_embedding.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// The rule for grids that are not square: mae runs row by row, moco_v3 column by column.
TEST(PositionEmbeddingTest, SincosOrdersOfAWideGridAreTransposes) {
  const at::Tensor mae = sincos_pos_embed(8, 2, 3, false),
                   moco = sincos_pos_embed(8, 2, 3, false, SincosOrder::moco_v3);
  EXPECT_TRUE(mae.view({2, 3, 8}).transpose(0, 1).reshape({6, 8}).equal(moco));
}

}  // namespace
}  // namespace sslbench
