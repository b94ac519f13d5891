// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/grid.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

TEST(GridTest, CentresOfTheWholeImageAndOfAFlippedHalf) {
  const Tensor crops = at::tensor(std::vector<float>{0, 0, 1, 1, 1, 0, 0.5, 1}).view({2, 4});
  const Tensor centre_NHW2 = cell_centres(crops, 2, 2);
  EXPECT_TRUE(centre_NHW2[0][1][0].equal(at::tensor(std::vector<float>{0.25, 0.75})));
  EXPECT_TRUE(centre_NHW2[1][0][0].equal(at::tensor(std::vector<float>{0.875, 0.25})));
}

TEST(GridTest, AHeadOnCellsIsTheHeadOnEveryCellAlone) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const MlpHead head({.widths = {3, 8, 5}, .hidden_norm = HeadNorm::none}, generator);
  const Tensor map = at::arange(2 * 3 * 2 * 4, at::kFloat).sin().view({2, 3, 2, 4});
  const Tensor out = on_cells(head, map);
  EXPECT_EQ(out.sizes().vec(), (std::vector<int64_t>{2, 5, 2, 4}));
  const Tensor one = head(map.select(3, 3).select(2, 1));
  EXPECT_LT((out.select(3, 3).select(2, 1) - one).abs().max().item<float>(), 1e-6f);
}

}  // namespace
}  // namespace sslbench
