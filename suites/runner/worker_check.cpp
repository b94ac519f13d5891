// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/worker_check.h"

#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/files/cache_folder.h"
#include "suites/files/temporary_folder.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/memory/out_of_memory.h"
#include "suites/ground/process_limits.h"
#include "suites/ground/sha256.h"
#include "suites/runner/process.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// RunSpec files for one question; gone afterwards.
class QuestionFolder {
 public:
  std::string add(const RunSpec& run) const {
    const fs::path file = folder_.path() / (run.row + ".json");
    write_unsynced(file, run_spec_to_json(run).dump());
    return file.string();
  }

 private:
  TemporaryFolder folder_{"sslbench-check"};
};

// Where good answers of this very worker program are kept, one empty file an id; nothing when there is no home.
std::optional<fs::path> answer_folder(const fs::path& worker) {
  const std::optional<fs::path> root = cache_folder();
  if (!root) return std::nullopt;
  std::error_code error;
  const auto changed = fs::last_write_time(worker, error).time_since_epoch().count();
  const std::string identity =
      build_id() + worker.string() + std::to_string(changed) + std::to_string(fs::file_size(worker));
  return *root / "checks" / sha256_hex(identity).substr(0, 16);
}

// What an answer depends on: the run, and how many ranks share its batches, which is not part of its id.
std::string question_of(const RunSpec& run) {
  return run.ranks == 1 ? run.id : run.id + "-" + std::to_string(run.ranks);
}

void keep_answer(const fs::path& file) {
  try {
    write_unsynced(file, "");
  } catch (const RunFailure&) {  // a read-only home only costs asking again
  }
}

// "/tmp/.../simclr.json: reason" names one of our temporary files: the row says more.
std::string by_row(const std::string& line, const RowPlaces& places) {
  const size_t end = line.find(".json: ");
  if (end == std::string::npos) return line.starts_with("error: ") ? line.substr(7) : line;
  const size_t start = line.rfind('/', end) + 1;
  return row_label(places, line.substr(start, end - start)) + " " + line.substr(end + 7);
}

// One line of ours for each of the worker's (with_short_quotes).
std::string said(const CommandResult& result, const RowPlaces& places = {}) {
  std::istringstream in(result.output.empty() ? result.errors : result.output);
  std::string text;
  for (std::string line; std::getline(in, line);) text += (text.empty() ? "" : "\n  ") + by_row(line, places);
  return text;
}

std::string how_it_ended(const ProcessEnd& end) {
  return end.signal != 0 ? "was killed by signal " + std::to_string(end.signal)
                         : "exited with code " + std::to_string(end.code);
}

// UserError when the worker died for want of memory. A crash under a limit of memory is taken for that, too.
void expect_memory(const CommandResult& result) {
  const bool crashed_under_limit = result.end.signal != 0 && memory_limit();
  if (!crashed_under_limit && !tells_of_lack_of_memory(result.errors) && !tells_of_lack_of_memory(result.output)) {
    return;
  }
  throw UserError("too little memory to check the runs: the worker " + how_it_ended(result.end) + ": " + said(result) +
                  "; give it more (ulimit -v, the memory limit of a container)");
}

}  // namespace

void check_runs(const std::vector<RunSpec>& runs, const RowPlaces& places) {
  const fs::path worker = worker_program();
  const std::optional<fs::path> answers = answer_folder(worker);
  const QuestionFolder questions;
  std::vector<std::string> command{worker.string(), "check"};
  std::set<std::string> asked;
  for (const RunSpec& run : runs) {
    std::error_code ignored;
    const std::string question = question_of(run);
    const bool known = answers && fs::exists(*answers / question, ignored);
    if (!known && asked.insert(question).second) command.push_back(questions.add(run));
  }
  if (asked.empty()) return;
  const CommandResult result = run_command(command);
  if (result.end.signal != 0 || (result.end.code != 0 && result.end.code != 2)) {
    expect_memory(result);
    throw InternalError("internal error: `sslbench-worker check` " + how_it_ended(result.end) + ": " + said(result));
  }
  if (result.end.code == 2) throw UserError(said(result, places));
  for (const std::string& question : asked) {
    if (answers) keep_answer(*answers / question);
  }
}

Calibration calibrate_run(const RunSpec& run) {
  const QuestionFolder questions;
  const CommandResult result = run_command({worker_program().string(), "calibrate", questions.add(run)});
  if (result.end.signal != 0 || result.end.code != 0) {
    throw UserError("calibrating " + run.name() + ": the worker " + how_it_ended(result.end) + ": " + said(result));
  }
  try {
    const auto from = parse_foreign_json(result.output);
    Calibration out{
        .stages = {}, .disk_bytes = from.at("disk_bytes"), .batch = {from.at("batch_bytes"), from.at("image_bytes")}};
    for (const auto& [row, stage] : from.at("stages").items()) {
      const auto& seconds = stage.at("seconds");
      out.stages[row] = {seconds.is_null() ? std::nullopt : std::optional(seconds.get<double>()),
                         stage.at("process_bytes"), stage.at("device_bytes")};
    }
    return out;
  } catch (const nlohmann::json::exception& error) {
    throw InternalError("internal error: `sslbench-worker calibrate` printed no answer: " + std::string(error.what()));
  }
}

}  // namespace sslbench
