// SPDX-License-Identifier: Apache-2.0
// The training loop reads losses and gradient norms some steps later (suites/training/pending_scalars.h): what it must
// not lose by it.
#include <gmock/gmock.h>

#include "methods/safetensors.h"
#include "reports/record/curve_log.h"
#include "suites/ground/error.h"
#include "tests/suites/training/tiny_training.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

// 800 steps, of which every fourth is logged and none is saved: what happens between is noticed late.
struct RarelyRead : TinyTraining {
  RarelyRead() {
    settings.epochs = 100;
    settings.hash_every = 0;
  }
  // The words of the RunFailure(non_finite) that it must end with.
  std::string failure(const std::filesystem::path& folder) {
    try {
      run(folder);
      ADD_FAILURE() << "a number that is not finite went through";
    } catch (const RunFailure& failure) {
      EXPECT_EQ(failure.kind(), FailureKind::non_finite);
      return failure.what();
    }
    return "";
  }
};

int64_t checkpoints_in(const std::filesystem::path& folder) {
  int64_t out = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) out += entry.path().extension() == ".ckpt";
  return out;
}

int64_t last_logged(const std::filesystem::path& folder) {
  return CurveLog::read(curve_log_file(folder, "pretrain")).at("loss").step.back();
}

// Fault matrix: 34
TEST(NonFiniteStepTest, NamesTheStepWhoseLossWasNotFiniteThoughItIsReadLater) {
  for (const int64_t step : {409, 410, 411, 412, 799}) {
    const ScratchFolder folder;
    RarelyRead training;
    training.poison_at = static_cast<double>(step);
    EXPECT_THAT(training.failure(folder.path()),
                HasSubstr("loss is not finite at step " + std::to_string(step + 1) + " of 800"));
    EXPECT_LE(last_logged(folder.path()), step);
    EXPECT_EQ(checkpoints_in(folder.path()), 0);
  }
}

// Fault matrix: 34
TEST(NonFiniteStepTest, NamesTheStepWhoseGradientIsNotFiniteThoughItsLossIs) {
  for (const double clip_norm : {0.0, 1.0}) {
    const ScratchFolder folder;
    RarelyRead training;
    training.settings.clip_norm = clip_norm;
    training.steep_at = 409;
    EXPECT_THAT(training.failure(folder.path()), HasSubstr("gradient norm is not finite at step 410 of 800"));
  }
}

// Fault matrix: 34
TEST(NonFiniteStepTest, AStopRightAfterAStepThatIsNotFiniteSavesNothing) {
  for (const int64_t stop : {410, 411, 412}) {
    const ScratchFolder folder;
    RarelyRead training;
    training.poison_at = 409;
    training.stop_after = stop;
    EXPECT_THAT(training.failure(folder.path()), HasSubstr("at step 410 of 800"));
    EXPECT_EQ(checkpoints_in(folder.path()), 0) << stop;
  }
}

// Fault matrix: 34
TEST(NonFiniteStepTest, TheLastCheckpointIsOfTheStepBeforeTheOneThatIsNotFinite) {
  const ScratchFolder folder, until;
  TinyTraining training, before, again;
  training.settings.checkpoint_seconds = 0;
  training.poison_at = again.poison_at = 12;
  EXPECT_THROW(training.run(folder.path()), RunFailure);
  before.stop_after = 12;
  EXPECT_THROW(before.run(until.path()), Interrupted);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "pretrain-13.ckpt"));
  const TensorFile last = read_safetensors(folder.path() / "pretrain-12.ckpt"),
                   want = read_safetensors(until.path() / "pretrain-12.ckpt");
  for (size_t i = 0; i < want.tensors.size(); ++i)
    EXPECT_TRUE(at::equal(last.tensors[i].second, want.tensors[i].second)) << want.tensors[i].first;
  EXPECT_EQ(last_logged(folder.path()), 12);
  EXPECT_THROW(again.run(folder.path()), RunFailure) << "a resume meets the same step";
}

// Fault matrix: 34
TEST(NonFiniteStepTest, WhatBreaksAfterAStepThatIsNotFiniteIsNotGivenAsTheReason) {
  const ScratchFolder folder, other;
  RarelyRead training;
  training.poison_at = 409;
  training.breaks_at = 410;
  EXPECT_THAT(training.failure(folder.path()), HasSubstr("at step 410 of 800"));
  RarelyRead healthy;
  healthy.breaks_at = 410;
  EXPECT_THROW(healthy.run(other.path()), std::runtime_error);
}

TEST(NonFiniteStepTest, TheFinalLossIsOfTheLastStepAndTheCurveHoldsEveryFourth) {
  const ScratchFolder folder;
  RarelyRead training;
  const TrainOutcome outcome = training.run(folder.path());
  const Curve& loss = training.record.curves.at("loss");
  EXPECT_EQ(outcome.final_loss, loss.value.back());
  EXPECT_EQ(loss.step.back(), 800);
  EXPECT_EQ(loss.step[1], 5);
  EXPECT_EQ(training.record.curves.at("gradient_norm").step, loss.step);
}

}  // namespace
}  // namespace sslbench
