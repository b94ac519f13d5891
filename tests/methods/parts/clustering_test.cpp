// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "methods/parts/sinkhorn.h"
#include "methods/parts/spherical_kmeans.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"
#include "tests/suites/tensors/ranks/thread_ranks.h"

namespace sslbench {
namespace {

using at::Tensor;

TEST(SphericalKmeansTest, FindsTwoBundlesFromABadStart) {
  const Tensor noise = at::arange(40, at::kFloat).sin().view({20, 2}) * 0.1;
  Tensor x_ND = at::zeros({20, 2});
  x_ND.narrow(0, 0, 10).select(1, 0).fill_(1);
  x_ND.narrow(0, 10, 10).select(1, 1).fill_(1);
  const auto found = spherical_kmeans(unit_rows(x_ND + noise), at::tensor(std::vector<int64_t>{0, 1}), 10);
  const Tensor first = found.assignments_N.narrow(0, 0, 10), second = found.assignments_N.narrow(0, 10, 10);
  EXPECT_EQ(first.min().item<int64_t>(), first.max().item<int64_t>());
  EXPECT_EQ(second.min().item<int64_t>(), second.max().item<int64_t>());
  EXPECT_NE(first[0].item<int64_t>(), second[0].item<int64_t>());
}

TEST(SphericalKmeansTest, AnEmptyClusterStaysWhereItIs) {
  const Tensor x_ND = at::tensor(std::vector<float>{1, 0, 1, 0, 0, 1}).view({3, 2});
  const auto found = spherical_kmeans(x_ND, at::tensor(std::vector<int64_t>{0, 1, 2}), 3);  // rows 0 and 1 are equal
  EXPECT_TRUE(found.centroids_KD.equal(x_ND));
  EXPECT_TRUE(found.assignments_N.equal(at::tensor(std::vector<int64_t>{0, 0, 2})));
}

TEST(SinkhornTest, IsFiniteForScoresThatOverflowFloat32) {
  const Tensor scores = at::arange(12, at::kFloat).mul(100).view({4, 3});
  const Tensor q = sinkhorn_knopp(scores, 3);
  EXPECT_TRUE(q.isfinite().all().item<bool>());
  EXPECT_LT((q.sum(1) - 1).abs().max().item<float>(), 1e-4f);
}

// Rows lie anywhere, and one of three ranks has none.
TEST(SinkhornTest, OverRanksIsThatOfAllTheirRows) {
  const Tensor scores = at::arange(24, at::kDouble).mul(1.7).sin().mul(30).view({8, 3}),
               want = sinkhorn_knopp(scores, 3);
  run_as_ranks(3, [&](Ranks& group) {
    const int64_t first = group.rank() == 0 ? 0 : 5, count = std::array{5, 0, 3}[static_cast<size_t>(group.rank())];
    const Tensor got = sinkhorn_knopp_over_ranks(scores.narrow(0, first, count), 3);
    EXPECT_EQ(got.size(0), count);
    EXPECT_TRUE(got.allclose(want.narrow(0, first, count), 1e-12, 1e-14));
  });
}

TEST(SinkhornTest, OfNoRowsIsNoRows) {
  EXPECT_EQ(sinkhorn_knopp(at::zeros({0, 3}), 3).size(0), 0);
  run_as_ranks(2, [](Ranks&) { EXPECT_EQ(sinkhorn_knopp_over_ranks(at::zeros({0, 3}), 3).size(0), 0); });
}

}  // namespace
}  // namespace sslbench
