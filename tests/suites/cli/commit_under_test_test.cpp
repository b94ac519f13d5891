// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/commit_under_test.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

// With none of the variables of CI services, in a folder of its own.
class CommitUnderTestTest : public ::testing::Test {
 protected:
  CommitUnderTestTest() {
    for (const char* name : {"GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT", "CIRCLE_SHA1", "BUILDKITE_COMMIT",
                             "BUILD_SOURCEVERSION", "BITBUCKET_COMMIT"}) {
      ::unsetenv(name);
    }
    std::filesystem::current_path(folder_.path());
  }
  ~CommitUnderTestTest() override { std::filesystem::current_path(before_); }

  ScratchFolder folder_;
  std::filesystem::path before_ = std::filesystem::current_path();
};

TEST_F(CommitUnderTestTest, IsThatOfTheFolderAndOfTheServiceBeforeIt) {
  EXPECT_EQ(commit_under_test(), "") << "no repository here";
  ASSERT_EQ(std::system("git init -q . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && "
                        "git rev-parse HEAD | tr -d '\\n' > head"),
            0);
  std::string head(64, '\0');
  FILE* file = std::fopen("head", "r");
  ASSERT_NE(file, nullptr);
  head.resize(std::fread(head.data(), 1, head.size(), file));
  std::fclose(file);
  EXPECT_EQ(commit_under_test(), head);
  ::setenv("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567", 1);
  EXPECT_EQ(commit_under_test(), "0123456789abcdef0123456789abcdef01234567");
  ::setenv("GITHUB_SHA", "$(rm -rf x)", 1);
  EXPECT_EQ(commit_under_test(), head) << "what is no commit is not taken";
  ::unsetenv("GITHUB_SHA");
}

}  // namespace
}  // namespace sslbench
