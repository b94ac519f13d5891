// SPDX-License-Identifier: Apache-2.0
// A whole report against the one in golden/: a change of any byte is seen in review. SSLBENCH_WRITE_GOLDEN=1 writes it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "reports/page/report_folder.h"
#include "reports/record/pretraining_names.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

const fs::path kGolden = fs::path(SSLBENCH_SOURCE_DIR) / "tests/reports/golden";

void add_step_times(const std::string& row, int64_t seed, StageRecord& pretraining) {
  const double forward = 20 + static_cast<double>(seed);
  const double seconds[] = {0.5, forward, 2 * forward, 3, 0.25};
  for (size_t phase = 0; phase < kStepTimes.size(); ++phase) {
    Measurement m = sample_measurement(row, seed, "pretrain", kStepTimes[phase], seconds[phase]);
    m.split = "train", m.unit = "s", m.direction = "none", m.n = 510;
    pretraining.measurements.push_back(m);
  }
}

// Pictures are left out: their bytes depend on the zlib that compresses them.
Record plain_record(const std::string& row, int64_t seed, double top1, const std::string& role = "") {
  Record record = sample_record(row, seed, top1);
  record.facts["role"] = role;
  record.facts["uses_labels"] = role == "ceiling";
  record.dataset = "shapes";
  record.environment["device"] = "cpu";
  record.effective["pretrain"] = {{"epochs", 16}, {"batch_size", 128}};
  record.requested["options"] = {{"temperature", 0.2}};
  record.requested["backbone"] = {{"options", {{"width", 16}}}};
  for (StageRecord& stage : record.stages) stage.samples.clear();
  for (double& value : record.stages[0].curves["loss"].value) value += 0.1 * static_cast<double>(seed);
  record.stages[0].curves["embedding_std"] = {{0, 100}, {0.09, 0.12}};
  record.stages[0].cpu_seconds = role == "floor" ? 1 : 80 + 40 * top1;
  if (role == "floor") {
    record.stages[0].images = 0;
  } else {
    add_step_times(row, seed, record.stages[0]);
  }
  return record;
}

// Four rows of three seeds; one run failed, one was made elsewhere.
std::vector<Record> golden_records() {
  std::vector<Record> out;
  const double noise[] = {-0.012, 0.004, 0.009};
  for (int64_t seed = 0; seed < 3; ++seed) {
    out.push_back(plain_record("random_init", seed, 0.2 + noise[seed] / 2, "floor"));
    out.push_back(plain_record("byol", seed, 0.561 + noise[2 - seed]));
    out.push_back(plain_record("simclr", seed, 0.565 + noise[seed]));
    out.push_back(plain_record("supervised", seed, 0.8 + noise[seed] / 3, "ceiling"));
  }
  Record failed = plain_record("a_long_row_name_that_is_cut_in_charts", 0, 0.5);
  failed.status = "failed(oom)";
  failed.failure = "out of memory in stage 'pretrain'";
  failed.stages.clear();
  out.push_back(failed);
  out[2].environment["cpu"] = "Other CPU";
  return out;
}

TEST(GoldenReportTest, IsTheCommittedOneByteForByte) {
  const ScratchFolder folder;
  write_results(folder.path(), golden_records());
  report_folder({folder.path()}, "", {{"html"}, kGolden / "published.csv"});
  const bool write = std::getenv("SSLBENCH_WRITE_GOLDEN") != nullptr;
  for (const auto& [file, made] : all_files(folder.path() / "report")) {
    if (write) write_atomically(kGolden / file, made);
    ASSERT_TRUE(fs::exists(kGolden / file)) << file;
    std::istringstream is(made), was(read_file(kGolden / file));
    int number = 0;
    for (std::string a, b; std::getline(is, a) && std::getline(was, b);) {
      ++number;
      ASSERT_EQ(a, b) << file << ":" << number << "; if the change is meant, write tests/reports/golden anew with "
                      << "SSLBENCH_WRITE_GOLDEN=1 and look at it";
    }
    EXPECT_TRUE(made == read_file(kGolden / file)) << file;
  }
}

TEST(GoldenReportTest, TheMainReadmeShowsTheCommittedRecords) {
  const fs::path source = SSLBENCH_SOURCE_DIR;
  const ScratchFolder out;
  const ReportOutcome outcome = report_folder({source / "reports/example/quickstart"}, out.path());
  EXPECT_EQ(outcome.runs, 6);
  EXPECT_NE(read_file(source / "README.md").find(outcome.brief), std::string::npos) << "run scripts/generate";
  EXPECT_TRUE(read_file(out.path() / "fig" / "cost.svg") == read_file(source / "reports/example/quickstart-cost.svg"))
      << "run scripts/generate";
}

// Lines of report.csv without those of one row.
std::string cells_without(const fs::path& folder, const std::string& row) {
  std::istringstream in(read_file(folder / "report" / "report.csv"));
  std::string out;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(row + ",", 0) != 0 && line.find("fungi") == std::string::npos) out += line + "\n";
  }
  return out;
}

TEST(GoldenReportTest, AnUnrelatedRunChangesNoOtherCell) {
  const ScratchFolder with, without;
  std::vector<Record> records = golden_records();
  write_results(without.path(), records);
  Record other = plain_record("other", 0, 0.9);
  for (StageRecord& stage : other.stages) {
    for (Measurement& m : stage.measurements) m.dataset = "fungi";
  }
  records.push_back(other);
  write_results(with.path(), records);
  report_folder({without.path()}, "");
  report_folder({with.path()}, "");
  EXPECT_EQ(cells_without(with.path(), "other"), cells_without(without.path(), "other"));
}

TEST(GoldenReportTest, OtherSettingsOfAProtocolAreAnotherColumn) {
  const ScratchFolder folder;
  Record a = plain_record("a", 0, 0.5), b = plain_record("b", 0, 0.6);
  a.effective["protocols"] = {{{"row", "linear_probe"}, {"settings", {{"epochs", 100}}}}};
  b.effective["protocols"] = {{{"row", "linear_probe"}, {"settings", {{"epochs", 10}}}}};
  write_results(folder.path(), {a, b});
  report_folder({folder.path()}, "");
  const std::string text = read_file(folder.path() / "report" / "README.md");
  for (const char* part : {"settings 1", "settings 2", "Kept apart", "no other row has a result to compare with"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace sslbench
