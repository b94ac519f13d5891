// SPDX-License-Identifier: Apache-2.0
// What the build says of itself: cmake/write_revision.cmake over small repositories.
#include "suites/ground/revision.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "suites/files/atomic_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class RevisionFileTest : public ::testing::Test {
 protected:
  void shell(const std::string& command) const {
    ASSERT_EQ(std::system(("cd " + tree_.path().string() + " && " + command).c_str()), 0) << command;
  }
  void commit() const {
    tree_.write("methods/simclr.cpp", "int loss;\n");
    tree_.write(".gitignore", "ignored.cpp\n");
    shell("git init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -q -m x");
  }
  std::string written(const std::string& extra = "") const {
    const auto out = out_.path() / "revision.cpp";
    const std::string command = "cmake -DOUT=" + out.string() + " -DSOURCE=" + tree_.path().string() +
                                " -DBUILD_TYPE=Release -DCOMPILER=c -DVERSION=1 -DEXTRA=" + extra +
                                " -P " SSLBENCH_SOURCE_DIR "/cmake/write_revision.cmake";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return read_file(out);
  }

  ScratchFolder tree_, out_;
};

TEST_F(RevisionFileTest, ACommittedTreeIsCleanWhateverElseLiesThere) {
  commit();
  tree_.write("notes.cpp", "");
  tree_.write("methods/README.draft", "");
  tree_.write("build/release/revision.cpp", "");
  EXPECT_THAT(written(), AllOf(HasSubstr("kRevisionDirty = false"), Not(HasSubstr("unknown"))));
}

TEST_F(RevisionFileTest, AChangedSourceIsDirty) {
  commit();
  tree_.write("methods/simclr.cpp", "int other;\n");
  EXPECT_THAT(written(), HasSubstr("kRevisionDirty = true"));
}

// CMake globs what lies in the folders: the program holds it, the commit does not.
TEST_F(RevisionFileTest, ASourceThatIsNotTrackedIsDirtyEvenWhenItIsIgnored) {
  commit();
  tree_.write("methods/ignored.cpp", "");
  EXPECT_THAT(written(), HasSubstr("kRevisionDirty = true"));
}

TEST_F(RevisionFileTest, MethodsFromOutsideTheTreeAreNamedByFolderAndContent) {
  commit();
  EXPECT_THAT(written(), HasSubstr("kExtraMethods = \"\""));
  const ScratchFolder other;
  other.write("mine/loss.cpp", "1");
  const std::string first = written((other.path() / "mine").string());
  EXPECT_THAT(first, HasSubstr("kExtraMethods = \"mine sha256:"));
  EXPECT_THAT(first, HasSubstr("kRevisionDirty = false"));
  other.write("mine/loss.h", "2");
  EXPECT_NE(written((other.path() / "mine").string()), first);
}

TEST_F(RevisionFileTest, WithoutARepositoryOfItsOwnTheRevisionIsUnknown) {
  EXPECT_THAT(written(), HasSubstr("kRevision = \"unknown\""));
  shell("git init -q . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m outer");
  const std::string outer =
      "cmake -DOUT=" + (out_.path() / "r.cpp").string() + " -DSOURCE=" + (tree_.path() / "unpacked").string() +
      " -DBUILD_TYPE=Release -DCOMPILER=c -DVERSION=1 -P " SSLBENCH_SOURCE_DIR "/cmake/write_revision.cmake";
  tree_.write("unpacked/methods/simclr.cpp", "");
  ASSERT_EQ(std::system(outer.c_str()), 0);
  EXPECT_THAT(read_file(out_.path() / "r.cpp"), HasSubstr("kRevision = \"unknown\"")) << "a repository around it";
}

}  // namespace
}  // namespace sslbench
