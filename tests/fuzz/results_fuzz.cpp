// SPDX-License-Identifier: Apache-2.0
// What a results folder and a history hold, and bundles of them.
#include <sys/wait.h>
#include <unistd.h>

#include "reports/history/history.h"
#include "reports/history/trend.h"
#include "reports/record/curve_log.h"
#include "reports/record/planned_records.h"
#include "reports/record/record_pack.h"
#include "reports/record/record_store.h"
#include "suites/cli/commands/results_place.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/ground/process_limits.h"
#include "tests/fuzz/target.h"
#include "tests/reports/tracked_results.h"

// Of the sanitizers, which say here that they end the process; not there in other builds.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());
extern "C" __attribute__((weak)) const char* __asan_get_report_description();

namespace sslbench {
namespace {

constexpr int kOurs = 99, kRefused = 3;

// The HDF5 library, which is not instrumented, does not survive all damage; a finding in our own code is one.
void tell_ours() {
  const char* what = __asan_get_report_description == nullptr ? nullptr : __asan_get_report_description();
  ::_exit(what != nullptr && std::string_view(what) == "SEGV" ? 1 : kOurs);
}

// Reads the file in a process of its own first, as `report` does.
void probe_record(const std::filesystem::path& file) {
  const pid_t child = ::fork();
  require(child >= 0, "no process for a record");
  if (child == 0) {
    if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(tell_ours);
    leave_no_core();
    limit_processor_time(10);
    limit_memory(uint64_t{1} << 30);
    try {
      read_record(file);
    } catch (const UserError&) {
      ::_exit(kRefused);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  require(!WIFEXITED(status) || WEXITSTATUS(status) != kOurs, "reading a record came to harm");
  // Nor is what it refuses read here: the library leaks memory then.
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw UserError("refused, or HDF5 does not survive it");
}

void run_record(std::string_view bytes) {
  const auto file = fresh_folder() / "run.h5";
  write_to(file.parent_path(), "run.h5", bytes);
  probe_record(file);
  const Record record = read_record(file);
  require(pack_record(unpack_record(pack_record(record), "run.h5")) == pack_record(record), "a record changed");
}

void run_record_pack(std::string_view bytes) {
  const Record record = unpack_record(bytes, "run.h5");
  require(pack_record(unpack_record(pack_record(record), "run.h5")) == pack_record(record), "a record changed");
}

void run_curve_log(std::string_view bytes) {
  const auto file = fresh_folder() / "pretrain.curves.log";
  write_to(file.parent_path(), file.filename(), bytes);
  const auto before = CurveLog::read(file);
  {
    CurveLog log(file, INT64_MAX);
    log.append("loss", 7, 0.5);
  }
  auto after = CurveLog::read(file);
  require(after["loss"].step.back() == 7, "a log lost its last point");
  for (const auto& [name, curve] : before) {
    require(after[name].step.size() == curve.step.size() + (name == "loss" ? 1 : 0), "a log lost points");
  }
}

void run_plan(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "plan.json", bytes);
  const Plan plan = read_results_plan(folder);
  require(plan_to_json(plan_from_json(plan_to_json(plan), "again")) == plan_to_json(plan), "a plan changed");
}

void run_history(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "store/tracked/a.json", bytes);
  const History history = read_history(folder / "store", "");
  for (const Snapshot& run : history.runs) {
    trend_of(history, run.suite);
    snapshot_from_json(snapshot_to_json(run), "again");
  }
  if (!history.warnings.empty()) throw UserError(history.warnings.front());
}

void run_bundle(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "input.tar.gz", bytes);
  const ResultsPlace place(folder / "input.tar.gz");
  expect_as_bundled(place, "input.tar.gz");
  read_results_plan(place.folder());
}

std::filesystem::path results() {
  const auto folder = fresh_folder() / "results";
  TrackedResults content;
  content.rows = {"byol"}, content.seeds = 1;
  content.write(folder);
  return folder;
}

std::string history() {
  const auto folder = results();
  return snapshot_to_json(read_results(folder, RecordParts::headline).snapshot()).dump();
}

std::string curve_log() {
  const auto file = fresh_folder() / "a.log";
  CurveLog log(file, 0);
  for (int64_t step = 0; step < 3; ++step) log.append(step == 1 ? "accuracy" : "loss", step, 0.5);
  return read_file(file);
}

std::string bundle() {
  const auto folder = results();
  const std::string command = "tar -C " + folder.parent_path().string() + " -czf " +
                              (folder.parent_path() / "b.tar.gz").string() + " results/plan.json";
  require(std::system(command.c_str()) == 0, "no tar");
  return read_file(folder.parent_path() / "b.tar.gz");
}

bool add(const char* name, void (*run)(std::string_view), std::string (*seed)()) {
  return Registry<FuzzTarget>::add({.name = name, .run = run, .seeds = [seed] { return std::vector{seed()}; }});
}

const bool registered = add("record", run_record, [] { return record_bytes(sample_record()); }) &&
                        add("record_pack", run_record_pack, [] { return pack_record(sample_record()); }) &&
                        add("curve_log", run_curve_log, curve_log) &&
                        add("plan_json", run_plan, [] { return read_file(results() / "plan.json"); }) &&
                        add("history_json", run_history, history) && add("bundle", run_bundle, bundle);

}  // namespace
}  // namespace sslbench
