// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/export_follow.h"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <system_error>
#include <thread>

#include "reports/export/event_log.h"
#include "reports/record/curve_log.h"
#include "reports/record/planned_records.h"
#include "reports/text/escape.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/files/file_in_place.h"
#include "suites/files/file_lock.h"
#include "suites/ground/error.h"
#include "suites/handover/work_files.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/run_survey.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr auto kPause = std::chrono::seconds(2);

struct FollowedRun {
  std::optional<EventLog> log;               // while there is something to write
  std::optional<fs::file_time_type> record;  // when the record that was read was written
  std::string status;                        // of it; "" before
  bool final = false;
};

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::optional<fs::file_time_type> written(const fs::path& file) {
  std::error_code none;
  const fs::file_time_type time = fs::last_write_time(file, none);
  return none ? std::nullopt : std::optional(time);
}

// What its stages have logged so far. A trial of a learning rate has a log of its own, which its stage removes.
std::vector<EventScalar> live_scalars(const RunSpec& run) {
  std::vector<std::string> stages = {"pretrain"};
  for (const ProtocolSpec& protocol : run.protocols) stages.push_back(protocol.row);
  std::vector<EventScalar> out;
  for (const std::string& stage : stages) {
    const auto curves = CurveLog::read(curve_log_file(run.work_folder(), stage));
    for (EventScalar& scalar : curve_scalars(stage, curves)) out.push_back(std::move(scalar));
  }
  return out;
}

class Follower {
 public:
  Follower(const ExportOptions& options) : options_(options), folder_(options.folder), out_(options.out) {}

  // Whether there is more to come.
  bool look() {
    plan_ = plan_in(folder_, "export");
    plan_.runs = select_runs(plan_.runs, options_.only);
    Plan recorded = plan_;  // runs with a record that was not read yet
    recorded.runs.clear();
    for (const RunSpec& run : plan_.runs) {
      FollowedRun& followed = runs_[run.name()];
      if (followed.final) continue;
      const auto record = written(record_file(folder_, run));
      if (record && record != followed.record) {
        followed.record = record;
        recorded.runs.push_back(run);
      } else {
        add(run, live_scalars(run));
      }
    }
    if (!recorded.runs.empty()) read_records(recorded);
    return !ended();
  }

  size_t scalars() const { return scalars_; }
  size_t runs() const { return plan_.runs.size(); }

 private:
  void read_records(const Plan& plan) {
    const RecordParts curves{.curves = true};
    const auto take = [&](const RunSpec& run, std::optional<Record> record, const std::string& refused) {
      FollowedRun& followed = runs_[run.name()];
      if (!record) {
        if (refused.empty()) return;
        print_warning(refused);
        followed.status = "refused";
        return;
      }
      add(run, curve_scalars(*record));
      add(run, measurement_scalars(*record));
      followed.status = record->status;
      followed.final = survey_run(run, *record).final;
      if (followed.final) followed.log.reset();
      std::cerr << run.name() << ": " << record->status << "\n";
    };
    read_planned_records(folder_, plan, {curves, curves}, take);
  }

  void add(const RunSpec& run, const std::vector<EventScalar>& scalars) {
    if (scalars.empty()) return;
    std::optional<EventLog>& log = runs_[run.name()].log;
    if (!log) {
      const fs::path name = fs::path(file_name(run.name())) / kEventFile;
      expect_no_link_below(out_, name);
      fs::create_directories((out_ / name).parent_path());
      log.emplace(out_ / name);
    }
    scalars_ += log->append(scalars, seconds_now());
  }

  bool ended() const {
    bool failed = false;
    std::string holder;
    for (const RunSpec& run : plan_.runs) {
      const FollowedRun& followed = runs_.at(run.name());
      if (followed.final) continue;
      if (followed.status.empty() || FileLock::is_held(lock_file(run), holder)) return false;
      failed = true;
    }
    return !failed || !FileLock::is_held(folder_ / ".lock", holder);  // who carries the suite out may try again
  }

  const ExportOptions& options_;
  fs::path folder_, out_;
  Plan plan_;
  std::map<std::string, FollowedRun> runs_;  // by name
  size_t scalars_ = 0;
};

FileLock lock_of(const fs::path& out) {
  std::string holder;
  fs::create_directories(out);
  if (auto lock = FileLock::try_take(out / ".follow.lock", holder)) return std::move(*lock);
  throw UserError("export: " + out.string() + " is followed into by " + holder + "; name another folder with -o");
}

}  // namespace

ExitCode follow_into_event_files(const ExportOptions& options) {
  if (options.to != "tensorboard") throw UserError("export: --follow belongs to --to tensorboard");
  if (options.out.empty()) throw UserError("export: --follow writes several files; name a folder with -o");
  plan_in(options.folder, "export");
  try {
    const FileLock lock = lock_of(options.out);
    Follower follower(options);
    bool more = follower.look();
    if (more) {
      std::cerr << "export: follows " << follower.runs() << " runs into " << options.out
                << "; shown by `tensorboard --logdir " << options.out << "`, ended by Ctrl-C\n";
    }
    while (more) {
      std::this_thread::sleep_for(kPause);
      more = follower.look();
    }
    std::cout << options.out << ": " << follower.scalars() << " points\n";
    return ExitCode::done;
  } catch (const RunFailure& failure) {
    throw UserError(std::string("export: ") + failure.what());
  } catch (const fs::filesystem_error& error) {
    throw UserError("export: " + error.path1().string() + ": " + error.code().message());
  }
}

}  // namespace sslbench
