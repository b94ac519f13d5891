// SPDX-License-Identifier: Apache-2.0
// An installed set of which a file was changed in place: nothing is measured under its old digest.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr const char* kOwnSuite = R"(# Are the pictures those that were added?
dataset = "mine"
backbone = "convnet"
threads = 1
[pretrain]
epochs = 1
batch_size = 8
[methods.random_init]
[methods.autoencoder]
[protocols.knn]
)";

class ChangedDataTest : public ::testing::Test {
 protected:
  ChangedDataTest() {
    for (const std::string split : {"train", "test"}) {
      for (const std::string kind : {"cat", "dog"}) {
        for (int i = 0; i < 8; ++i) {
          write_picture(files_, split + "/" + kind + "/" + std::to_string(i) + ".png", 16, 16,
                        i + 10 * kind[0] + (split == "test" ? 20 : 0));
        }
      }
    }
    const Ending added = suite_.sslbench({"data", "add", "mine", files_.path().string()});
    EXPECT_EQ(added.code, 0) << added.errors;
  }
  fs::path installed(const std::string& name) const { return suite_.folder() / "data/mine" / name; }

  void expect_all_rows_fail(const std::string& why) const {
    const Ending end = suite_.run();
    EXPECT_EQ(end.code, 3) << end.errors;
    for (const char* row : {"random_init", "autoencoder"}) {
      EXPECT_EQ(suite_.record(row).status, "failed(data)");
      EXPECT_THAT(suite_.record(row).failure, HasSubstr(why)) << row;
    }
  }

  ScratchFolder files_;
  TinySuite suite_{kOwnSuite};
};

// Fault matrix: 49
TEST_F(ChangedDataTest, APictureThatWasReplacedByAnotherFailsTheRunsUntilItIsBack) {
  const std::string before = read_file(installed("train/cat/3.png")), other = read_file(installed("train/dog/3.png"));
  write_atomically(installed("train/cat/3.png"), other);
  write_atomically(installed("train/dog/3.png"), before);  // the same bytes in all, and every picture is whole
  expect_all_rows_fail("train/cat/3.png has changed since");
  write_atomically(installed("train/cat/3.png"), before);
  write_atomically(installed("train/dog/3.png"), other);
  const Ending mended = suite_.run();
  EXPECT_EQ(mended.code, 0) << mended.errors;
}

// Fault matrix: 49
TEST_F(ChangedDataTest, ATestPictureFailsTheStageThatReadsIt) {
  std::string picture = read_file(installed("test/dog/1.png"));
  const std::string other = read_file(installed("test/cat/1.png"));
  write_atomically(installed("test/dog/1.png"), other);
  write_atomically(installed("test/cat/1.png"), picture);
  EXPECT_EQ(suite_.run().code, 3);
  EXPECT_EQ(suite_.record("autoencoder").stages.at(0).status, "ok");
  EXPECT_THAT(suite_.record("autoencoder").failure, AllOf(HasSubstr("has changed since"), HasSubstr("stage knn")));
}

}  // namespace
}  // namespace sslbench
