// SPDX-License-Identifier: Apache-2.0
// Where commands may write, and what their arguments may be.
#include "suites/cli/commands/output_place.h"

#include <gmock/gmock.h>

#include "tests/reports/results_folder.h"
#include "tests/suites/cli/cli_process.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

class OutputPlaceTest : public testing::Test {
 protected:
  OutputPlaceTest() {
    scratch_.write("data/mine/.sslbench.json", "{}");
    scratch_.write("data/mine/.sslbench.sha256", "");
    scratch_.write("data/mine/train/cat.png", "");
    write_results(scratch_.path() / "results", three_records());
    fs::create_directory_symlink(scratch_.path() / "data/mine/train", scratch_.path() / "link");
  }
  std::string path(const std::string& name) const { return (scratch_.path() / name).string(); }

  ScratchFolder scratch_;
};

// Fault matrix: 52
TEST_F(OutputPlaceTest, AnInstalledSetIsNoneHoweverItIsNamed) {
  for (const char* place :
       {"data/mine", "data/mine/out", "data/mine/train/a/b", "link/out", "results/../data/mine/x"}) {
    EXPECT_THAT(why_not_written(path(place)), HasSubstr("lies in the dataset")) << place;
  }
  for (const char* place : {"data", "data/other", "results", "new/folder"}) {
    EXPECT_EQ(why_not_written(path(place)), "") << place;
  }
}

// Fault matrix: 52
TEST_F(OutputPlaceTest, EveryCommandThatWritesRefusesItBeforeItBegins) {
  const auto before = all_files(scratch_.path());
  const std::string inside = path("data/mine/out"), results = path("results");
  const std::vector<std::vector<std::string>> commands{
      {"run", "quickstart", "-o", inside},
      {"plan", "quickstart", "-o", inside},
      {"report", results, "-o", inside},
      {"export", results, "--to", "csv", "-o", inside},
      {"bundle", results, "-o", inside + ".tar.gz"},
      {"compare", results, results, "--markdown", inside},
      {"history", "record", results, "--history", inside},
      {"history", "trend", "--history", path("store"), "-o", inside},
      {"gate", results, "--history", path("store"), "--markdown", inside},
      {"gate", results, "--history", path("store"), "--junit", inside},
      {"gate", results, "--history", path("store"), "--gha", inside},
      {"gate", results, "--history", path("store"), "--bmf", inside},
      {"gate", results, "--history", path("store"), "--openmetrics", inside},
      {"ci", "init", "-o", inside},
      {"data", "pack", "mine", "-o", inside + ".h5"},
      {"data", "show", "mine", "-o", inside}};
  for (const auto& words : commands) {
    CliProcess process(words);
    EXPECT_EQ(process.code(), 2) << words[0];
    EXPECT_THAT(process.errors(), HasSubstr("lies in the dataset")) << words[0] << " " << words[1];
  }
  EXPECT_EQ(all_files(scratch_.path()), before);
}

// Fault matrix: 61
TEST_F(OutputPlaceTest, ArgumentsThatAreNotUtf8AreOneLine) {
  const std::string odd = path("\xff\xfe");
  const std::vector<std::vector<std::string>> commands{{"run", "quickstart", "-o", odd},
                                                       {"plan", odd},
                                                       {"report", path("results"), "-o", odd},
                                                       {"history", "list", "--history", odd},
                                                       {"plan", "quickstart", "--set", "pretrain.x=\xc0"}};
  for (const auto& words : commands) {
    CliProcess process(words);
    EXPECT_EQ(process.code(), 2) << words[0];
    EXPECT_THAT(process.errors(), HasSubstr("is not UTF-8")) << words[0];
    EXPECT_EQ(std::ranges::count(process.errors(), '\n'), 1) << process.errors();
  }
}

TEST_F(OutputPlaceTest, FoldersOfTheSurroundingsThatAreNotUtf8AreOneLine) {
  ::setenv("SSLBENCH_DATA", path("\xff").c_str(), 1);
  CliProcess process({"data", "list"});
  EXPECT_EQ(process.code(), 2);
  ::unsetenv("SSLBENCH_DATA");
  EXPECT_THAT(process.errors(), HasSubstr("SSLBENCH_DATA is not UTF-8"));
}

}  // namespace
}  // namespace sslbench
