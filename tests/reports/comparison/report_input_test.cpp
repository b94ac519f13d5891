// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/report_input.h"

#include <gtest/gtest.h>

#include "reports/page/report_folder.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

TEST(ReportInputTest, EveryRunBringsItsReplicates) {
  const ScratchFolder folder;
  std::vector<Record> records;
  for (const char* row : {"random_init", "simclr"}) {
    for (int64_t seed = 0; seed < 2; ++seed) records.push_back(sample_record(row, seed, 0.5));
  }
  write_results(folder.path(), records);
  std::vector<std::string> refused;
  for (const Record& record : report_input({folder.path()}, refused).records) {
    EXPECT_EQ(record.stages[1].replicates.at("top1").size(), 200u) << record.run;
  }
  EXPECT_EQ(read_file(report_folder({folder.path()}, "").report).find("[48.1, 51.9]"), std::string::npos);
  records[3].status = "failed(oom)";
  records[3].stages.clear();
  write_results(folder.path(), records);
  EXPECT_NE(read_file(report_folder({folder.path()}, "").report).find("50.0 [48.1, 51.9]"), std::string::npos)
      << "the one finished seed has its interval over test images";
}

// What a commit does not hold cannot be checked out.
TEST(ReportInputTest, ReproducingBeginsWithACheckoutOnlyWhereThatIsTheSameProgram) {
  const ScratchFolder folder;
  std::vector<std::string> refused;
  const auto first_command = [&](const nlohmann::json& environment) {
    Record record = sample_record("simclr");
    record.environment.update(environment);
    for (StageRecord& stage : record.stages) stage.revision = "";
    write_results(folder.path(), {record});
    return report_input({folder.path()}, refused).commands.front();
  };
  EXPECT_EQ(first_command({{"revision", "feedbeef"}}), "git checkout feedbeef");
  EXPECT_EQ(first_command({{"dirty", true}, {"worker", "0123456789abcdef"}}),
            "# made by a changed or unknown tree (abc-dirty-0123456789ab): no checkout repeats it");
  EXPECT_EQ(first_command({{"revision", "unknown"}}).front(), '#');
}

}  // namespace
}  // namespace sslbench
