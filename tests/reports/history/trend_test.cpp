// SPDX-License-Identifier: Apache-2.0
#include "reports/history/trend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "reports/history/metric_text.h"
#include "suites/files/atomic_file.h"
#include "tests/reports/tracked_results.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// `value` of row, night; three rows of results or of the given cost.
template <class Value>
History nights_of(int rows, int nights, const std::string& unit, Value value) {
  History history;
  for (int night = 0; night < nights; ++night) {
    Snapshot run;
    run.suite = "nightly";
    run.created = "2026-10-" + std::to_string(10 + night % 20) + "T00:00:00Z";
    run.revision = "commit" + std::to_string(night);
    run.build_type = "Release";
    for (int row = 0; row < rows; ++row) {
      SnapshotCell cell;
      cell.row = "row" + std::to_string(row);
      cell.protocol = unit == "1" ? "knn" : "pretrain";
      cell.metric = unit == "1" ? "top1" : unit == "B" ? "peak_memory_process" : "wall_time";
      cell.split = "test";
      cell.unit = unit;
      cell.kind = unit == "1" ? MetricKind::score : MetricKind::cost;
      cell.direction = unit == "1" ? "higher" : "lower";
      cell.by_seed[night] = value(row, night);
      run.cells.push_back(cell);
    }
    history.runs.push_back(run);
  }
  return history;
}

bool any_change(const History& history) {
  for (const TrendSeries& series : trend_of(history, "nightly")) {
    if (series.segments.size() > 1) return true;
  }
  return false;
}

TEST(TrendTest, UnchangedCodeHasNoChangeInNinetyNineOfAHundredTrends) {
  constexpr int kTrends = 300, kRows = 20;
  int results = 0, costs = 0;
  for (uint32_t trend = 0; trend < kTrends; ++trend) {
    const int nights = 8 + static_cast<int>(trend % 40);
    uint32_t drawn = 0;
    const auto normal = [&] { return sample_normal(400 + trend, drawn++); };
    results += any_change(nights_of(kRows, nights, "1", [&](int, int) { return 0.9 + 0.003 * normal(); }));
    double night_effect = normal();
    int last = 0;
    costs += any_change(nights_of(kRows, nights, "s", [&](int, int night) {
      if (night != last) night_effect = 0.8 * night_effect + 0.6 * normal();
      last = night;
      return 60 * (1 + 0.02 * night_effect + 0.005 * normal());
    }));
  }
  EXPECT_LE(results, 8) << "3 and three deviations";
  EXPECT_LE(costs, 8);
}

TEST(TrendTest, AChangeIsWrittenWithTheDigitsThatShowIt) {
  const ScratchFolder folder;
  const History history = nights_of(1, 20, "s", [](int, int night) {
    return (night < 10 ? 0.0812 : 0.1103) + 1e-4 * sample_normal(5, static_cast<uint32_t>(night));
  });
  const std::string text = read_file(write_trend(trend_of(history, "nightly"), "nightly", folder.path()));
  EXPECT_THAT(text, AllOf(HasSubstr("between `commit9` and `commit10`"), Not(HasSubstr("0.1 s → 0.1 s"))));
  SnapshotCell cell;
  cell.unit = "s";
  cell.kind = MetricKind::cost;
  EXPECT_EQ(distinct_texts(cell, 0.0812, 0.1103), (std::pair<std::string, std::string>{"0.0812 s", "0.11 s"}));
  EXPECT_EQ(distinct_texts(cell, 44.51, 44.52), (std::pair<std::string, std::string>{"44.51 s", "44.52 s"}));
  cell.unit = "1";
  cell.kind = MetricKind::score;
  EXPECT_EQ(distinct_texts(cell, 0.90001, 0.90002), (std::pair<std::string, std::string>{"90.001 %", "90.002 %"}));
  EXPECT_EQ(distinct_texts(cell, 0.91, 0.92), (std::pair<std::string, std::string>{"91.00 %", "92.00 %"}));
}

TEST(TrendTest, TheTableBeginsWithWhatGotWorse) {
  const ScratchFolder folder;
  const History history = nights_of(3, 16, "1", [](int row, int night) {
    return 0.5 + 0.001 * sample_normal(static_cast<uint32_t>(row), static_cast<uint32_t>(night)) +
           (night < 9 ? 0
                      : 0.05 * (row == 1   ? 1
                                : row == 2 ? -1
                                           : 0));
  });
  const std::string text = read_file(write_trend(trend_of(history, "nightly"), "nightly", folder.path()));
  EXPECT_LT(text.find("| row2/"), text.find("| row1/"));
  EXPECT_LT(text.find("| row1/"), text.find("| row0/"));
  EXPECT_LT(text.find("![row2/"), text.find("![row0/"));
}

TEST(TrendTest, BytesAreDrawnInMebibytesOverDates) {
  const ScratchFolder folder;
  const History history = nights_of(1, 6, "B", [](int, int night) { return (300.0 + night) * (1 << 20); });
  write_trend(trend_of(history, "nightly"), "nightly", folder.path());
  const std::string chart = read_file(folder.path() / "fig/row0-pretrain.peak_memory_process.svg");
  EXPECT_THAT(chart, AllOf(HasSubstr("peak_memory_process, MiB"), HasSubstr(">300<"), HasSubstr(">2026-10-10<"),
                           HasSubstr("recorded (UTC)"), Not(HasSubstr("e+08"))));
}

TEST(TrendTerminalTest, TellsWhatChangedWorseFirstAndFitsTheTerminal) {
  const History history = nights_of(3, 16, "1", [](int row, int night) {
    return 0.5 + 0.001 * sample_normal(static_cast<uint32_t>(row), static_cast<uint32_t>(night)) +
           (night < 9  ? 0
            : row == 0 ? 0.05
            : row == 1 ? -0.05
                       : 0);
  });
  for (const size_t width : {60, 80, 120}) {
    const std::string text = trend_terminal(trend_of(history, "nightly"), "nightly", {width, false});
    EXPECT_THAT(text, AllOf(HasSubstr("sslbench nightly: trend of 3 cells\nworse   row1"), HasSubstr("better  row0"),
                            HasSubstr("1 cell without a change\n"), HasSubstr("between commit8")));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), width) << line;
  }
}

}  // namespace
}  // namespace sslbench
