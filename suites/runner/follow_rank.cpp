// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/follow_rank.h"

#include <signal.h>

#include <string>

#include "suites/runner/rank_group.h"
#include "suites/runner/signals.h"
#include "suites/runner/worker_run.h"

namespace sslbench {

RunResult follow_rank(const RunSpec& run, int rank, const std::filesystem::path& worker, ProgressView& view) {
  constexpr auto kTick = std::chrono::milliseconds(200);
  SignalWait signals;
  RankGroup group(run, worker, {}, rank);
  bool stopping = false;
  std::optional<RankEnd> end;
  while (!(end = group.poll())) {
    const int signal = signals.wait(kTick);
    if (signal == 0 || signal == SIGCHLD || stopping) continue;
    stopping = true;
    group.signal(SIGTERM);
  }
  if (end->end.signal == 0 && end->end.code == 0) return {run, RunResult::State::finished, "", ""};
  const WorkerEnd judged = judge_end(*end, run, stopping);
  if (judged.kind == WorkerEnd::Kind::interrupted) return {run, RunResult::State::interrupted, "", ""};
  view.note(run.name() + ": " + judged.failure.text() + "\n  log: " + rank_log_file(run, rank).string());
  return {run, RunResult::State::failed, "", judged.failure.text()};
}

}  // namespace sslbench
