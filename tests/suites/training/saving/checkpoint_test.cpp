// SPDX-License-Identifier: Apache-2.0
#include "suites/training/saving/checkpoint.h"

#include <gtest/gtest.h>

#include <cstring>

#include "suites/files/atomic_file.h"
#include "suites/files/safetensors_header.h"
#include "suites/ground/foreign_json.h"
#include "suites/tensors/aten.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

class CheckpointTest : public testing::Test {
 protected:
  std::string saved() const {
    checkpoints_.save(state_, 10, {{"images", 80}});
    return read_file(scratch_.path() / "pretrain-10.ckpt");
  }
  // Whether a file of these bytes is used.
  bool loads(const std::string& bytes) {
    scratch_.write("pretrain-10.ckpt", bytes);
    return checkpoints_.load(state_, 40).has_value();
  }

  ScratchFolder scratch_;
  std::vector<NamedTensor> state_{{"weight", at::arange(6, at::kFloat).view({2, 3})}, {"steps", at::arange(2)}};
  const Checkpoints checkpoints_{scratch_.path(), "pretrain", "key"};
  const std::string whole_ = saved();
};

TEST_F(CheckpointTest, IsReadBackWithItsStepAndNotes) {
  const auto found = checkpoints_.load(state_, 40);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->step, 10);
  EXPECT_EQ(found->notes.at("images"), 80);
}

TEST_F(CheckpointTest, WithOneFlippedBitIsNeverUsed) {
  for (size_t byte = 0; byte < whole_.size(); ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = whole_;
      flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << bit));
      EXPECT_FALSE(loads(flipped)) << "bit " << bit << " of byte " << byte;
    }
  }
  EXPECT_TRUE(loads(whole_));
}

TEST_F(CheckpointTest, CutAtAnyByteIsNeverUsed) {
  for (size_t kept = 0; kept < whole_.size(); ++kept) EXPECT_FALSE(loads(whole_.substr(0, kept))) << kept;
}

TEST_F(CheckpointTest, WithoutTheChecksumOfItsTensorsIsNeverUsed) {
  uint64_t length = 0;
  std::memcpy(&length, whole_.data(), sizeof length);
  auto header = nlohmann::ordered_json::parse(whole_.substr(sizeof length, length));
  std::string data = whole_.substr(sizeof length + length);
  EXPECT_TRUE(loads(safetensors_file(header.dump(), data)));
  data[0] = static_cast<char>(data[0] ^ 1);
  ASSERT_EQ(header.at("__metadata__").erase("sha256"), 1u);
  EXPECT_FALSE(loads(safetensors_file(header.dump(), data)));
  EXPECT_TRUE(std::filesystem::exists(scratch_.path() / "pretrain-10.ckpt.corrupt"));
}

TEST_F(CheckpointTest, WhoseNotesCannotBeReadLeavesTheStateAlone) {
  nlohmann::json deep = 0;
  for (int i = 0; i <= kDeepestNesting; ++i) {
    nlohmann::json list = nlohmann::json::array();
    list.push_back(deep);
    deep = std::move(list);
  }
  std::filesystem::remove(scratch_.path() / "pretrain-10.ckpt");
  checkpoints_.save(state_, 20, deep);
  const std::vector<NamedTensor> fresh{{"weight", at::zeros({2, 3})}, {"steps", at::zeros({2}, at::kLong)}};
  EXPECT_FALSE(checkpoints_.load(fresh, 40));
  for (const auto& [name, tensor] : fresh) EXPECT_TRUE(tensor.eq(0).all().item<bool>()) << name;
  EXPECT_TRUE(std::filesystem::exists(scratch_.path() / "pretrain-20.ckpt.corrupt"));
}

TEST_F(CheckpointTest, IsOfItsStageAndSettings) {
  EXPECT_FALSE(Checkpoints(scratch_.path(), "pretrain", "other").load(state_, 40));
  std::filesystem::rename(scratch_.path() / "pretrain-10.ckpt.corrupt", scratch_.path() / "probe-10.ckpt");
  EXPECT_FALSE(Checkpoints(scratch_.path(), "probe", "key").load(state_, 40));
}

}  // namespace
}  // namespace sslbench
