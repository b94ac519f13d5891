// SPDX-License-Identifier: Apache-2.0
#include "suites/training/train_loop.h"

#include <gtest/gtest.h>

#include "tests/suites/training/tiny_training.h"

namespace sslbench {
namespace {

std::vector<std::string> hashes(const StageRecord& record) {
  std::vector<std::string> out;
  for (const StateHash& hash : record.hashes) out.push_back(std::to_string(hash.step) + " " + hash.state);
  return out;
}

TEST(TrainLoopTest, LearnsAndRepeatsBitForBit) {
  const ScratchFolder a, b;
  TinyTraining first, second;
  const TrainOutcome outcome = first.run(a.path());
  second.run(b.path());
  EXPECT_EQ(outcome.steps, 40);
  EXPECT_EQ(outcome.images, 320);
  EXPECT_LT(outcome.final_loss, first.record.curves.at("loss").value.front() * 0.7);
  EXPECT_EQ(hashes(first.record), hashes(second.record));
}

TEST(TrainLoopTest, GoesOnAfterAStopAtAnyStepWithEqualStateHashes) {
  const ScratchFolder whole;
  TinyTraining straight;
  straight.run(whole.path());
  for (const int64_t stop : {1, 7, 8, 9, 39}) {
    const ScratchFolder folder;
    TinyTraining before;
    before.stop_after = stop;
    EXPECT_THROW(before.run(folder.path()), Interrupted);
    TinyTraining after;
    const TrainOutcome outcome = after.run(folder.path());
    EXPECT_EQ(outcome.images, 320);
    EXPECT_EQ(hashes(after.record), hashes(straight.record)) << "stopped after step " << stop;
    EXPECT_EQ(after.record.curves.at("loss").step, straight.record.curves.at("loss").step);
    EXPECT_EQ(after.record.curves.at("loss").value, straight.record.curves.at("loss").value);
  }
}

TEST(TrainLoopTest, AResumeKnowsWhatEarlierAttemptsCost) {
  const ScratchFolder folder;
  TinyTraining first, second, third;
  first.stop_after = 10;
  EXPECT_THROW(first.run(folder.path()), Interrupted);
  second.stop_after = 20;
  EXPECT_THROW(second.run(folder.path()), Interrupted);
  third.run(folder.path());
  EXPECT_EQ(third.earlier.wall_seconds, 2);
  EXPECT_EQ(third.earlier.cpu_seconds, 4);
  EXPECT_EQ(third.earlier.peak_process_bytes, 3);
  EXPECT_EQ(third.earlier.energy_joules, -1);
}

// Fault matrix: 18
TEST(TrainLoopTest, ADamagedCheckpointIsSetAsideAndTheOneBeforeUsed) {
  const ScratchFolder whole, folder;
  TinyTraining straight, before, after;
  straight.run(whole.path());
  before.settings.checkpoint_seconds = 0;
  before.stop_after = 10;
  EXPECT_THROW(before.run(folder.path()), Interrupted);
  const auto newest = folder.path() / "pretrain-10.ckpt";
  ASSERT_TRUE(std::filesystem::exists(newest));
  ASSERT_TRUE(std::filesystem::exists(folder.path() / "pretrain-9.ckpt"));
  std::filesystem::resize_file(newest, std::filesystem::file_size(newest) / 2);
  after.run(folder.path());
  EXPECT_EQ(hashes(after.record), hashes(straight.record));
  EXPECT_TRUE(std::filesystem::exists(newest.string() + ".corrupt"));
}

// Fault matrix: 23
TEST(TrainLoopTest, ACheckpointOfAnotherKeyIsNotUsed) {
  const ScratchFolder folder;
  TinyTraining before, after;
  before.stop_after = 10;
  EXPECT_THROW(before.run(folder.path()), Interrupted);
  after.record.key = "another";
  after.run(folder.path());
  EXPECT_EQ(after.record.hashes.front().step, 1);
}

TEST(TrainLoopTest, ResultsDoNotDependOnDataWorkers) {
  const ScratchFolder whole;
  TinyTraining inline_data;
  inline_data.run(whole.path());
  for (const int workers : {1, 3}) {
    const ScratchFolder folder;
    TinyTraining threaded;
    threaded.settings.data_workers = workers;
    threaded.run(folder.path());
    EXPECT_EQ(hashes(threaded.record), hashes(inline_data.record));
  }
}

// Fault matrix: 35
TEST(TrainLoopTest, EmbeddingsThatAreAllEqualAreACollapse) {
  const ScratchFolder a, b, c;
  TinyTraining constant, spread, silent;
  constant.embedding_ND = at::ones({8, 4});
  spread.embedding_ND = at::cat({at::eye(4), -at::eye(4)});
  EXPECT_TRUE(constant.run(a.path()).collapsed);
  EXPECT_FALSE(spread.run(b.path()).collapsed);
  EXPECT_FALSE(silent.run(c.path()).collapsed);
}

// Fault matrix: 34
TEST(TrainLoopTest, StopsBeforeTheUpdateWhenAGradientIsNotFiniteThoughTheLossIs) {
  for (const double clip_norm : {0.0, 1.0}) {
    const ScratchFolder folder, until;
    TinyTraining training, before;
    training.settings.clip_norm = clip_norm;
    before.settings.clip_norm = clip_norm;
    training.steep_at = 12;
    before.stop_after = 12;
    EXPECT_THROW(before.run(until.path()), Interrupted);
    try {
      training.run(folder.path());
      FAIL() << "a gradient of infinity went through";
    } catch (const RunFailure& failure) {
      EXPECT_EQ(failure.kind(), FailureKind::non_finite);
      EXPECT_NE(std::string(failure.what()).find("gradient norm is not finite at step 13 of 40"), std::string::npos)
          << failure.what();
    }
    const auto stopped = training.model.trainable(), saved = before.model.trainable();
    for (size_t i = 0; i < saved.size(); ++i)
      EXPECT_TRUE(at::equal(stopped[i].second, saved[i].second)) << saved[i].first;
  }
}

// Fault matrix: 34
TEST(TrainLoopTest, StopsBeforeTheUpdateWhenTheLossIsNotFinite) {
  const ScratchFolder folder;
  TinyTraining training;
  training.poison_at = 12;
  try {
    training.run(folder.path());
    FAIL() << "a loss of infinity went through";
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::non_finite);
    EXPECT_NE(std::string(failure.what()).find("step 13 of 40"), std::string::npos) << failure.what();
  }
  for (const auto& [name, tensor] : training.model.state()) EXPECT_TRUE(tensor.isfinite().all().item<bool>()) << name;
}

}  // namespace
}  // namespace sslbench
