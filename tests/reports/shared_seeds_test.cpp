// SPDX-License-Identifier: Apache-2.0
#include "reports/shared_seeds.h"

#include <gtest/gtest.h>

#include "reports/report_folder.h"
#include "tests/reports/results_folder.h"

namespace sslbench {
namespace {

ComparisonInput input_of(const std::vector<std::pair<std::string, int64_t>>& runs) {
  ComparisonInput input;
  for (const auto& [row, seed] : runs) {
    const std::string name = row + std::to_string(seed);
    input.planned.push_back({row, seed, name});
    input.records.push_back(sample_record(row, seed));
    input.records.back().run = name;
  }
  return input;
}

TEST(SharedSeedsTest, TwoThatAllRowsShareDecide) {
  for (const auto& [runs, over_seeds] : std::vector<std::pair<std::vector<std::pair<std::string, int64_t>>, bool>>{
           {{{"a", 0}, {"a", 1}, {"b", 0}, {"b", 1}}, true},
           {{{"a", 0}, {"b", 0}}, false},
           {{{"a", 0}, {"a", 1}, {"b", 1}, {"b", 2}}, false},
           {{{"a", 0}, {"a", 1}, {"a", 2}, {"b", 1}, {"b", 2}}, true},
           {{{"a", 0}, {"a", 1}}, true}}) {
    EXPECT_EQ(plan_is_over_seeds(input_of(runs)), over_seeds);
    EXPECT_EQ(is_over_seeds(input_of(runs)), over_seeds);
  }
}

TEST(SharedSeedsTest, AStageThatOneRunLacksCounts) {
  ComparisonInput input = input_of({{"a", 0}, {"a", 1}, {"b", 0}, {"b", 1}});
  input.records[3].stages.resize(2);
  EXPECT_TRUE(plan_is_over_seeds(input));
  EXPECT_FALSE(is_over_seeds(input));
}

TEST(SharedSeedsTest, ANumberThatOneRunLacksCounts) {
  const std::vector<std::pair<std::string, int64_t>> runs{{"a", 0}, {"a", 1}, {"b", 0}, {"b", 1}};
  ComparisonInput lacks = input_of(runs), other = input_of(runs), settings = input_of(runs);
  std::erase_if(lacks.records[3].stages[1].measurements, [](const Measurement& m) { return m.metric == "top1"; });
  EXPECT_FALSE(is_over_seeds(lacks));
  other.records[3].stages[1].measurements[0].version = 2;
  EXPECT_FALSE(is_over_seeds(other));
  settings.records[3].effective["protocols"] = {{{"row", "linear_probe"}, {"settings", {{"epochs", 10}}}}};
  EXPECT_FALSE(is_over_seeds(settings));
}

// Replicates are not read where seeds suffice; the one finished seed of a row needs them after all.
TEST(SharedSeedsTest, ARowThatLostASeedHasItsIntervalOverImages) {
  const TestFolder folder("seeds");
  std::vector<Record> records;
  for (const char* row : {"random_init", "simclr"}) {
    for (int64_t seed = 0; seed < 2; ++seed) records.push_back(sample_record(row, seed, 0.5));
  }
  write_results(folder.path(), records);
  EXPECT_EQ(read_file(report_folder({folder.path()}, "").report).find("[48.1, 51.9]"), std::string::npos);
  records[3].status = "failed(oom)";
  records[3].stages.clear();
  write_results(folder.path(), records);
  EXPECT_NE(read_file(report_folder({folder.path()}, "").report).find("50.0 [48.1, 51.9]"), std::string::npos);
}

}  // namespace
}  // namespace sslbench
