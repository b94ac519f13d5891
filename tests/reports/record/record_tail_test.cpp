// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/record_tail.h"

#include <gtest/gtest.h>

#include <fstream>

#include "reports/record/hdf5/record_seal.h"
#include "suites/files/atomic_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

constexpr RecordTail kBrief = RecordTail::brief;

class RecordTailTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes) {
    write_atomically(file_, bytes);
    return file_;
  }
  uint64_t length(const std::string& bytes) {
    std::ifstream in(write(bytes), std::ios::binary);
    return tail_bytes(in);
  }
  ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / "file";
};

TEST_F(RecordTailTest, ComesBackToTheBuildThatWroteIt) {
  const std::string bytes = with_seal(with_tail("content", kBrief, "in short", "abc Release"));
  EXPECT_EQ(tail_of(write(bytes), kBrief, "abc Release"), "in short");
  EXPECT_EQ(tail_of(write(bytes), kBrief, "abd Release"), std::nullopt);
  EXPECT_EQ(tail_of(write(bytes), kBrief, ""), std::nullopt);
  EXPECT_EQ(length(bytes), bytes.size() - std::string("content").size() - kSealBytes);
}

TEST_F(RecordTailTest, EachIsFoundWhetherTheOtherIsThereOrNot) {
  const std::string packed = with_tail("content", RecordTail::packed, "numbers", "abc");
  const std::string both = with_seal(with_tail(packed, kBrief, "in short", "abc"));
  EXPECT_EQ(tail_of(write(both), RecordTail::packed, "abc"), "numbers");
  EXPECT_EQ(tail_of(write(both), kBrief, "abc"), "in short");
  EXPECT_EQ(length(both), both.size() - std::string("content").size() - kSealBytes);
  EXPECT_EQ(tail_of(write(with_seal(packed)), RecordTail::packed, "abc"), "numbers");
  EXPECT_EQ(tail_of(write(with_seal(packed)), kBrief, "abc"), std::nullopt);
}

TEST_F(RecordTailTest, FilesWithoutOneHaveNone) {
  for (const std::string& bytes : {std::string(), std::string("short"), with_seal("content"), std::string(100, 'x')}) {
    EXPECT_EQ(tail_of(write(bytes), kBrief, "abc"), std::nullopt);
    EXPECT_EQ(length(bytes), 0u);
  }
  EXPECT_EQ(tail_of(folder_.path() / "missing", kBrief, "abc"), std::nullopt);
}

TEST_F(RecordTailTest, DamageOfAnyByteOrACutLosesItAndHarmsNothing) {
  const std::string bytes = with_seal(with_tail("", kBrief, "in short", "abc"));
  for (size_t at = 0; at + 4 < bytes.size();
       ++at) {  // the last four are the seal's sum over all, which is not looked at
    std::string changed = bytes;
    changed[at] ^= 16;
    EXPECT_EQ(tail_of(write(changed), kBrief, "abc"), std::nullopt) << at;
    EXPECT_EQ(tail_of(write(bytes.substr(0, at)), kBrief, "abc"), std::nullopt) << at;
    EXPECT_EQ(tail_of(write(bytes.substr(at + 1)), kBrief, "abc"), std::nullopt) << at;
  }
}

}  // namespace
}  // namespace sslbench
