// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/progress/run_table.h"

#include <gmock/gmock.h>

#include "suites/runner/progress/progress_view.h"

namespace sslbench {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Property;

Situation two_running() {
  RunProgress at;
  at.stage = "pretrain", at.step = 120, at.steps = 480, at.images_per_second = 644.7, at.loss = 5.12345;
  Situation out;
  out.running = {{"simclr-s0-0123456789ab", 10, at, 130.0}, {"byol-s0-0123456789ab", 0.1, std::nullopt, std::nullopt}};
  return out;
}

TEST(RunTableTest, SaysWhatEachRunDoesAndHowFarItIs) {
  EXPECT_THAT(run_table(two_running(), 100),
              ElementsAre("run                     stage        step   loss  images/s        left",
                          "simclr-s0-0123456789ab  pretrain  120/480  5.123       645  2 min 10 s",
                          "byol-s0-0123456789ab    starting"));
}

TEST(RunTableTest, NamesGiveWayOnANarrowTerminal) {
  for (const size_t width : {10, 20, 40, 60, 79}) {
    const auto lines = run_table(two_running(), width);
    EXPECT_THAT(lines, Each(Property(&std::string::size, Le(width))));
    if (width >= 60) EXPECT_THAT(lines[1], HasSubstr("2 min 10 s"));
  }
}

}  // namespace
}  // namespace sslbench
