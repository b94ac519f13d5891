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

TEST_F(CommitUnderTestTest, TheRepositoryIsWhereItsRemoteLies) {
  EXPECT_EQ(repository_under_test(), "") << "no repository here";
  ASSERT_EQ(std::system("git init -q ."), 0);
  EXPECT_EQ(repository_under_test(), "") << "no remote";
  ASSERT_EQ(std::system("git remote add theirs https://example.org/theirs.git"), 0);
  EXPECT_EQ(repository_under_test(), "https://example.org/theirs.git");
  ASSERT_EQ(std::system("git remote add origin https://me:s3cret@example.org/ours.git"), 0);
  EXPECT_EQ(repository_under_test(), "https://example.org/ours.git");
}

TEST(PublicAddressTest, TellsNoSecret) {
  EXPECT_EQ(public_address("https://x-access-token:gh_123@github.com/a/b"), "https://github.com/a/b");
  EXPECT_EQ(public_address("https://gh_123@github.com/a/b.git"), "https://github.com/a/b.git");
  EXPECT_EQ(public_address("https://me:p@ss:w@example.org:8443/a?private_token=x#y"), "https://example.org:8443/a");
  EXPECT_EQ(public_address("https://me:p/w@example.org/a"), "") << "what cannot be read for sure";
  EXPECT_EQ(public_address("ssh://git:pw@example.org:22/a/b.git"), "ssh://git@example.org:22/a/b.git");
  EXPECT_EQ(public_address("git@github.com:a/b.git"), "git@github.com:a/b.git");
  EXPECT_EQ(public_address("me:pw@example.org:a/b.git"), "");
}

TEST(PublicAddressTest, IsEmptyForWhatLeadsNobodyElseThere) {
  for (const char* remote :
       {"", "/home/me/repo", "../repo", "file:///home/me/repo", "ext::sh -c x", "https://", "C:\\repo"}) {
    EXPECT_EQ(public_address(remote), "") << remote;
  }
  EXPECT_EQ(public_address("https://example.org/" + std::string(5000, 'a')), "");
}

}  // namespace
}  // namespace sslbench
