// SPDX-License-Identifier: Apache-2.0
#include "suites/training/train_loop.h"

#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/suites/training/tiny_training.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

TEST(TrainLoopTest, CountsWhereItsStepsSpendTheirTimeOverAllAttempts) {
  const ScratchFolder whole, folder;
  TinyTraining straight, before, after;
  const PhaseTimes times = straight.run(whole.path()).phases;
  EXPECT_EQ(times.steps, 38) << "40, of which two are set-up";
  for (const Phase phase : {Phase::views, Phase::forward, Phase::backward, Phase::update, Phase::other}) {
    EXPECT_GT(times.of(phase), 0) << static_cast<int>(phase);
  }
  before.stop_after = 10;
  EXPECT_THROW(before.run(folder.path()), Interrupted);
  EXPECT_EQ(after.run(folder.path()).phases.steps, 36) << "each attempt has its set-up";
}

// Two layers forward (4 x 8 and 8 x 1), both weights' gradients, and that of the second one's input.
TEST(TrainLoopTest, CountsTheArithmeticOfItsFirstStepOverAllAttempts) {
  const ScratchFolder whole, folder;
  TinyTraining straight, before, after;
  EXPECT_EQ(straight.run(whole.path()).operations_an_image, 2 * (32 + 8) + 2 * (32 + 8) + 2 * 8);
  before.stop_after = 3;
  EXPECT_THROW(before.run(folder.path()), Interrupted);
  EXPECT_EQ(after.run(folder.path()).operations_an_image, 2 * (32 + 8) + 2 * (32 + 8) + 2 * 8);
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

// A folder with checkpoints after 9 and 10 of 40 steps, and what a straight training gives.
struct BegunTraining {
  BegunTraining() {
    const ScratchFolder whole;
    straight.run(whole.path());
    TinyTraining before;
    before.settings.checkpoint_seconds = 0;
    before.stop_after = 10;
    EXPECT_THROW(before.run(folder.path()), Interrupted);
  }
  // Goes on and expects the straight training's end, and one file set aside with a note.
  void expect_set_aside(const std::string& name, const std::string& why) {
    after.run(folder.path());
    EXPECT_EQ(hashes(after.record), hashes(straight.record)) << name;
    EXPECT_TRUE(std::filesystem::exists(folder.path() / (name + ".corrupt"))) << name;
    EXPECT_FALSE(std::filesystem::exists(folder.path() / name));
    EXPECT_THAT(after.notes, ElementsAre(AllOf(HasSubstr(name), HasSubstr(why))));
  }
  std::filesystem::path file(const std::string& name) const { return folder.path() / name; }

  ScratchFolder folder;
  TinyTraining straight, after;
};

TEST(TrainLoopTest, ACheckpointUnderAnotherStepsNameIsSetAside) {
  BegunTraining begun;
  std::filesystem::copy_file(begun.file("pretrain-10.ckpt"), begun.file("pretrain-40.ckpt"));
  begun.expect_set_aside("pretrain-40.ckpt", "its name says step 40, it is of step 10");
}

TEST(TrainLoopTest, ACheckpointWhoseNameIsNoStepIsSetAside) {
  for (const char* name : {"pretrain-x.ckpt", "pretrain--1.ckpt", "pretrain-99999999999999999999.ckpt"}) {
    BegunTraining begun;
    std::filesystem::copy_file(begun.file("pretrain-10.ckpt"), begun.file(name));
    begun.expect_set_aside(name, "its name says no step");
  }
}

TEST(TrainLoopTest, ACheckpointOfAnotherRunIsSetAside) {
  BegunTraining begun;
  const ScratchFolder other;
  TinyTraining foreign;
  foreign.record.key = "another key";
  foreign.stop_after = 20;
  EXPECT_THROW(foreign.run(other.path()), Interrupted);
  std::filesystem::copy_file(other.path() / "pretrain-20.ckpt", begun.file("pretrain-20.ckpt"));
  begun.expect_set_aside("pretrain-20.ckpt", "another run");
}

TEST(TrainLoopTest, ACheckpointWithAStepThatWasEditedIsSetAside) {
  BegunTraining begun;
  std::string bytes = read_file(begun.file("pretrain-10.ckpt"));
  const size_t at = bytes.find(R"("step":"10")");
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 11, R"("step":"40")");
  write_atomically(begun.file("pretrain-40.ckpt"), bytes);
  begun.expect_set_aside("pretrain-40.ckpt", "its seal does not match");
}

TEST(TrainLoopTest, ACheckpointBeyondTheEndOfTrainingIsSetAside) {
  BegunTraining begun;
  const ScratchFolder longer;
  TinyTraining more;
  more.settings.epochs = 10;
  more.stop_after = 60;
  EXPECT_THROW(more.run(longer.path()), Interrupted);
  std::filesystem::copy_file(longer.path() / "pretrain-60.ckpt", begun.file("pretrain-60.ckpt"));
  begun.expect_set_aside("pretrain-60.ckpt", "this training has 40");
}

TEST(TrainLoopTest, ACheckpointOfARowWhoseNameBeginsAlikeIsLeftAlone) {
  BegunTraining begun;
  const ScratchFolder other;
  TinyTraining second;
  second.record.name = "pretrain-2";
  second.record.key = "second key";
  second.stop_after = 4;
  EXPECT_THROW(second.run(other.path()), Interrupted);
  std::filesystem::copy_file(other.path() / "pretrain-2-4.ckpt", begun.file("pretrain-2-4.ckpt"));
  begun.after.run(begun.folder.path());
  EXPECT_TRUE(std::filesystem::exists(begun.file("pretrain-2-4.ckpt")));
  EXPECT_THAT(begun.after.notes, IsEmpty());
}

TEST(TrainLoopTest, ALostOrCutCurveLogIsSaid) {
  for (const uintmax_t kept : {uintmax_t{0}, uintmax_t{100}}) {
    BegunTraining begun;
    const auto log = begun.file("pretrain.curves.log");
    kept == 0 ? (std::filesystem::remove(log), void()) : std::filesystem::resize_file(log, kept);
    begun.after.run(begun.folder.path());
    EXPECT_EQ(hashes(begun.after.record), hashes(begun.straight.record));
    EXPECT_THAT(begun.after.notes, ElementsAre(HasSubstr("of 40 points of its curves are missing"))) << kept;
  }
  BegunTraining begun;
  begun.after.run(begun.folder.path());
  EXPECT_THAT(begun.after.notes, IsEmpty()) << "nothing was lost";
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
TEST(TrainLoopTest, ABatchInPartsShowsTheSameImagesInTheSameOrderAndIsOneStep) {
  const ScratchFolder a, b;
  TinyTraining whole, parts;
  whole.settings.data_workers = parts.settings.data_workers = 0;
  parts.settings.accumulate = 4;
  whole.run(a.path());
  const TrainOutcome outcome = parts.run(b.path());
  EXPECT_EQ(outcome.steps, 40);
  EXPECT_EQ(outcome.images, 320);
  ASSERT_EQ(parts.plans.size(), 4 * whole.plans.size());
  std::vector<int64_t> seen, wanted;
  for (const BatchPlan& plan : parts.plans) {
    EXPECT_EQ(plan.whole, 2);
    seen.insert(seen.end(), plan.samples.begin(), plan.samples.end());
  }
  for (const BatchPlan& plan : whole.plans) wanted.insert(wanted.end(), plan.samples.begin(), plan.samples.end());
  EXPECT_EQ(seen, wanted);
}

TEST(TrainLoopTest, AShortBatchHasFewerPartsAsLarge) {
  const ScratchFolder folder;
  TinyTraining tail;
  tail.settings.batch_size = 60;
  tail.settings.accumulate = 15;
  tail.settings.drop_last = false;
  tail.settings.epochs = 1;
  EXPECT_EQ(tail.run(folder.path()).images, 64);
  ASSERT_EQ(tail.plans.size(), 16u);
  EXPECT_EQ(tail.plans.back().whole, 4);
}

TEST(TrainLoopTest, EmbeddingsThatAreAllEqualAreACollapse) {
  const ScratchFolder a, b, c;
  TinyTraining constant, spread, silent;
  constant.embedding_ND = at::ones({8, 4});
  spread.embedding_ND = at::cat({at::eye(4), -at::eye(4)});
  EXPECT_TRUE(constant.run(a.path()).collapsed);
  EXPECT_FALSE(spread.run(b.path()).collapsed);
  EXPECT_FALSE(silent.run(c.path()).collapsed);
}

}  // namespace
}  // namespace sslbench
