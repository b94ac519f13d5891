// SPDX-License-Identifier: Apache-2.0
#include "reports/record/replicates.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <numeric>

namespace sslbench {
namespace {

std::vector<double> numbers(size_t count, double first) {
  std::vector<double> out(count);
  std::iota(out.begin(), out.end(), first);
  return out;
}

TEST(ReplicatesTest, AreTheSameWhereverTheyLie) {
  const auto pile = number_pile(100 * sizeof(double));  // the first list stays in memory
  std::vector<Replicates> lists;
  for (size_t i = 0; i < 5; ++i) lists.emplace_back(numbers(100 + i, static_cast<double>(1000 * i)));
  for (Replicates& list : lists) list.put_aside(pile);
  const Replicates copy = lists[3];
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(lists[i].size(), 100 + i);
    EXPECT_EQ(lists[i].all(), numbers(100 + i, static_cast<double>(1000 * i)));
  }
  lists[4].own().push_back(1);
  EXPECT_EQ(lists[4].size(), 105u);
  lists.clear();
  EXPECT_EQ(copy.all(), numbers(103, 3000));
}

TEST(ReplicatesTest, ArePutAsideOnceAndNotWhereThereAreNone) {
  const auto pile = number_pile(0);
  Replicates none, some({1, 2, 3});
  none.put_aside(pile);
  some.put_aside(pile);
  some.put_aside(number_pile(0));
  EXPECT_EQ(none.all(), std::vector<double>());
  EXPECT_EQ(some.all(), (std::vector<double>{1, 2, 3}));
}

TEST(ReplicatesTest, StayInMemoryWhereNoFileCanBeWritten) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit none = before;
  none.rlim_cur = 64;  // bytes
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  Replicates list(numbers(100, 0));
  list.put_aside(number_pile(0));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(list.all(), numbers(100, 0));
}

}  // namespace
}  // namespace sslbench
