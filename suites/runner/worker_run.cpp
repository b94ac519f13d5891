// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/worker_run.h"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <system_error>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/error.h"
#include "suites/ground/memory/out_of_memory.h"
#include "suites/ground/process_limits.h"
#include "suites/handover/work_files.h"
#include "suites/handover/worker_exit.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// The last line of a log that says something, at most 300 bytes: the best hint a silent death leaves.
std::string last_line(const fs::path& log) {
  constexpr std::streamoff kTail = 4096;
  std::ifstream in(log, std::ios::binary);
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  if (size <= 0) return "";
  in.seekg(std::max<std::streamoff>(0, size - kTail));
  std::string line, last;
  while (std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
  }
  return last.substr(0, 300);
}

std::string death_text(const ProcessEnd& end) {
  return end.signal != 0 ? "killed by signal " + std::to_string(end.signal)
                         : "the worker exited with code " + std::to_string(end.code);
}

// A worker has the limits of this process.
std::string memory_hint(int signal) {
  const std::optional<uint64_t> limit = memory_limit();
  if (limit) return " (memory limit? ulimit -v allows " + std::to_string(*limit >> 20) + " MB)";
  return signal == SIGKILL ? " (memory limit?)" : "";
}

WorkerFailure died(const ProcessEnd& end, const fs::path& log, const RunSpec& run, bool kernel_killed) {
  WorkerFailure out;
  if (end.signal == SIGKILL && kernel_killed) {
    out.kind = FailureKind::oom;
    out.message = death_text(end) + ": out of memory, as the kernel counts";
  } else if (end.signal != 0) {
    out.kind = FailureKind::signal;
    out.message = death_text(end) + memory_hint(end.signal);
  } else if (end.code == kWorkerFailedMute) {
    out.kind = FailureKind::storage;
    out.message = "the worker failed and could not write why into " + run.work_folder().string() + " (disk full?)";
  } else {
    out.message = death_text(end);
    if (memory_limit()) {  // no code of ours: a library ended the process, as some do when they get no memory
      out.kind = FailureKind::oom;
      out.message += memory_hint(0);
    }
  }
  const std::string hint = last_line(log);
  if (!hint.empty()) out.message += "; its log ends: " + hint;
  if (end.signal != SIGKILL && tells_of_lack_of_memory(hint)) out.kind = FailureKind::oom;
  const std::optional<RunProgress> progress = read_progress(progress_file(run));
  if (progress) {
    out.stage = progress->stage;
    out.step = progress->step;
  }
  return out;
}

// It ended well and published nothing final.
WorkerFailure kept_silent(const RunSpec& run) {
  FailureKind kind = FailureKind::internal;
  std::string why = "none was written, or it is not final";
  try {
    if (fs::exists(run.record_file())) read_record(run.record_file(), RecordParts::headline);
  } catch (const UserError& error) {
    kind = FailureKind::storage;
    why = error.what();
  }
  return {kind, "the worker ended well but left no final record: " + why};
}

bool is_stop(int signal) { return signal == SIGTERM || signal == SIGINT || signal == SIGUSR1 || signal == SIGHUP; }

WorkerFailure of_rank(const RankEnd& one, const RunSpec& run, bool kernel_killed) {
  WorkerFailure out = died(one.end, rank_log_file(run, one.rank), run, kernel_killed);
  if (one.silent) {
    out.kind = FailureKind::timeout;
    out.message = "fell silent: the other ranks lost it, and it did not end with them";
  }
  if (run.ranks > 1)
    out.message = "rank " + std::to_string(one.rank) + " of " + std::to_string(run.ranks) + ": " + out.message;
  return out;
}

}  // namespace

WorkerEnd judge_end(const RankEnd& one, const RunSpec& run, bool stopping, bool kernel_killed) {
  const ProcessEnd& end = one.end;
  const bool killed = stopping && (is_stop(end.signal) || end.signal == SIGKILL);
  const bool stopped = end.signal == 0 && (end.code == kWorkerInterrupted || is_stop(end.code - kWorkerStopped));
  if (killed || stopped) return {WorkerEnd::Kind::interrupted};
  if (end.signal == 0 && end.code == kWorkerDone) return {WorkerEnd::Kind::failed, "", kept_silent(run)};
  const bool told = end.code == kWorkerFailed || end.code == kWorkerLostPeer;
  if (end.signal == 0 && told) return {WorkerEnd::Kind::failed, "", read_failure(run)};
  return {WorkerEnd::Kind::failed, "", of_rank(one, run, kernel_killed)};
}

WorkerRun::WorkerRun(RunSpec run, const fs::path& worker, const std::vector<std::string>& devices,
                     std::optional<int> joined)
    : run_(std::move(run)), record_(run_.record_file()) {
  kills_before_ = out_of_memory_kills();
  write_atomically(runspec_file(run_), run_spec_to_json(run_).dump(1) + "\n");
  std::error_code ignored;
  fs::remove(failure_file(run_), ignored);  // of an earlier attempt
  fs::remove(progress_file(run_), ignored);
  group_.emplace(run_, worker, devices, joined);
  started_ = changed_ = Clock::now();
}

std::optional<WorkerEnd> WorkerRun::poll(std::chrono::seconds stall_limit) {
  if (const std::optional<RankEnd> end = group_->poll()) {
    if (const std::string status = record_.published(); !status.empty()) {
      const bool well = end->end.signal == 0 && end->end.code == kWorkerDone;
      return WorkerEnd{WorkerEnd::Kind::finished, status, {}, well ? "" : death_text(end->end)};
    }
    if (stalled_) return WorkerEnd{WorkerEnd::Kind::failed, "", *stalled_};
    return judge_end(*end, run_, stopping_, out_of_memory_kills() > kills_before_);
  }
  watch(stall_limit);
  return std::nullopt;
}

void WorkerRun::watch(std::chrono::seconds stall_limit) {
  std::string now;
  try {
    now = read_regular_file(progress_file(run_), kMostWorkFileBytes);
  } catch (const std::system_error&) {  // not written yet
  }
  if (now != last_progress_) {
    last_progress_ = now;
    changed_ = Clock::now();
    if (std::optional<RunProgress> progress = parse_progress(now)) progress_ = std::move(progress);
  }
  if (stalled_ || Clock::now() - changed_ < stall_limit) return;
  WorkerFailure failure{FailureKind::timeout, "no progress for " + std::to_string(stall_limit.count()) + " s"};
  if (progress_) {
    failure.stage = progress_->stage;
    failure.step = progress_->step;
  }
  stalled_ = failure;
  group_->signal(SIGKILL);
}

void WorkerRun::ask_to_stop() {
  stopping_ = true;
  group_->signal(SIGTERM);
  group_->signal(SIGCONT);  // a stopped one (in the turns of `ab`, when that was killed) hears nothing else
}

void WorkerRun::kill() {
  stopping_ = true;
  group_->signal(SIGKILL);
}

}  // namespace sslbench
