// SPDX-License-Identifier: Apache-2.0
#include "suites/training/checkpoint.h"

#include <gtest/gtest.h>

#include <cstring>

#include "datasets/batches/aten.h"
#include "suites/spec/atomic_file.h"
#include "tests/suites/spec/scratch_folder.h"

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

TEST_F(CheckpointTest, IsOfItsStageAndSettings) {
  EXPECT_FALSE(Checkpoints(scratch_.path(), "pretrain", "other").load(state_, 40));
  std::filesystem::rename(scratch_.path() / "pretrain-10.ckpt.corrupt", scratch_.path() / "probe-10.ckpt");
  EXPECT_FALSE(Checkpoints(scratch_.path(), "probe", "key").load(state_, 40));
}

}  // namespace
}  // namespace sslbench
