// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/tiny_suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/files/file_lock.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The one entry of `folder` that belongs to that row and ends like that.
fs::path entry_of(const fs::path& folder, const std::string& row, const std::string& extension) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(row + "-s") && name.ends_with(extension)) return entry.path();
  }
  return {};
}

pid_t holder_of(const fs::path& work_folder) {
  std::string holder;  // "pid 123 on host"
  if (work_folder.empty() || !FileLock::is_held(work_folder / "lock", holder) || holder.size() < 5) return 0;
  return std::stoi(holder.substr(4));
}

}  // namespace

TinySuite::TinySuite(const std::string& text) {
  write("tiny.toml", text);
  around.folder = folder();
  around.environment = {{"SSLBENCH_DATA", (folder() / "data").string()},
                        {"XDG_CACHE_HOME", (folder() / "cache").string()},
                        {"TMPDIR", (folder() / "temporary").string()}};  // what a killed program leaves goes with us
  fs::create_directories(folder() / "temporary");
}

std::vector<std::string> TinySuite::command(std::vector<std::string> words) const {
  words.insert(words.begin(), program_of_build("sslbench").string());
  return words;
}

Ending TinySuite::sslbench(std::vector<std::string> words, double limit) const {
  return run_program(command(std::move(words)), around, limit);
}

std::vector<std::string> TinySuite::run_command(std::vector<std::string> more) const {
  more.insert(more.begin(), {"run", suite().string(), "-o", out.string()});
  return command(std::move(more));
}

Ending TinySuite::run(std::vector<std::string> more, double limit) const {
  return run_program(run_command(std::move(more)), around, limit);
}

fs::path TinySuite::record_file(const std::string& row) const { return entry_of(out / "runs", row, ".h5"); }
fs::path TinySuite::work_folder(const std::string& row) const { return entry_of(out / "work", row, ""); }
Record TinySuite::record(const std::string& row) const { return read_record(record_file(row)); }
json TinySuite::report() const { return json::parse(read_file(out / "report/report.json")); }
std::string TinySuite::markdown() const { return read_file(out / "report/README.md"); }

void TinySuite::wait_for_step(Program& run, const std::string& row, int64_t step) const {
  bool there = false;
  eventually(60, [&] { return (there = newest_step(work_folder(row)) >= step) || !run.running(); });
  EXPECT_TRUE(there) << row << " did not get to step " << step << ":\n" << run.errors_so_far();
}

pid_t TinySuite::worker(const std::string& row) const {
  const pid_t pid = holder_of(work_folder(row));
  if (pid <= 0) throw std::runtime_error("no worker is at work on " + row);
  return pid;
}

std::vector<pid_t> TinySuite::workers() const {
  std::vector<pid_t> out_pids;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(out / "work", ignored)) {
    if (const pid_t pid = holder_of(entry.path()); pid != 0) out_pids.push_back(pid);
  }
  return out_pids;
}

int64_t newest_step(const fs::path& work_folder) {
  int64_t newest = 0;
  std::error_code ignored;
  if (work_folder.empty()) return newest;
  for (const auto& entry : fs::directory_iterator(work_folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("pretrain-") || entry.path().extension() != ".ckpt") continue;
    newest = std::max<int64_t>(newest, std::stoll(name.substr(9)));
  }
  return newest;
}

Measurement measured(const Record& record, const std::string& protocol, const std::string& metric) {
  for (const StageRecord& stage : record.stages) {
    for (const Measurement& each : stage.measurements) {
      if (each.protocol == protocol && each.metric == metric) return each;
    }
  }
  throw std::out_of_range("no " + protocol + "." + metric + " in " + record.run);
}

void blank(const fs::path& file) {
  const auto bytes = fs::file_size(file);
  std::ofstream(file, std::ios::binary) << std::string(bytes, '\0');
}

std::vector<std::string> state_hashes(const Record& record) {
  std::vector<std::string> out;
  for (const StateHash& hash : record.stages.at(0).hashes) {
    out.push_back(std::to_string(hash.step) + " " + hash.state);
  }
  return out;
}

// Keys and metrics that no two runs share; scripts/kill-loop reads the same file.
const std::set<std::string>& costs() {
  static const std::set<std::string> names = [] {
    std::ifstream in(fs::path(SSLBENCH_SOURCE_DIR) / "tests/faults/costs.txt");
    return std::set<std::string>{std::istream_iterator<std::string>(in), {}};
  }();
  if (names.empty()) throw std::runtime_error("tests/faults/costs.txt is not there");
  return names;
}

// Marks of reports/comparison/cost_marks.h.
bool marks_cost(const json& mark) {
  if (!mark.is_string()) return false;
  const auto text = mark.get<std::string>();
  return text.starts_with("not equal cost") || text.starts_with("busy machine");
}

json without_costs(const json& report) {
  json out = report.is_array() ? json::array() : json::object();
  for (auto each = report.begin(); each != report.end(); ++each) {
    if (report.is_object() && costs().contains(each.key())) continue;
    if (report.is_array() && marks_cost(*each)) continue;
    if (each->is_object() && costs().contains(each->value("metric", ""))) continue;
    const json kept = each->is_structured() ? without_costs(*each) : *each;
    report.is_array() ? out.push_back(kept) : (out[each.key()] = kept, void());
  }
  return out;
}

std::string differences(const json& before, const json& after) {
  return json::diff(without_costs(before), without_costs(after)).dump(1);
}

}  // namespace sslbench
