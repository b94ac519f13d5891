// SPDX-License-Identifier: Apache-2.0
// Checkpoints that a failing disk, another program or a careless copy left: never loaded as what they are not.
#include <gtest/gtest.h>

#include "methods/safetensors.h"
#include "suites/files/atomic_file.h"
#include "suites/training/saving/checkpoint.h"
#include "tests/suites/training/tiny_training.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int64_t kSteps = 1000;  // of the training

// A folder with the checkpoints of two steps of a state of three tensors.
class DamagedCheckpointTest : public ::testing::Test {
 protected:
  DamagedCheckpointTest() {
    for (const int64_t step : {1, 2}) {
      set(state_, static_cast<float>(step));
      checkpoints_.save(state_, step, {{"loss", 0.5 * static_cast<double>(step)}});
    }
    whole_ = read_file(newest_);
  }

  static std::vector<NamedTensor> fresh_state() {
    return {{"weight", at::zeros({2, 3})}, {"bias", at::zeros({2})}, {"steps", at::zeros({1}, at::kLong)}};
  }
  static void set(const std::vector<NamedTensor>& state, float value) {
    for (const auto& [name, tensor] : state) tensor.fill_(value);
  }
  static bool is(const std::vector<NamedTensor>& state, float value) {
    return std::all_of(state.begin(), state.end(),
                       [&](const NamedTensor& each) { return each.second.eq(value).all().item<bool>(); });
  }

  // Loads with these bytes in place of the newest checkpoint: the step that was loaded, 0 for none, -1 where state or
  // notes are not those of that step. The folder is as before afterwards.
  int64_t loaded_with(const std::string& bytes) {
    { std::ofstream(newest_, std::ios::binary) << bytes; }
    const auto state = fresh_state();
    const auto found = checkpoints_.load(state, kSteps);
    fs::remove(newest_.string() + ".corrupt");
    if (!found) return is(state, 0) ? 0 : -1;
    const auto step = static_cast<double>(found->step);
    const bool right = is(state, static_cast<float>(found->step)) && found->notes == json{{"loss", 0.5 * step}};
    return right ? found->step : -1;
  }

  // The newest checkpoint written anew with other metadata or tensors, as a program of ours would.
  void rewrite(const std::function<void(TensorFile&)>& change) {
    TensorFile file = read_safetensors(newest_);
    change(file);
    write_safetensors(file, newest_);
  }

  ScratchFolder folder_;
  Checkpoints checkpoints_{folder_.path(), "pretrain", "key"};
  std::vector<NamedTensor> state_ = fresh_state();
  fs::path newest_ = folder_.path() / "pretrain-2.ckpt";
  std::string whole_;
};

// Fault matrix: 18
TEST_F(DamagedCheckpointTest, CutAtAnyByteIsSetAsideAndTheOneBeforeUsed) {
  ASSERT_EQ(loaded_with(whole_), 2);
  for (size_t bytes = 0; bytes < whole_.size(); ++bytes) {
    ASSERT_EQ(loaded_with(whole_.substr(0, bytes)), 1) << "cut after " << bytes << " of " << whole_.size();
  }
}

// Fault matrix: 19
TEST_F(DamagedCheckpointTest, NoFlippedBitIsLoadedAsSomethingElse) {
  int64_t unnoticed = 0;
  for (size_t bit = 0; bit < 8 * whole_.size(); ++bit) {
    std::string bytes = whole_;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    const int64_t step = loaded_with(bytes);
    ASSERT_NE(step, -1) << "bit " << bit % 8 << " of byte " << bit / 8 << ": other numbers were loaded";
    ASSERT_NE(step, 0) << "the one before is whole";
    unnoticed += step == 2;
  }
  EXPECT_LE(unnoticed, 8) << "only the spaces behind the header say nothing";
}

// Fault matrix: 22
TEST_F(DamagedCheckpointTest, NamesThatAreNoCheckpointsAreLeftOutOfIt) {
  fs::create_symlink("nowhere", folder_.path() / "pretrain-9.ckpt");
  fs::create_directory(folder_.path() / "pretrain-8.ckpt");
  folder_.write("pretrain-7.ckpt", "");
  folder_.write("pretrain-6.ckpt.tmp", whole_);
  folder_.write("pretrain-latest.ckpt", whole_);
  folder_.write("pretrain-.ckpt", whole_);
  EXPECT_EQ(loaded_with(whole_), 2);
}

// Fault matrix: 22
TEST_F(DamagedCheckpointTest, WithoutTheNewestTheOneBeforeIsUsed) {
  fs::remove(newest_);
  const auto state = fresh_state();
  EXPECT_EQ(checkpoints_.load(state, kSteps)->step, 1);
  EXPECT_TRUE(is(state, 1));
}

// Fault matrix: 24
TEST_F(DamagedCheckpointTest, OneOfAnotherSchemaIsNotLoaded) {
  for (const char* schema : {"sslbench.checkpoint/0", "sslbench.checkpoint/9", "sslbench.backbone/1", ""}) {
    rewrite([&](TensorFile& file) { file.metadata["schema"] = schema; });
    EXPECT_EQ(loaded_with(read_file(newest_)), 1) << schema;
    std::ofstream(newest_, std::ios::binary) << whole_;
  }
}

// Fault matrix: 23
TEST_F(DamagedCheckpointTest, OneOfAnotherNetworkIsNotLoadedInPart) {
  const auto other = [&](const std::function<void(TensorFile&)>& change) {
    rewrite(change);
    const int64_t step = loaded_with(read_file(newest_));
    std::ofstream(newest_, std::ios::binary) << whole_;
    return step;
  };
  EXPECT_EQ(other([](TensorFile& file) { file.metadata["key"] = "another"; }), 1);
  EXPECT_EQ(other([](TensorFile& file) { file.tensors[1].second = at::full({3}, 7.f); }), 1);
  EXPECT_EQ(other([](TensorFile& file) { file.tensors[2].first = "bias2"; }), 1);
  EXPECT_EQ(other([](TensorFile& file) { file.tensors.pop_back(); }), 1);
  EXPECT_EQ(other([](TensorFile& file) { file.tensors.emplace_back("more", at::ones({1})); }), 1);
}

std::string last_hash(const TinyTraining& training) { return training.record.hashes.back().state; }

// The state after training that goes on at step 10 from a checkpoint in which `change` was made.
std::string resumed_hash(const std::function<void(TensorFile&)>& change) {
  const ScratchFolder folder;
  TinyTraining before, after;
  before.settings.optimizer.momentum = after.settings.optimizer.momentum = 0.9;
  before.stop_after = 10;
  EXPECT_THROW(before.run(folder.path()), Interrupted);
  const fs::path file = folder.path() / "pretrain-10.ckpt";
  TensorFile content = read_safetensors(file);
  change(content);
  write_safetensors(content, file);
  after.run(folder.path());
  return last_hash(after);
}

// The test that a resume is bit-equal must be able to fail: what a checkpoint could forget changes the hash.
// Fault matrix: 25
TEST(ForgetfulCheckpointTest, WhatIsForgottenChangesTheStateHash) {
  const std::string right = resumed_hash([](TensorFile&) {});
  int64_t of_optimizer = 0;
  const auto forget = [&](const std::string& what) {
    return resumed_hash([&](TensorFile& file) {
      for (auto& [name, tensor] : file.tensors) {
        if (name.find(what) == std::string::npos) continue;
        tensor = at::zeros_like(tensor);
        of_optimizer += what == "optimizer.";
      }
    });
  };
  EXPECT_NE(forget("optimizer."), right);
  EXPECT_GT(of_optimizer, 0);
  EXPECT_NE(forget("running_mean"), right);
  EXPECT_NE(forget("second.bias"), right);
}

// Fault matrix: 25
TEST(ForgetfulCheckpointTest, OneWithoutItsOptimizerIsNotGoneOnFrom) {
  const std::string right = resumed_hash([](TensorFile&) {});
  const std::string anew = resumed_hash([](TensorFile& file) {
    std::erase_if(file.tensors, [](const NamedTensor& each) { return each.first.starts_with("optimizer."); });
  });
  EXPECT_EQ(anew, right) << "training begins anew and ends the same";
}

}  // namespace
}  // namespace sslbench
