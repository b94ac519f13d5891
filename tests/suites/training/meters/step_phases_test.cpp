// SPDX-License-Identifier: Apache-2.0
#include "suites/training/meters/step_phases.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace sslbench {
namespace {

void pass() { std::this_thread::sleep_for(std::chrono::milliseconds(2)); }

TEST(StepPhasesTest, SharesOfAllPhasesAddUpToOne) {
  StepPhases phases;
  for (const Phase phase : {Phase::batch, Phase::forward, Phase::backward, Phase::update, Phase::rest}) {
    phases.enter(phase);
    pass();
  }
  phases.enter(Phase::rest);
  double sum = 0;
  for (const Phase phase : {Phase::rest, Phase::batch, Phase::forward, Phase::backward, Phase::update}) {
    EXPECT_GT(phases.share(phase), 0);
    sum += phases.share(phase);
  }
  EXPECT_DOUBLE_EQ(sum, 1);
}

TEST(StepPhasesTest, ForgetsWhatWasBeforeARestart) {
  StepPhases phases;
  phases.enter(Phase::forward);
  pass();
  phases.enter(Phase::backward);
  phases.restart();
  EXPECT_EQ(phases.share(Phase::forward), 0) << "nothing has ended since";
  pass();
  phases.enter(Phase::rest);
  EXPECT_EQ(phases.share(Phase::backward), 1);
}

}  // namespace
}  // namespace sslbench
