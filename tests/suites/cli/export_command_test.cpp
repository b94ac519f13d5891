// SPDX-License-Identifier: Apache-2.0
// export of measurements as people start it.
#include <algorithm>
#include <map>
#include <sstream>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/comparison.h"
#include "reports/comparison/report_input.h"
#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// Cells by the first one of their line.
using LatexTable = std::map<std::string, std::vector<std::string>>;

LatexTable latex_table(const std::string& text) {
  LatexTable out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.ends_with(" \\\\")) continue;
    line = line.substr(0, line.size() - 3) + " & ";
    std::vector<std::string> cells;
    for (size_t at = 0; at < line.size(); at = line.find(" & ", at) + 3) {
      cells.push_back(line.substr(at, line.find(" & ", at) - at));
    }
    out[cells.front()] = {cells.begin() + 1, cells.end()};
  }
  return out;
}

class ExportCommandTest : public TrackedCommand {
 protected:
  std::string latex(const std::string& folder, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"export", folder, "--to", "latex"});
    CliProcess process(more);
    EXPECT_EQ(process.code(), 0) << process.errors();
    return process.output();
  }

  static fs::path record_file(const std::string& folder, const std::string& row, int64_t seed = 0) {
    return fs::path(folder) / "runs" / (row + "-s" + std::to_string(seed) + "-0123456789ab.h5");
  }

  // What the report prints for the rows of `table`; the only column is linear_probe.top1.
  static LatexTable as_reported(const std::string& folder) {
    std::vector<std::string> refused;
    const Comparison report = compare(report_input({folder}, refused));
    LatexTable out{{"method", {"linear\\_probe.top1"}}};
    for (const Row& row : report.rows) {
      for (const Cell& cell : row.cells) {
        std::string text = cell_text(report.columns[static_cast<size_t>(&cell - row.cells.data())], cell);
        if (const size_t at = text.find("±"); at != std::string::npos) text.replace(at, 2, "$\\pm$");
        out[row.name].push_back(text);
      }
    }
    return out;
  }
};

TEST_F(ExportCommandTest, ExportsAreWhatTheirReadersExpect) {
  const std::string now = results("now", {});
  const auto exported = [&](const std::string& format) {
    CliProcess process({"export", now, "--to", format});
    EXPECT_EQ(process.code(), 0) << process.errors();
    return process.output();
  };
  const std::string csv = exported("csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 6 * 2);
  EXPECT_THAT(csv, HasSubstr("suite,dataset,method,backbone,seed"));
  EXPECT_EQ(json::parse(exported("json")).at("cells").size(), 4u);
  EXPECT_THAT(exported("latex"), AllOf(HasSubstr("\\toprule"), HasSubstr("linear\\_probe.top1"), HasSubstr("\\pm")));
  const json gbench = json::parse(exported("gbench"));
  EXPECT_EQ(gbench.at("benchmarks").size(), 6u);
  EXPECT_TRUE(gbench.at("benchmarks").at(0).contains("linear_probe.top1"));
  for (const json& one : json::parse(exported("gha"))) EXPECT_GT(one.at("value").get<double>(), 0);
  EXPECT_TRUE(json::parse(exported("bmf")).contains("tracked/byol"));
  EXPECT_TRUE(exported("openmetrics").ends_with("# EOF\n"));
  const std::string mllog = exported("mllog");
  EXPECT_TRUE(mllog.starts_with(":::MLLOG {"));
  EXPECT_THAT(mllog, HasSubstr("\"eval_accuracy\""));
  CliProcess tensorboard({"export", now, "--to", "tensorboard", "-o", path("tb").string()});
  EXPECT_EQ(tensorboard.code(), 0) << tensorboard.errors();
  const std::string events = read_file(path("tb/byol-s0-0123456789ab/events.out.tfevents.0.sslbench"));
  EXPECT_THAT(events, AllOf(HasSubstr("brain.Event:2"), HasSubstr("linear_probe/test/top1")));
  CliProcess nowhere({"export", now, "--to", "tensorboard"});
  EXPECT_EQ(nowhere.code(), 2);
}

TEST_F(ExportCommandTest, ALatexTableHasEveryPlannedRowWithTheReportsNumberOrWord) {
  TrackedResults content;
  content.rows = {"byol", "failing", "absent", "damaged"};
  content.seeds = 1;
  const std::string now = results("now", content);
  Record failed = read_record(record_file(now, "failing"));
  failed.status = "failed(oom)";
  failed.stages.clear();
  write_record(failed, record_file(now, "failing"));
  fs::remove(record_file(now, "absent"));
  write_atomically(record_file(now, "damaged"), "no record");
  const LatexTable table = latex_table(latex(now));
  EXPECT_EQ(table, as_reported(now));
  EXPECT_EQ(table.at("failing"), std::vector<std::string>{"failed(oom)"});
  EXPECT_EQ(table.at("absent"), std::vector<std::string>{"not run"});
  EXPECT_EQ(table.at("damaged"), std::vector<std::string>{"failed(storage)"});
}

TEST_F(ExportCommandTest, ALatexTableHasTheRowsAskedForOnly) {
  TrackedResults content;
  content.rows = {"byol", "simclr", "absent"};
  const std::string now = results("now", content);
  for (int64_t seed = 0; seed < content.seeds; ++seed) fs::remove(record_file(now, "absent", seed));
  EXPECT_THAT(latex_table(latex(now, {"--only", "byol"})), UnorderedElementsAre(Key("method"), Key("byol")));
}

TEST_F(ExportCommandTest, OneSeedInALatexTableHasItsIntervalOverTestImages) {
  TrackedResults content;
  content.seeds = 1;
  const std::string now = results("now", content);
  Record resampled = read_record(record_file(now, "byol"));
  StageRecord& probe = resampled.stages[1];
  for (int b = -100; b < 100; ++b) {
    probe.replicates["top1"].own().push_back(probe.measurements.front().value + 0.0002 * b);
  }
  write_record(resampled, record_file(now, "byol"));
  const std::string text = latex(now);
  const LatexTable table = latex_table(text);
  EXPECT_EQ(table, as_reported(now));
  EXPECT_THAT(table.at("byol").front(), MatchesRegex("[0-9.]+ \\[[0-9.]+, [0-9.]+\\]"));
  EXPECT_THAT(table.at("simclr").front(), MatchesRegex("[0-9.]+"));
  const std::string note = text.substr(text.find("\\end{tabular}"));
  EXPECT_THAT(note, AllOf(HasSubstr("test images"), Not(HasSubstr("\\pm"))));
}

TEST_F(ExportCommandTest, SeveralSeedsInALatexTableSayHowMany) {
  TrackedResults content;
  content.seeds = 4;
  const std::string now = results("now", content);
  fs::remove(record_file(now, "simclr", 3));
  const std::string text = latex(now);
  const LatexTable table = latex_table(text);
  EXPECT_EQ(table, as_reported(now));
  EXPECT_THAT(table.at("byol").front(), HasSubstr("(n = 4)"));
  EXPECT_THAT(table.at("simclr").front(), HasSubstr("(n = 3)"));
  const std::string note = text.substr(text.find("\\end{tabular}"));
  EXPECT_THAT(note, AllOf(HasSubstr("$\\pm$: half the width"), HasSubstr("seeds"), Not(HasSubstr("test images"))));
}

}  // namespace
}  // namespace sslbench
