// SPDX-License-Identifier: Apache-2.0
// compare as people start it.
#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CompareCommandTest : public TrackedCommand {};

TEST_F(CompareCommandTest, ATableDoesNotSayWhereItWasMeasured) {
  TrackedResults past, now;
  past.seeds = now.seeds = 5;
  past.first_seed = 10;
  results("now", now);
  CliProcess report({"report", path("now").string()});
  ASSERT_EQ(report.code(), 0) << report.errors();
  CliProcess compare({"compare", results("past", past), path("now/measurements.h5").string(), "--json"});
  EXPECT_EQ(compare.code(), 5);
  const auto comparison = nlohmann::json::parse(compare.output());
  for (const auto& cell : comparison.at("cells")) {
    EXPECT_EQ(cell.at("verdict") == "incomparable", cell.at("metric") == "throughput") << cell;
  }
}

// What is said of further runs is true when they give the same.
TEST_F(CompareCommandTest, MoreRunsThanThereAreWouldDecide) {
  TrackedResults past, now;
  past.seeds = now.seeds = 5;
  past.first_seed = 10;
  now.top1 = past.top1 + 0.002;
  CliProcess compare({"compare", results("past", past), results("now", now), "--json"});
  const auto comparison = nlohmann::json::parse(compare.output());
  for (const auto& cell : comparison.at("cells")) {
    if (!cell.at("runs_needed").is_null()) EXPECT_GT(cell.at("runs_needed"), 5) << cell;
  }
}

TEST_F(CompareCommandTest, CompareNeverExits1) {
  TrackedResults base, worse;
  worse.first_seed = 50;
  base.seeds = worse.seeds = 6;
  worse.changed_row = "byol";
  worse.top1_drop = 0.02;
  const std::string a = results("a", base), b = results("b", worse);
  CliProcess compare({"compare", a, b, "--json"});
  EXPECT_EQ(compare.code(), 0) << compare.errors();
  const json cells = json::parse(compare.output()).at("cells");
  for (const json& cell : cells) {
    const bool planted = cell.at("row") == "byol" && cell.at("metric") == "top1";
    EXPECT_EQ(cell.at("verdict") == "regressed", planted) << cell.dump();
  }
  CliProcess markdown({"compare", a, a});
  EXPECT_EQ(markdown.code(), 0);
  EXPECT_THAT(markdown.output(), AllOf(HasSubstr("4 same"), Not(HasSubstr("regressed"))));
  TrackedResults other;
  other.digest = "d2";
  CliProcess refused({"compare", a, results("c", other)});
  EXPECT_EQ(refused.code(), 5);
  TrackedResults fewer;
  fewer.rows = {"byol"};
  CliProcess missing({"compare", a, results("d", fewer)});
  EXPECT_EQ(missing.code(), 4);
  TrackedResults single;
  single.seeds = 1;
  CliProcess few({"compare", results("e", single), b});
  EXPECT_EQ(few.code(), 0);
  EXPECT_THAT(few.output(), HasSubstr("inconclusive"));
}

}  // namespace
}  // namespace sslbench
