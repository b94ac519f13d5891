// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/submission.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/plan/plan_limits.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kSchema = "sslbench.jobs/1";
constexpr size_t kMostDigits = 9;

bool is_number(const std::string& text) {
  const bool digits = std::ranges::all_of(text, [](char each) { return each >= '0' && each <= '9'; });
  return digits && !text.empty() && text.size() <= kMostDigits;
}

// Number -> folder, of those that have been made.
std::map<int, fs::path> numbered_folders(const fs::path& out) {
  std::map<int, fs::path> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(out / "submit", none)) {
    const std::string name = entry.path().filename().string();
    if (is_number(name)) found.emplace(std::stoi(name), entry.path());
  }
  return found;
}

// Ids go to the scheduler's programs as they are.
std::string job_id(const json& from) {
  const std::string id = from.get<std::string>();
  if (!is_number(id)) throw UserError("'" + id + "' is no job's number");
  return id;
}

Submission parse(const json& from) {
  if (from.at("schema") != kSchema) throw UserError("expected schema " + std::string(kSchema));
  Submission out;
  out.scheduler = from.at("scheduler");
  out.runs_per_task = exact_integer_within(from, "runs_per_task", 1, kMostPlannedRuns);
  out.runs = from.at("runs").get<std::vector<std::string>>();
  for (const json& each : from.at("arrays")) {
    out.arrays.push_back({job_id(each.at("id")), exact_integer_within(each, "first", 0, kMostPlannedRuns),
                          exact_integer_within(each, "tasks", 0, kMostPlannedRuns)});
  }
  if (!from.at("report").is_null()) out.report = job_id(from.at("report"));
  return out;
}

Submission read_jobs(const fs::path& file) {
  try {
    Submission out = parse(parse_foreign_json(read_regular_file(file, kMostWorkFileBytes)));
    out.folder = file.parent_path();
    return out;
  } catch (const json::exception& error) {
    throw UserError(file.string() + ": not a list of jobs: " + json_mistake(error));
  } catch (const UserError& mistake) {
    throw UserError(file.string() + ": " + mistake.what());
  } catch (const std::system_error& error) {
    throw UserError(file.string() + ": cannot be read: " + error.code().message());
  }
}

}  // namespace

fs::path new_submission_folder(const fs::path& out) {
  expect_no_link(out / "submit");
  const auto found = numbered_folders(out);
  const int number = found.empty() ? 1 : found.rbegin()->first + 1;
  const fs::path folder = fs::absolute(out / "submit" / std::to_string(number)).lexically_normal();
  std::error_code error;
  fs::create_directories(folder / "log", error);
  if (error) throw UserError(folder.string() + " cannot be made: " + error.message());
  return folder;
}

void write_jobs(const Submission& submission) {
  json arrays = json::array();
  for (const SubmittedArray& each : submission.arrays) {
    arrays.push_back({{"id", each.id}, {"first", each.first}, {"tasks", each.tasks}});
  }
  const json out = {{"schema", kSchema},
                    {"scheduler", submission.scheduler},
                    {"runs_per_task", submission.runs_per_task},
                    {"arrays", arrays},
                    {"report", submission.report.empty() ? json() : json(submission.report)},
                    {"runs", submission.runs}};
  write_atomically(submission.folder / "jobs.json", out.dump(1) + "\n");
}

std::vector<Submission> read_submissions(const fs::path& out) {
  std::vector<Submission> all;
  for (const auto& [number, folder] : numbered_folders(out)) {
    std::error_code none;
    if (fs::exists(folder / "jobs.json", none)) all.push_back(read_jobs(folder / "jobs.json"));
  }
  return all;
}

std::vector<std::string> array_ids(const std::vector<Submission>& submissions) {
  std::vector<std::string> out;
  for (const Submission& each : submissions) {
    for (const SubmittedArray& array : each.arrays) out.push_back(array.id);
  }
  return out;
}

}  // namespace sslbench
