// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/device_pool.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/runner/device_choice.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

TEST(DevicePoolTest, EveryRunHasItsOwnDeviceUntilNoneIsLeft) {
  DevicePool pool({{"cuda:0", 0}, {"cuda:1", 0}});
  EXPECT_THAT(pool.take(1, 0), Optional(ElementsAre("cuda:0")));
  EXPECT_THAT(pool.take(1, 0), Optional(ElementsAre("cuda:1")));
  EXPECT_EQ(pool.take(1, 0), std::nullopt);
  pool.give_back({"cuda:0"}, 0);
  EXPECT_THAT(pool.take(1, 0), Optional(ElementsAre("cuda:0")));
}

TEST(DevicePoolTest, ARunOfSeveralRanksTakesAGroup) {
  DevicePool pool({{"cuda:0", 0}, {"cuda:1", 0}, {"cuda:4", 0}});
  EXPECT_THAT(pool.take(2, 0), Optional(ElementsAre("cuda:0", "cuda:1")));
  EXPECT_EQ(pool.take(2, 0), std::nullopt);
  EXPECT_THAT(pool.take(1, 0), Optional(ElementsAre("cuda:4"))) << "a smaller one fits on what is left";
}

TEST(DevicePoolTest, ADeviceIsSharedOnlyWithinItsMemory) {
  DevicePool pool({{"cuda:0", 80}, {"cuda:1", 80}});
  EXPECT_THAT(pool.take(1, 50), Optional(ElementsAre("cuda:0")));
  EXPECT_THAT(pool.take(1, 50), Optional(ElementsAre("cuda:1"))) << "the emptier one first";
  EXPECT_THAT(pool.take(1, 30), Optional(ElementsAre("cuda:0")));
  EXPECT_EQ(pool.take(1, 31), std::nullopt);
  EXPECT_EQ(pool.take(1, 0), std::nullopt) << "a need that is not known shares with nobody";
  pool.give_back({"cuda:1"}, 50);
  EXPECT_THAT(pool.take(1, 0), Optional(ElementsAre("cuda:1")));
  EXPECT_EQ(pool.take(1, 1), std::nullopt) << "nor does anybody with it";
}

TEST(DevicePoolTest, WithoutDevicesEveryRunIsGivenNone) {
  DevicePool pool({});
  for (int i = 0; i < 3; ++i) EXPECT_THAT(pool.take(2, 0), Optional(ElementsAre()));
}

TEST(DeviceNumbersTest, RangesAndSinglesAreReadOnceEachInOrder) {
  EXPECT_THAT(device_numbers("0-3"), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(device_numbers("5,0-1,1"), ElementsAre(0, 1, 5));
  for (const char* wrong : {"", "a", "1-", "-1", "3-1", "0,,1", "0-9999", "1 2", "0x1"}) {
    EXPECT_THROW(device_numbers(wrong), UserError) << wrong;
  }
}

}  // namespace
}  // namespace sslbench
