// SPDX-License-Identifier: Apache-2.0
#include "suites/training/meters/step_phases.h"

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>
#include <thread>

namespace sslbench {
namespace {

constexpr Phase kAll[] = {Phase::views, Phase::forward, Phase::backward, Phase::update, Phase::other};

void pass() { std::this_thread::sleep_for(std::chrono::milliseconds(2)); }

// A step that stays in each phase for a while.
void step(StepPhases& phases, bool next_is_setup = false) {
  for (const Phase phase : {Phase::views, Phase::forward, Phase::backward, Phase::update}) {
    phases.enter(phase);
    pass();
  }
  phases.step_ended(8, next_is_setup);
  pass();
}

double all_of(const PhaseTimes& times) { return std::accumulate(times.seconds.begin(), times.seconds.end(), 0.0); }

TEST(StepPhasesTest, TimesOfAllPhasesAddUpToTheTimeOfTheSteps) {
  StepPhases phases;
  phases.step_ended(8, false);
  const double start = wall_clock();
  for (int i = 0; i < 3; ++i) step(phases);
  phases.enter(Phase::other);
  const double took = wall_clock() - start;
  EXPECT_EQ(phases.times().steps, 3);
  for (const Phase phase : kAll) EXPECT_GE(phases.times().of(phase), 3 * 0.002) << static_cast<int>(phase);
  EXPECT_NEAR(all_of(phases.times()), took, 1e-4);
}

TEST(StepPhasesTest, SetupCountsNowhere) {
  StepPhases phases;
  step(phases, true);
  EXPECT_EQ(phases.times().steps, 0);
  EXPECT_EQ(all_of(phases.times()), 0);
  phases.step_ended(8, false);
  phases.enter(Phase::backward);
  pass();
  phases.enter(Phase::other);
  EXPECT_GT(phases.times().of(Phase::backward), 0);
  EXPECT_EQ(phases.times().of(Phase::forward), 0) << "was entered during set-up";
}

TEST(StepPhasesTest, WhatIsLeftOutCountsNowhere) {
  StepPhases phases;
  phases.step_ended(8, false);
  phases.enter(Phase::other);
  const double before = all_of(phases.times());
  const double start = wall_clock();
  pass();
  phases.leave_out(wall_clock() - start);
  phases.enter(Phase::views);
  EXPECT_LT(all_of(phases.times()) - before, 0.002);
}

TEST(StepPhasesTest, ImagesASecondAreOverPausesToo) {
  StepPhases phases;
  phases.step_ended(8, false);
  const double start = wall_clock();
  step(phases);
  pass();  // a pause that no window of throughput need show
  step(phases);
  phases.enter(Phase::other);
  EXPECT_EQ(phases.times().images, 16);
  EXPECT_NEAR(16 / phases.times().images_per_second(), wall_clock() - start, 1e-4);
  EXPECT_EQ(PhaseTimes{}.images_per_second(), 0);
}

TEST(StepPhasesTest, GoesOnFromWhatWasRestored) {
  StepPhases phases;
  phases.restore({7, 56, {1, 2, 3, 4, 5}});
  step(phases, false);  // set-up after a start
  EXPECT_EQ(phases.times().steps, 7);
  step(phases);
  EXPECT_EQ(phases.times().steps, 8);
  EXPECT_GE(phases.times().of(Phase::backward), 3.002);
}

}  // namespace
}  // namespace sslbench
