// SPDX-License-Identifier: Apache-2.0
// `sslbench data`: what a person types and reads.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/suites/cli/cli_process.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class DataCommandTest : public ::testing::Test {
 protected:
  DataCommandTest() {
    ::setenv("SSLBENCH_DATA", (folder_.path() / "data").c_str(), 1);
    for (int i = 0; i < 6; ++i) {
      write_picture(folder_, "from/sea/" + std::to_string(i) + ".jpg", 20, 30, i);
      write_picture(folder_, "from/hill/" + std::to_string(i) + ".jpg", 20, 30, 40 + i);
    }
  }
  ~DataCommandTest() override { ::unsetenv("SSLBENCH_DATA"); }
  std::string good(const std::vector<std::string>& words) {
    CliProcess process(words);
    EXPECT_EQ(process.code(), 0) << process.errors();
    return process.output();
  }
  std::string add() { return good({"data", "add", "holiday", (folder_.path() / "from").string()}); }
  ScratchFolder folder_;
  FakeWorker worker_;
};

TEST_F(DataCommandTest, AddedSetIsListedDescribedAndKnownToSuites) {
  EXPECT_THAT(add(), AllOf(StartsWith("holiday added: 12 files"), HasSubstr("  format: class_folders\n"),
                           HasSubstr("  2 classes: hill, sea\n"),
                           HasSubstr("  train: 12 images, all 30x20 px; labels: 6 a class")));
  EXPECT_THAT(good({"data", "list"}), HasSubstr("holiday"));
  EXPECT_THAT(good({"list", "datasets"}), HasSubstr("a set of your own, format class_folders, 12 train"));
  EXPECT_THAT(good({"describe", "dataset", "holiday"}), HasSubstr("test_percent"));
  const auto suite = folder_.write("s.toml",
                                   "# Does it work?\ndataset = \"holiday\"\nbackbone = \"resnet18\"\n"
                                   "[methods.simclr]\n[protocols.knn]\n");
  EXPECT_THAT(good({"plan", "--no-calibrate", suite.string(), "-o", (folder_.path() / "out").string()}),
              HasSubstr("simclr"));
  folder_.write("s.toml", "# Does it work?\ndataset = \"holidya\"\nbackbone = \"resnet18\"\n[methods.simclr]\n");
  CliProcess typo({"plan", "--no-calibrate", suite.string()});
  EXPECT_EQ(typo.code(), 2);
  EXPECT_THAT(typo.errors(), HasSubstr("did you mean 'holiday'?"));
}

TEST_F(DataCommandTest, PackSplitAndShowWriteWhatTheySay) {
  add();
  const std::string store = (folder_.path() / "h.h5").string(), picture = (folder_.path() / "h.png").string();
  EXPECT_THAT(good({"data", "pack", "holiday", "-o", store}), StartsWith("holiday packed: 12 images"));
  EXPECT_THAT(good({"data", "add", "again", store}), HasSubstr("format: packed"));
  EXPECT_THAT(good({"data", "split", "holiday", "--few-shot", "2-per-class"}), StartsWith("holiday-2shot added"));
  EXPECT_THAT(good({"data", "show", "holiday", "-o", picture, "--images", "4"}), HasSubstr("4 of "));
  EXPECT_THAT(read_file(picture), StartsWith("\x89PNG"));
  EXPECT_THAT(good({"data", "show", "shapes", "-o", picture, "--images", "30", "--set", "objects=several"}),
              AllOf(HasSubstr("colours of boxes: ellipse #"), HasSubstr("colours of masks: ")));
  const auto views = [&](const std::string& seed) {
    EXPECT_THAT(good({"data", "show", "holiday", "-o", picture, "--recipe", "dino", "--seed", seed}),
                HasSubstr("each with its views of recipe dino"));
    return read_file(picture);
  };
  const std::string first = views("1");
  EXPECT_EQ(views("1"), first);
  EXPECT_NE(views("2"), first);
  good({"data", "show", "holiday", "-o", picture, "--recipe", "detection"});
  EXPECT_THAT(good({"data", "check", "again"}), StartsWith("again is whole"));
}

TEST_F(DataCommandTest, MistakesExitTwo) {
  const auto mistake = [&](const std::vector<std::string>& words) {
    CliProcess process(words);
    EXPECT_EQ(process.code(), 2);
    return process.errors();
  };
  EXPECT_THAT(mistake({"data", "get", "bccd"}), HasSubstr("add it with `sslbench data add bccd PATH`"));
  EXPECT_THAT(mistake({"data", "get", "shapes"}), HasSubstr("is built in"));
  EXPECT_THAT(mistake({"data", "pack", "holiday", "-o", "x.tar"}), HasSubstr("does not end in .h5"));
  EXPECT_THAT(mistake({"data", "show", "shapes", "-o", "x.png", "--set", "sise=40"}), HasSubstr("size"));
  EXPECT_THAT(mistake({"data", "show", "shapes", "-o", "x.png", "--recipe", "simcrl"}), HasSubstr("simclr"));
}

}  // namespace
}  // namespace sslbench
