// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/brief_tail.h"

#include <gtest/gtest.h>

#include <fstream>

#include "reports/record/hdf5/record_seal.h"
#include "suites/files/atomic_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

class BriefTailTest : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes) {
    write_atomically(file_, bytes);
    return file_;
  }
  uint64_t length(const std::string& bytes) {
    std::ifstream in(write(bytes), std::ios::binary);
    return brief_bytes(in);
  }
  ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / "file";
};

TEST_F(BriefTailTest, ComesBackToTheBuildThatWroteIt) {
  const std::string bytes = with_seal(with_brief("content", "in short", "abc Release"));
  EXPECT_EQ(brief_of(write(bytes), "abc Release"), "in short");
  EXPECT_EQ(brief_of(write(bytes), "abd Release"), std::nullopt);
  EXPECT_EQ(brief_of(write(bytes), ""), std::nullopt);
  EXPECT_EQ(length(bytes), bytes.size() - std::string("content").size() - kSealBytes);
}

TEST_F(BriefTailTest, FilesWithoutOneHaveNone) {
  for (const std::string& bytes : {std::string(), std::string("short"), with_seal("content"), std::string(100, 'x')}) {
    EXPECT_EQ(brief_of(write(bytes), "abc"), std::nullopt);
    EXPECT_EQ(length(bytes), 0u);
  }
  EXPECT_EQ(brief_of(folder_.path() / "missing", "abc"), std::nullopt);
}

TEST_F(BriefTailTest, DamageOfAnyByteOrACutLosesItAndHarmsNothing) {
  const std::string bytes = with_seal(with_brief("", "in short", "abc"));
  for (size_t at = 0; at + 4 < bytes.size();
       ++at) {  // the last four are the seal's sum over all, which is not looked at
    std::string changed = bytes;
    changed[at] ^= 16;
    EXPECT_EQ(brief_of(write(changed), "abc"), std::nullopt) << at;
    EXPECT_EQ(brief_of(write(bytes.substr(0, at)), "abc"), std::nullopt) << at;
    EXPECT_EQ(brief_of(write(bytes.substr(at + 1)), "abc"), std::nullopt) << at;
  }
}

}  // namespace
}  // namespace sslbench
