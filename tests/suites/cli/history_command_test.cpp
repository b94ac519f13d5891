// SPDX-License-Identifier: Apache-2.0
// history record, list and trend as people start them.
#include <algorithm>

#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

class HistoryCommandTest : public TrackedCommand {};

TEST_F(HistoryCommandTest, TheSameResultsAreRecordedOnce) {
  record_history();
  CliProcess again({"history", "record", path("past0").string(), "--history", store()});
  EXPECT_EQ(again.code(), 0);
  EXPECT_THAT(again.errors(), HasSubstr("recorded before"));
  CliProcess list({"history", "list", "--history", store(), "--json"});
  EXPECT_EQ(json::parse(list.output()).at("runs").size(), 4u);
}

TEST_F(HistoryCommandTest, ABrokenFileOfHistoryIsAnErrorOfTheGateAndAWarningElsewhere) {
  record_history();
  write_atomically(path("store/tracked/machine_A/20200101T000000Z-x-0.json"), "{\"schema\": \"sslbench.history/1\"}");
  write_atomically(path("store/tracked/machine_A/20200101T000000Z-x-1.json"), "not json");
  EXPECT_EQ(gate({}), 2) << "half a history would judge as if the other half had never been";
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 1) << errors;
  EXPECT_THAT(errors, AllOf(HasSubstr("not a record of history"), HasSubstr("and 1 more")));
  CliProcess list({"history", "list", "--history", store()});
  EXPECT_EQ(list.code(), 0);
  const std::string said = list.errors();
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 2) << said;
}

TEST_F(HistoryCommandTest, NothingIsRecordedThroughALink) {
  fs::create_directories(path("store"));
  fs::create_directories(path("elsewhere"));
  fs::create_directory_symlink(path("elsewhere"), path("store/tracked"));
  CliProcess record({"history", "record", results("past", TrackedResults{}), "--history", store()});
  EXPECT_EQ(record.code(), 2);
  EXPECT_THAT(record.errors(), HasSubstr("tracked is a symbolic link"));
  EXPECT_TRUE(fs::is_empty(path("elsewhere")));
}

TEST_F(HistoryCommandTest, AcceptSaysWhatItNeedsToKnow) {
  CliProcess neither({"history", "accept", "--cell", "byol", "--reason", "meant"});
  EXPECT_EQ(neither.code(), 2);
  EXPECT_THAT(neither.errors(), AllOf(HasSubstr("--history"), HasSubstr("--into")));
  const std::string file = path("accepted.toml").string();
  CliProcess no_suite({"history", "accept", "--into", file, "--cell", "byol", "--reason", "meant"});
  EXPECT_EQ(no_suite.code(), 2);
  EXPECT_THAT(no_suite.errors(), HasSubstr("--suite"));
  EXPECT_FALSE(fs::exists(file));
  CliProcess done({"history", "accept", "--into", file, "--suite", "smoke", "--cell", "byol", "--reason", "meant"});
  EXPECT_EQ(done.code(), 0) << done.errors();
  EXPECT_EQ(done.output(), file + "\n");
}

TEST_F(HistoryCommandTest, TrendFindsThePlantedStep) {
  TrackedResults past;
  past.rows = {"byol"};
  past.seeds = 1;
  for (int run = 0; run < 16; ++run) {
    past.first_seed = 200 + run;
    past.top1 = run < 9 ? 0.9 : 0.88;
    past.revision = "commit" + std::to_string(run);
    ::setenv("SOURCE_DATE_EPOCH", std::to_string(1'800'000'000 + 86400 * run).c_str(), 1);
    CliProcess record({"history", "record", results("past" + std::to_string(run), past), "--history", store()});
    ASSERT_EQ(record.code(), 0) << record.errors();
  }
  ::unsetenv("SOURCE_DATE_EPOCH");
  CliProcess trend({"history", "trend", "--history", store(), "-o", path("trend").string()});
  EXPECT_EQ(trend.code(), 0) << trend.errors();
  const std::string text = read_file(path("trend/README.md"));
  EXPECT_THAT(text, AllOf(HasSubstr("between `commit8` and `commit9`"), HasSubstr("penalty")));
  EXPECT_THAT(read_file(path("trend/fig/byol-linear_probe.top1.svg")), HasSubstr("<svg"));
}

TEST_F(HistoryCommandTest, ATrendLeavesNoChartOfAnEarlierOneAndTouchesNothingElse) {
  record_history();
  write_atomically(path("trend/README.md"), "![old](fig/gone-knn.top1.svg)\n![no](fig/../keep.svg)\n");
  for (const char* file : {"trend/fig/gone-knn.top1.svg", "trend/fig/holiday.svg", "trend/keep.svg"}) {
    write_atomically(path(file), "<svg/>");
  }
  ASSERT_EQ(CliProcess({"history", "trend", "--history", store(), "-o", path("trend").string()}).code(), 0);
  EXPECT_FALSE(std::filesystem::exists(path("trend/fig/gone-knn.top1.svg")));
  EXPECT_TRUE(std::filesystem::exists(path("trend/fig/holiday.svg")));
  EXPECT_TRUE(std::filesystem::exists(path("trend/keep.svg")));
}

}  // namespace
}  // namespace sslbench
