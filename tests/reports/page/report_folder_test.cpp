// SPDX-License-Identifier: Apache-2.0
#include "reports/page/report_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "reports/page/renderer.h"
#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/plan/plan.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// Every run of table lines has as many cells as its header.
void expect_rectangular_tables(const std::string& markdown) {
  std::istringstream in(markdown);
  long cells = 0;
  for (std::string line; std::getline(in, line);) {
    long bars = 0;
    for (size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    if (line.empty() || line[0] != '|') {
      cells = 0;
      continue;
    }
    if (cells == 0) cells = bars;
    EXPECT_EQ(bars, cells) << line;
  }
}

TEST(ReportFolderTest, TheReportHoldsQuestionAnswerTableAndPictures) {
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  const ReportOutcome outcome = report_folder({folder.path()}, "");
  EXPECT_EQ(outcome.rows, 3);
  EXPECT_EQ(outcome.runs, 3);
  EXPECT_EQ(outcome.failures, 0);
  EXPECT_EQ(outcome.report, folder.path() / "report" / "README.md");
  const std::string text = read_file(outcome.report);
  for (const char* part :
       {"Which objective gives the most separable features?", "| `simclr` |", "**50.0 [48.1, 51.9]**",
        "`simclr` − `random_init`: +30.0 points [+30.0, +30.0] (over 2,048 test images, 1 seed)",
        "`linear_probe.top1` 10.0 %", "fig/cost.svg", "fig/loss-pretrain.svg", "fig/detection-row-simclr.png",
        "16 epochs x 4,096 images", "Test CPU",
        "sslbench run suites/quickstart.toml --seeds 0 --set methods.simclr.temperature=0.2 --set 'name=two words'"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
  expect_rectangular_tables(text);
}

TEST(ReportFolderTest, EveryLinkedPictureExists) {
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  const std::string text = read_file(report_folder({folder.path()}, "").report);
  size_t links = 0;
  for (size_t at = text.find("](fig/"); at != std::string::npos; at = text.find("](fig/", at + 1), ++links) {
    const std::string file = text.substr(at + 2, text.find(')', at) - at - 2);
    EXPECT_TRUE(fs::exists(folder.path() / "report" / file)) << file;
  }
  EXPECT_GE(links, 6u);
}

TEST(ReportFolderTest, APageThatIsThereIsMadeAgainAndNoneIsMadeUnasked) {
  const ScratchFolder folder;
  const fs::path page = folder.path() / "report" / "report.html";
  write_results(folder.path(), three_records());
  report_folder({folder.path()}, "");
  EXPECT_FALSE(fs::exists(page));
  report_folder({folder.path()}, "", {{"html"}, ""});
  write_atomically(page, "of other results");
  report_folder({folder.path()}, "");
  EXPECT_NE(read_file(page).find("<h1>"), std::string::npos);
}

TEST(ReportFolderTest, TheSameRecordsGiveTheSameBytes) {
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  report_folder({folder.path()}, "");
  const auto first = all_files(folder.path());
  report_folder({folder.path()}, "");
  for (const auto& [name, bytes] : all_files(folder.path())) EXPECT_TRUE(bytes == first.at(name)) << name;
}

TEST(ReportFolderTest, JsonHoldsTheNumbersOfTheTable) {
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  report_folder({folder.path()}, "");
  const auto json = nlohmann::json::parse(read_file(folder.path() / "report" / "report.json"));
  EXPECT_EQ(json.at("rows").at(1).at("row"), "simclr");
  EXPECT_EQ(json.at("rows").at(1).at("cells").at(0).at("value"), 0.5);
  EXPECT_EQ(json.at("over_floor").at(0).at("text"),
            "simclr − random_init: +30.0 points [+30.0, +30.0] (over 2,048 test images, 1 seed)");
}

TEST(ReportFolderTest, MeasurementsOfAllRunsAreOneTable) {
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  EXPECT_EQ(report_folder({folder.path()}, "").measurements, 12);
  const auto rows = read_measurements(folder.path() / "measurements.h5");
  ASSERT_EQ(rows.size(), 12u);
  EXPECT_EQ(rows[1].method, "random_init");
}

// Fault matrix: 59
TEST(ReportFolderTest, FailedMissingAndSupersededRunsAreVisible) {
  const ScratchFolder folder;
  auto records = three_records();
  records[1].status = "failed(signal)";
  records[1].failure = "killed by signal 9";
  records[1].stages.clear();
  write_results(folder.path(), records, false);
  write_record(sample_record("simclr", 7), folder.path() / "runs" / "simclr-s7-ffffffffffff.h5");
  const ReportOutcome outcome = report_folder({folder.path()}, "");
  EXPECT_EQ(outcome.failures, 1);
  EXPECT_EQ(outcome.not_run, 1);
  EXPECT_EQ(outcome.superseded, 1);
  const std::string text = read_file(outcome.report);
  for (const char* part : {"failed(signal)", "killed by signal 9", "not run", "`simclr-s7-ffffffffffff`"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(ReportFolderTest, ARowThatFailedInPretrainingShowsItsCurveAndNoCost) {
  const ScratchFolder folder;
  auto records = three_records();
  records[1].status = "failed(non_finite)";
  StageRecord& stage = records[1].stages[0];
  const auto curves = stage.curves;
  stage = {.name = "pretrain", .plugin = "pretrain", .status = records[1].status};
  stage.curves = curves;
  records[1].stages.resize(1);
  write_results(folder.path(), records);
  const std::string text = read_file(report_folder({folder.path()}, "").report);
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const bool of_row = line.rfind("| `simclr", 0) == 0;
    EXPECT_FALSE(of_row && (line.find("0.0 s") != std::string::npos || line.find("| 0 |") != std::string::npos))
        << line;
  }
  EXPECT_NE(text.find("| `simclr-s0-0123456789ab` | `pretrain` | failed(non_finite) | – | – |"), std::string::npos);
  EXPECT_NE(read_file(folder.path() / "report" / "fig" / "loss-pretrain.svg").find("simclr"), std::string::npos);
  const auto json = nlohmann::json::parse(read_file(folder.path() / "report" / "report.json"));
  for (const auto& each : json.at("stages")) {
    EXPECT_EQ(each.at("wall_seconds").is_null(), each.at("run") == "simclr-s0-0123456789ab") << each;
  }
}

TEST(ReportFolderTest, PicturesOfAnEarlierReportAreGoneFromItsOwnFolderOnly) {
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  const fs::path old = folder.path() / "report" / "fig" / "detection-row-gone.png";
  const fs::path foreign = folder.path() / "elsewhere" / "fig" / "holiday.png";
  for (const fs::path& file : {old, foreign}) write_atomically(file, "picture");
  report_folder({folder.path()}, "");
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(folder.path() / "report" / "fig" / "detection-row-simclr.png"));
  report_folder({folder.path()}, folder.path() / "elsewhere");
  EXPECT_TRUE(fs::exists(foreign)) << "a place that somebody named may hold other things";
}

TEST(ReportFolderTest, ADamagedRecordIsAFailedRowNotALostReport) {
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  write_atomically(folder.path() / "runs" / "simclr-s0-0123456789ab.h5", "no HDF5");
  const ReportOutcome outcome = report_folder({folder.path()}, "");
  EXPECT_EQ(outcome.failures, 1);
  EXPECT_NE(read_file(outcome.report).find("failed(storage)"), std::string::npos);
}

// Fault matrix: 58
TEST(ReportFolderTest, HostileNamesStayText) {
  const ScratchFolder folder;
  auto records = three_records();
  const std::string evil = "x|<script>alert(1)</script>[a](javascript:1)\n::error::\xE2\x80\xAE`";
  records[1].failure = records[1].question = evil;
  records[1].status = "failed(" + evil + ")";
  records[1].facts["budget"] = evil;
  records[1].facts["notes"] = {evil};
  records[1].environment["cpu"] = evil;
  records[1].stages[2].class_names = {evil, evil};
  records[1].stages[1].measurements[0].dataset = evil.substr(0, 40);
  write_results(folder.path(), records);
  report_folder({folder.path()}, "");
  const std::string text = read_file(folder.path() / "report" / "README.md");
  expect_rectangular_tables(text);
  EXPECT_EQ(text.find("<script"), std::string::npos);
  EXPECT_EQ(text.find("](javascript"), std::string::npos);
  EXPECT_EQ(text.find("::error"), std::string::npos);
  EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos);
  for (const auto& [name, bytes] : all_files(folder.path() / "report" / "fig")) {
    if (fs::path(name).extension() == ".svg") {
      EXPECT_EQ(bytes.find("<script"), std::string::npos) << name;
    }
  }
}

TEST(ReportFolderTest, SeveralFoldersNeedAPlaceAndKeepTheirRowsApart) {
  const ScratchFolder folder;
  write_results(folder.path() / "monday", three_records());
  write_results(folder.path() / "friday", three_records());
  const std::vector<fs::path> both{folder.path() / "monday", folder.path() / "friday"};
  EXPECT_THROW(report_folder(both, ""), UserError);
  const ReportOutcome outcome = report_folder(both, folder.path() / "both");
  EXPECT_EQ(outcome.rows, 6);
  EXPECT_NE(read_file(outcome.report).find("friday/simclr"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder.path() / "both" / "measurements.h5"));
  EXPECT_FALSE(fs::exists(folder.path() / "monday" / "report"));
}

// A row takes its numbers from no file that merely has its name.
TEST(ReportFolderTest, TheRecordOfAnotherRunIsAFailedRow) {
  const ScratchFolder folder;
  write_results(folder.path(), three_records());
  fs::copy_file(folder.path() / "runs" / "simclr-s0-0123456789ab.h5",
                folder.path() / "runs" / "random_init-s0-0123456789ab.h5", fs::copy_options::overwrite_existing);
  const ReportOutcome outcome = report_folder({folder.path()}, "");
  EXPECT_EQ(outcome.failures, 1);
  ASSERT_EQ(outcome.refused.size(), 1u);
  EXPECT_NE(outcome.refused[0].find("is the record of another run, simclr-s0-0123456789ab"), std::string::npos);
}

TEST(ReportFolderTest, NoRunCountsTwice) {
  const ScratchFolder folder;
  const auto records = three_records();
  write_results(folder.path() / "a", {records[0], records[1], records[1]});
  EXPECT_THROW(report_folder({folder.path() / "a"}, ""), UserError) << "the plan lists a run twice";
  write_results(folder.path() / "a", records);
  EXPECT_THROW(report_folder({folder.path() / "a", folder.path() / "a/"}, folder.path() / "out"), UserError);
}

TEST(ReportFolderTest, AFolderWithoutPlanIsAnErrorThatNamesIt) {
  const ScratchFolder folder;
  try {
    report_folder({folder.path()}, "");
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find(folder.path().string()), std::string::npos) << error.what();
  }
  EXPECT_TRUE(fs::is_empty(folder.path())) << "nothing is written before the plan is read";
}

TEST(ReportFolderTest, AReadOnlyFolderAsksForAPlace) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const ScratchFolder folder;
  write_results(folder.path() / "results", three_records());
  ASSERT_EQ(::chmod((folder.path() / "results").c_str(), 0555), 0);
  EXPECT_THROW(report_folder({folder.path() / "results"}, ""), UserError);
  EXPECT_NO_THROW(report_folder({folder.path() / "results"}, folder.path() / "elsewhere"));
  ::chmod((folder.path() / "results").c_str(), 0755);
}

TEST(RendererTest, EveryRendererHasANameAndASummary) {
  EXPECT_GE(Registry<RendererEntry>::all().size(), 2u);
  for (const auto& [name, renderer] : Registry<RendererEntry>::all()) EXPECT_FALSE(renderer.summary.empty()) << name;
}

}  // namespace
}  // namespace sslbench
