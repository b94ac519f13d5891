// SPDX-License-Identifier: Apache-2.0
#include "methods/simclr.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

TEST(SimClrTest, NtXentDoesNotDependOnTheOrderOfPairs) {
  const Tensor z1 = at::arange(40, at::kFloat).sin().view({8, 5}), z2 = at::arange(40, at::kFloat).cos().view({8, 5});
  const Tensor order = at::tensor(std::vector<int64_t>{3, 1, 7, 0, 2, 6, 5, 4});
  const double straight = simclr::nt_xent(z1, z2, 0.3).item<double>();
  const double shuffled = simclr::nt_xent(z1.index_select(0, order), z2.index_select(0, order), 0.3).item<double>();
  EXPECT_NEAR(straight, shuffled, 1e-5);
}

}  // namespace
}  // namespace sslbench
