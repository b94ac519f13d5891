// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/output_folder.h"

#include <algorithm>
#include <system_error>
#include <thread>

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/handover/work_files.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

FileLock take_lock(const fs::path& out) {
  std::error_code ignored;
  if (fs::exists(out, ignored) && !fs::is_directory(out, ignored)) {
    throw UserError("results folder " + out.string() + " is a file; name another with -o");
  }
  std::string holder;
  try {
    if (auto lock = FileLock::try_take(out / ".lock", holder)) return std::move(*lock);
  } catch (const RunFailure& failure) {
    throw UserError("results folder " + out.string() + " cannot be written: " + failure.what());
  }
  throw UserError("results folder " + out.string() + " is in use by " + holder +
                  "; wait for it, or name another folder with -o");
}

}  // namespace

std::optional<Plan> read_plan(const fs::path& out) {
  const fs::path file = out / "plan.json";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return std::nullopt;
  if (!fs::is_regular_file(file, ignored)) throw UserError(file.string() + " is no file; name another results folder");
  try {
    Plan plan = plan_from_json(parse_foreign_json(read_regular_file(file, kMostPlanBytes)), file.string());
    for (RunSpec& run : plan.runs) run.out = out;
    return plan;
  } catch (const nlohmann::json::exception& error) {
    throw UserError(file.string() + ": not JSON: " + json_mistake(error));
  } catch (const std::system_error& error) {
    throw UserError(file.string() + ": cannot be read: " + error.code().message());
  }
}

Plan plan_in(const fs::path& out, const std::string& command) {
  auto plan = read_plan(out);
  if (!plan) throw UserError(command + ": " + out.string() + " holds no plan.json; name a results folder");
  return std::move(*plan);
}

void expect_own_suite(const std::optional<Plan>& earlier, const std::string& suite, const fs::path& out) {
  if (!earlier || earlier->suite == suite) return;
  throw UserError("results folder " + out.string() + " belongs to the suite '" + earlier->suite + "', not to '" +
                  suite + "'; name another with -o");
}

OutputFolder::OutputFolder(const fs::path& out, const std::string& suite)
    : out_(fs::absolute(out)), lock_(take_lock(out_)), earlier_(read_plan(out_)) {
  expect_own_suite(earlier_, suite, out);
}

void OutputFolder::write_plan(const Plan& plan) const {
  for (const char* name : {"runs", "work", "predictions", "report", "report/fig"}) expect_no_link(out_ / name);
  for (const RunSpec& run : plan.runs) expect_no_link(run.work_folder());
  try {
    write_atomically(out_ / "plan.json", plan_to_json(plan).dump(1) + "\n");
  } catch (const RunFailure& failure) {
    throw UserError("results folder " + out_.string() + " cannot be written: " + failure.what());
  }
}

void OutputFolder::wait_for_old_workers(const std::vector<RunSpec>& runs, std::chrono::milliseconds longest) const {
  constexpr auto kPause = std::chrono::milliseconds(100);
  const auto deadline = std::chrono::steady_clock::now() + longest;
  for (const RunSpec& run : runs) {
    const fs::path file = lock_file(run);
    std::string holder;
    while (FileLock::is_held(file, holder)) {
      if (std::chrono::steady_clock::now() >= deadline) {
        throw UserError("an earlier worker (" + holder + ") still works on " + run.name() +
                        "; wait for it or end it, then run the same command");
      }
      std::this_thread::sleep_for(kPause);
    }
  }
}

void OutputFolder::clear_work(const std::vector<RunSpec>& runs) const {
  for (const RunSpec& run : runs) {
    std::error_code error;
    if (!fs::exists(run.work_folder(), error)) continue;
    std::string holder;
    try {
      const auto lock = FileLock::try_take(lock_file(run), holder);
      if (!lock) throw UserError("a worker (" + holder + ") works on " + run.name() + "; wait for it or end it");
      fs::remove_all(run.work_folder(), error);
    } catch (const RunFailure& failure) {
      throw UserError(run.work_folder().string() + " cannot be cleared: " + failure.what());
    }
    if (error) throw UserError(run.work_folder().string() + " cannot be cleared: " + error.message());
  }
}

int threads_per_worker(const std::optional<Plan>& earlier, std::optional<int> asked, std::optional<int> suite,
                       int jobs) {
  if (!earlier) return asked.value_or(suite.value_or(std::max(1, usable_cores() / std::max(1, jobs))));
  if (asked && *asked != earlier->threads) {
    throw UserError("--threads " + std::to_string(*asked) + ": this results folder was planned with " +
                    std::to_string(earlier->threads) +
                    " a worker, and a resumed run must keep that; leave --threads out, or name another folder with -o");
  }
  return earlier->threads;
}

}  // namespace sslbench
