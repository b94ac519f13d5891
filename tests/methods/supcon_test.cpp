// SPDX-License-Identifier: Apache-2.0
#include "methods/supcon.h"

#include <gtest/gtest.h>

#include "methods/simclr.h"
#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

// One image a class, or no labels at all: nothing but the other view is a positive.
TEST(SupConTest, IsSimclrWhenEveryImageIsAloneInItsClass) {
  const Tensor z1 = noise({6, 8}, 1), z2 = noise({6, 8}, 2), both = at::stack({z1, z2}, 1);
  const double simclr = simclr::nt_xent(z1, z2, 0.5).item<double>();
  for (const Tensor& labels : {at::arange(6, at::kLong), at::full({6}, -1, at::kLong)}) {
    EXPECT_NEAR(supcon::sup_con(both, labels, {0.5, 0.5, false, supcon::Variant::out}).item<double>(), simclr, 1e-5);
  }
}

TEST(SupConTest, IsLowerWhenClassesAreTogether) {
  const Tensor centre = noise({2, 8}, 3), labels = at::tensor(std::vector<int64_t>{0, 0, 0, 1, 1, 1});
  const Tensor sorted = (centre.index_select(0, labels).unsqueeze(1) + 0.1 * noise({6, 2, 8}, 4));
  const Tensor mixed = sorted.index_select(0, at::tensor(std::vector<int64_t>{0, 3, 1, 4, 2, 5}));
  for (const auto variant : {supcon::Variant::out, supcon::Variant::in}) {
    EXPECT_LT(supcon::sup_con(sorted, labels, {0.1, 0.1, false, variant}).item<double>(),
              supcon::sup_con(mixed, labels, {0.1, 0.1, false, variant}).item<double>());
  }
}

}  // namespace
}  // namespace sslbench
