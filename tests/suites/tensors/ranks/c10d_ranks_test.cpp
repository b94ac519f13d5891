// SPDX-License-Identifier: Apache-2.0
// Ranks over Gloo, here threads of one process: c10d does not mind.
#include "suites/tensors/ranks/c10d_ranks.h"

#include <gmock/gmock.h>

#include <future>

#include "suites/ground/error.h"
#include "suites/runner/free_port.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/own_address.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

// Runs `body` on every rank and returns what each threw, "" when nothing.
std::vector<std::string> over_gloo(int size, const std::function<void(Ranks&)>& body) {
  const int port = free_port();
  std::vector<std::future<std::string>> all;
  for (int rank = 0; rank < size; ++rank) {
    all.push_back(std::async(std::launch::async, [=] {
      Meeting meeting;
      meeting.rank = rank, meeting.size = size, meeting.port = port;
      meeting.step_timeout = std::chrono::seconds(5), meeting.start_timeout = std::chrono::seconds(30);
      try {
        const std::unique_ptr<Ranks> group = meet(meeting, "test", at::kCPU);
        body(*group);
        group->wait_for_all();
        return std::string();
      } catch (const std::exception& error) {
        return std::string(error.what());
      }
    }));
  }
  std::vector<std::string> out;
  for (auto& each : all) out.push_back(each.get());
  return out;
}

TEST(C10dRanksTest, SumsMaximaCopiesAndGathersAreThoseOfAllRanks) {
  const auto thrown = over_gloo(3, [](Ranks& group) {
    const auto own = static_cast<double>(group.rank() + 1);
    const at::Tensor sum = at::full({4}, own, at::kDouble), most = at::full({2}, own), copy = at::full({2, 2}, own);
    group.sum(sum);
    group.max(most);
    group.copy_from_first(copy);
    EXPECT_TRUE(sum.eq(6).all().item<bool>());
    EXPECT_TRUE(most.eq(3).all().item<bool>());
    EXPECT_TRUE(copy.eq(1).all().item<bool>());
    const auto all = group.each(at::full({1}, group.rank(), at::kLong));
    ASSERT_EQ(all.size(), 3u);
    for (int64_t r = 0; r < 3; ++r) EXPECT_EQ(all[static_cast<size_t>(r)].item<int64_t>(), r);
    EXPECT_GT(group.seconds(), 0);
  });
  EXPECT_THAT(thrown, ::testing::Each(""));
}

TEST(C10dRanksTest, ASumIsTheSameBitsOnEveryRankAndEveryTime) {
  std::vector<at::Tensor> results(6);
  for (int64_t time = 0; time < 2; ++time) {
    over_gloo(3, [&](Ranks& group) {
      at::Generator noise = at::detail::createCPUGenerator(static_cast<uint64_t>(group.rank()));
      const at::Tensor x = at::randn({10'007}, noise);
      group.sum(x);
      results[static_cast<size_t>(3 * time + group.rank())] = x;
    });
  }
  for (const at::Tensor& x : results) EXPECT_TRUE(x.equal(results[0]));
}

TEST(C10dRanksTest, OneThatLeavesIsLostToTheOthers) {
  const auto thrown = over_gloo(2, [](Ranks& group) {
    if (group.rank() == 1) throw std::runtime_error("left");
    group.sum(at::ones({1000}));
  });
  EXPECT_THAT(thrown[0], HasSubstr("rank 0 of 2 lost another one"));
  EXPECT_EQ(thrown[1], "left");
}

TEST(C10dRanksTest, WaitingLastsAsLongAsAnotherLivesAndNoLonger) {
  std::atomic<bool> waited{false};
  const auto thrown = over_gloo(2, [&](Ranks& group) {
    if (group.rank() == 1) std::this_thread::sleep_for(std::chrono::seconds(7));  // longer than any step may take
    group.wait_for_all();
    waited = true;
  });
  EXPECT_THAT(thrown, ::testing::Each(""));
  EXPECT_TRUE(waited);
  const auto lost = over_gloo(2, [](Ranks& group) {
    if (group.rank() == 1) throw std::runtime_error("left");
    group.wait_for_all();
  });
  EXPECT_THAT(lost[0], HasSubstr("rank 1 gave no sign of life for 5 s"));
}

// Fault matrix: 72
TEST(C10dRanksDeathTest, TensorsOfOtherSizesEndTheProcess) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(over_gloo(2, [](Ranks& group) { group.sum(at::ones({group.rank() == 0 ? 1000 : 1001})); }), "");
}

TEST(OwnAddressTest, IsTheEndOfTheRouteAndNotTheMachinesName) {
  EXPECT_EQ(address_towards("127.0.0.1", 80), "127.0.0.1");
  EXPECT_EQ(address_towards("no-such-host.invalid", 80), "");
}

}  // namespace
}  // namespace sslbench
