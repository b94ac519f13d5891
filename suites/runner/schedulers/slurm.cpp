// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/slurm.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/runner/process.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

constexpr int64_t kDefaultArraySize = 1001;
constexpr auto kSubmitLimit = std::chrono::minutes(5);  // a busy controller makes sbatch try again by itself
constexpr auto kAskLimit = std::chrono::seconds(30);

bool ended_well(const CommandResult& result) { return result.end.signal == 0 && result.end.code == 0; }

// Its last words, on one line.
std::string complaint(const CommandResult& result) {
  std::string out = result.errors;
  while (!out.empty() && out.back() == '\n') out.pop_back();
  std::replace(out.begin(), out.end(), '\n', ' ');
  if (!out.empty()) return out;
  return result.end.signal != 0 ? "killed by signal " + std::to_string(result.end.signal)
                                : "exit code " + std::to_string(result.end.code);
}

// Slurm names its limits in words of its own (slurm_errno); an array that is too long for one is an "invalid job
// array".
bool is_limit(const std::string& refusal) {
  static constexpr const char* kWords[] = {"Limit", "limit", "job array", "policy", "temporarily"};
  return std::ranges::any_of(kWords, [&](const char* word) { return refusal.find(word) != std::string::npos; });
}

std::vector<int64_t> numbers(const std::string& text, char separator) {
  std::vector<int64_t> out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    const bool digits = std::ranges::all_of(part, [](char each) { return each >= '0' && each <= '9'; });
    if (!digits || part.empty() || part.size() > 6) return {};
    out.push_back(std::stoll(part));
  }
  return text.ends_with(separator) ? std::vector<int64_t>{} : out;
}

// `parts` in the units that follow `first`, seconds each.
int64_t in_seconds(const std::vector<int64_t>& parts, std::vector<int64_t> units) {
  int64_t out = 0;
  for (size_t i = 0; i < parts.size(); ++i) out += parts[i] * units[i];
  return out;
}

}  // namespace

bool has_slurm() { return !program_on_path("sbatch").empty(); }

int64_t most_array_tasks() {
  const std::filesystem::path scontrol = program_on_path("scontrol");
  if (scontrol.empty()) return kDefaultArraySize;
  const std::optional<CommandResult> result = run_command({scontrol.string(), "show", "config"}, kAskLimit);
  if (!result || !ended_well(*result)) return kDefaultArraySize;
  std::istringstream in(result->output);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string key, equals;
    int64_t value = 0;
    if (words >> key >> equals >> value && key == "MaxArraySize" && value > 0) return value;
  }
  return kDefaultArraySize;
}

SlurmAnswer submit_batch(const std::vector<std::string>& words) {
  std::vector<std::string> command{program_on_path("sbatch").string(), "--parsable"};
  command.insert(command.end(), words.begin(), words.end());
  const std::optional<CommandResult> result = run_command(command, kSubmitLimit);
  if (!result) return {"", "sbatch does not answer", false};
  const std::string id = first_line(result->output.substr(0, result->output.find(';')));  // "17;cluster"
  const bool digits = !id.empty() && std::ranges::all_of(id, [](char each) { return each >= '0' && each <= '9'; });
  if (ended_well(*result) && digits) return {id, "", false};
  const std::string refusal = ended_well(*result) ? "no job's number but '" + id + "'" : complaint(*result);
  return {"", refusal, is_limit(refusal)};
}

std::vector<QueuedTask> ask_queue(const std::vector<std::string>& jobs, std::chrono::milliseconds longest) {
  if (jobs.empty()) return {};
  const std::filesystem::path squeue = program_on_path("squeue");
  if (squeue.empty()) throw UserError("squeue is not on the PATH");
  std::string ids;
  for (const std::string& job : jobs) ids += (ids.empty() ? "" : ",") + job;
  const std::optional<CommandResult> result =
      run_command({squeue.string(), "-h", "-r", "-j", ids, "-o", "%i|%T|%r|%S|%N"}, longest);
  if (!result) throw UserError("squeue did not answer in " + std::to_string(longest.count() / 1000) + " s");
  if (ended_well(*result)) return parse_queue(result->output);
  // Of one job that Slurm has forgotten; among several it leaves that one out.
  if (result->errors.find("Invalid job id") != std::string::npos) return {};
  throw UserError("squeue: " + complaint(*result));
}

std::optional<int64_t> limit_seconds(const std::string& text) {
  const size_t dash = text.find('-');
  const bool days = dash != std::string::npos;
  const std::vector<int64_t> clock = numbers(days ? text.substr(dash + 1) : text, ':');
  if (clock.empty() || clock.size() > 3) return std::nullopt;
  if (days) {
    const std::vector<int64_t> day = numbers(text.substr(0, dash), '-');
    if (day.size() != 1) return std::nullopt;
    return day[0] * 86'400 + in_seconds(clock, {3600, 60, 1});
  }
  if (clock.size() == 1) return clock[0] * 60;
  return clock.size() == 2 ? in_seconds(clock, {60, 1}) : in_seconds(clock, {3600, 60, 1});
}

std::string limit_text(double seconds) {
  const auto minutes = static_cast<int64_t>(std::ceil(seconds / 60));
  const auto two = [](int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return std::to_string(minutes / 60) + ":" + two(minutes % 60) + ":00";
}

}  // namespace sslbench
