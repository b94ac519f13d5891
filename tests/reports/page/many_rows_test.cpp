// SPDX-License-Identifier: Apache-2.0
// A page of many rows shows the best of them, floor and ceiling, and says where the rest is.
#include <gmock/gmock.h>

#include "reports/comparison/report_input.h"
#include "reports/comparison/shown_rows.h"
#include "reports/page/report_folder.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// row<i> is better than row<i - 1>.
std::vector<Record> records_of(int rows) {
  std::vector<Record> out;
  for (int row = 0; row < rows; ++row) {
    out.push_back(sample_record("row" + std::to_string(row), 0, 0.2 + 0.005 * row));
    if (row == 0) out.back().facts["role"] = "floor";
    if (row == 1) out.back().facts["role"] = "ceiling";
  }
  return out;
}

class ManyRowsTest : public ::testing::Test {
 protected:
  std::string page(int rows) {
    write_results(folder_.path(), records_of(rows));
    outcome_ = report_folder({folder_.path()}, "", {});
    return read_file(outcome_.report);
  }
  std::string report(const std::string& name) const { return read_file(folder_.path() / "report" / name); }

  ScratchFolder folder_;
  ReportOutcome outcome_;
};

TEST_F(ManyRowsTest, TheBestFloorAndCeilingAreShownAndTheRestIsInTheTables) {
  const std::string text = page(100);
  EXPECT_THAT(text, HasSubstr("32 of 100 rows are shown: the 30 best by linear_probe.top1, floor and ceiling."));
  EXPECT_THAT(text, HasSubstr("report.csv holds the numbers of all rows"));
  for (const char* shown : {"`row0`", "`row1`", "`row70`", "`row99`"}) EXPECT_THAT(text, HasSubstr(shown));
  for (const char* left_out : {"`row2`", "`row50`", "`row69`"}) EXPECT_THAT(text, Not(HasSubstr(left_out)));
  EXPECT_THAT(outcome_.brief, HasSubstr("32 of 100 rows are shown"));
  EXPECT_THAT(outcome_.brief, Not(HasSubstr("`row50`")));
  for (int row = 0; row < 100; ++row) {
    EXPECT_THAT(report("report.csv"), HasSubstr("\nrow" + std::to_string(row) + ","));
    EXPECT_THAT(report("report.json"), HasSubstr("\"row\": \"row" + std::to_string(row) + "\""));
  }
  EXPECT_EQ(outcome_.rows, 100);
  size_t figures = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path() / "report" / "fig"))
    figures += entry.is_regular_file();
  EXPECT_LT(figures, 100u) << "of rows that are shown";
}

TEST_F(ManyRowsTest, AFewRowsAreAllShown) {
  const std::string text = page(static_cast<int>(kMostRowsShown));
  EXPECT_THAT(text, Not(HasSubstr("rows are shown")));
  EXPECT_THAT(text, HasSubstr("`row2`"));
}

TEST(ShownRowsTest, WhereFewAreRankedOthersFillThePlaces) {
  const ScratchFolder folder;
  std::vector<Record> records = records_of(60);
  for (int row = 10; row < 60; ++row) records[static_cast<size_t>(row)].status = "failed(oom)";
  write_results(folder.path(), records);
  std::vector<std::string> refused;
  const Comparison whole = compare(report_input({folder.path()}, refused));
  const std::vector<size_t> rows = shown_rows(whole);
  EXPECT_EQ(rows.size(), kBestRowsShown + 2);
  EXPECT_EQ(rows.back(), 31u) << "in the suite's order";
  const Comparison shown = with_rows(whole, rows);
  EXPECT_EQ(shown.left_out, 28u);
  EXPECT_EQ(shown.floor, 0u);
  for (const Difference& d : shown.over_floor) {
    EXPECT_LT(d.row, shown.rows.size());
    EXPECT_EQ(d.over, 0u);
  }
}

}  // namespace
}  // namespace sslbench
