// SPDX-License-Identifier: Apache-2.0
#include "suites/training/saving/state_keeper.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <map>
#include <thread>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/saving/host_copy.h"
#include "suites/training/saving/state_hash.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

std::vector<NamedTensor> some_state() {
  return {{"conv", at::arange(2 * 3 * 4 * 4, at::kFloat).view({2, 3, 4, 4}).contiguous(at::MemoryFormat::ChannelsLast)},
          {"half", at::arange(5).to(at::kBFloat16)},
          {"started", at::ones({}, at::kBool)},
          {"none", at::empty({0, 3})},
          {"steps", at::arange(2)}};
}

TEST(HostCopyTest, HasTheHashOfTheStateAndKeepsItWhenThatChanges) {
  const std::vector<NamedTensor> state = some_state();
  const std::string before = state_hash(state, 3);
  const HostCopy copy = host_copy(state, at::kCPU);
  copy.wait();
  EXPECT_EQ(state_hash(copy.state, 3), before);
  state[0].second.add_(1);
  EXPECT_NE(state_hash(state, 3), before);
  EXPECT_EQ(state_hash(copy.state, 3), before);
}

class StateKeeperTest : public testing::Test {
 protected:
  StateKeeper keeper(const std::filesystem::path& folder, Saving saving = Saving::beside) {
    return StateKeeper(state_, at::kCPU, saving, Checkpoints(folder, "pretrain", "key"),
                       [this](int64_t step, const std::string& hash) { hashes_[step] = hash; });
  }
  // What the newest checkpoint holds of the first tensor, at its first place.
  float saved() const {
    const std::vector<NamedTensor> read = some_state();
    return Checkpoints(scratch_.path(), "pretrain", "key").load(read, 99) ? read[0].second[0][0][0][0].item<float>()
                                                                          : -1;
  }

  ScratchFolder scratch_;
  std::vector<NamedTensor> state_ = some_state();
  std::map<int64_t, std::string> hashes_;
};

TEST_F(StateKeeperTest, SavesTheStateOfTheStepThatAskedThoughItGoesOn) {
  StateKeeper one = keeper(scratch_.path());
  state_[0].second.fill_(7);
  std::promise<void> changed;
  one.save(1, {}, [&] { changed.get_future().wait(); });  // nothing is written before the state has changed
  state_[0].second.fill_(8);
  changed.set_value();
  one.finish();
  EXPECT_EQ(saved(), 7);
}

TEST_F(StateKeeperTest, TellsTheSameHashOfAStepEitherWay) {
  for (const Saving saving : {Saving::in_place, Saving::beside}) {
    hashes_.clear();
    StateKeeper one = keeper(scratch_.path(), saving);
    one.hash(5);
    state_[0].second.add_(1);
    one.finish();
    state_[0].second.sub_(1);
    EXPECT_EQ(hashes_, (std::map<int64_t, std::string>{{5, state_hash(state_, 5)}}));
  }
}

TEST_F(StateKeeperTest, WritesTheSameFileEitherWay) {
  std::vector<std::string> bytes;
  for (const Saving saving : {Saving::in_place, Saving::beside}) {
    StateKeeper one = keeper(scratch_.path(), saving);
    one.save(6, {{"images", 8}}, [] {});
    one.finish();
    bytes.push_back(read_file(scratch_.path() / "pretrain-6.ckpt"));
  }
  EXPECT_EQ(bytes[0], bytes[1]);
}

TEST_F(StateKeeperTest, WhatFailedComesOutOfALaterCallOnce) {
  StateKeeper one = keeper(scratch_.write("no-folder", "") / "below");
  one.save(1, {}, [] {});
  EXPECT_THROW(one.finish(), RunFailure);
  one.finish();
  one.save(2, {}, [] { throw RunFailure(FailureKind::storage, "the log could not be synced"); });
  const auto looks = [&] {
    for (int i = 0; i < 10'000; ++i) {
      one.look();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  EXPECT_THROW(looks(), RunFailure);
}

TEST_F(StateKeeperTest, WaitsForACheckpointThatItBegan) {
  keeper(scratch_.path()).save(4, {}, [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); });
  EXPECT_EQ(saved(), 0);
}

}  // namespace
}  // namespace sslbench
