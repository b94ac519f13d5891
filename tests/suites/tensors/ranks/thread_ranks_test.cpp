// SPDX-License-Identifier: Apache-2.0
#include "tests/suites/tensors/ranks/thread_ranks.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

TEST(ThreadRanksTest, GiveEveryRankTheSameBits) {
  std::vector<at::Tensor> sums(3), largest(3), first(3);
  run_as_ranks(3, [&](Ranks& group) {
    const auto r = static_cast<size_t>(group.rank());
    const at::Tensor own = at::arange(4, at::kFloat).add(static_cast<float>(group.rank())).sin();
    sums[r] = own.clone(), largest[r] = own.clone(), first[r] = own.clone();
    group.sum(sums[r]);
    group.max(largest[r]);
    group.copy_from_first(first[r]);
    EXPECT_TRUE(group.each(own)[r].equal(own));
  });
  const at::Tensor x = at::arange(4, at::kFloat);
  for (size_t r = 0; r < 3; ++r) {
    EXPECT_TRUE(sums[r].equal(x.sin() + (x + 1).sin() + (x + 2).sin()));
    EXPECT_TRUE(largest[r].equal(at::maximum(at::maximum(x.sin(), (x + 1).sin()), (x + 2).sin())));
    EXPECT_TRUE(first[r].equal(x.sin()));
  }
}

TEST(ThreadRanksTest, ReleaseTheOthersWhenOneThrowsAndThrowItsCause) {
  std::atomic<int> released = 0;
  const auto body = [&](Ranks& group) {
    group.sum(at::zeros({1}));
    if (group.rank() == 2) throw std::domain_error("the cause");
    try {
      group.sum(at::zeros({1}));
    } catch (const PeerLost&) {
      ++released;
      throw;
    }
  };
  EXPECT_THROW(run_as_ranks(3, body), std::domain_error);
  EXPECT_EQ(released, 2);
}

TEST(ThreadRanksTest, ReleaseTheOthersWhenOneHasLeft) {
  const auto body = [](Ranks& group) {
    if (group.rank() > 0) group.wait_for_all();
  };
  EXPECT_THROW(run_as_ranks(2, body), PeerLost);
}

TEST(ThreadRanksTest, RefuseTensorsThatDiffer) {
  EXPECT_THROW(run_as_ranks(2, [](Ranks& group) { group.each(at::zeros({1 + group.rank()})); }), std::logic_error);
}

}  // namespace
}  // namespace sslbench
