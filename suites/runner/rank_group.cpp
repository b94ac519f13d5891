// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/rank_group.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "suites/ground/meeting.h"
#include "suites/handover/work_files.h"
#include "suites/handover/worker_exit.h"
#include "suites/runner/free_port.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using Environment = std::map<std::string, std::string>;

constexpr auto kPatience = std::chrono::seconds(10);

bool exited(const ProcessEnd& end, int code) { return end.signal == 0 && end.code == code; }

// The lower, the nearer to the cause.
int distance_from_cause(const RankEnd& one) {
  if (one.silent) return 1;
  if (exited(one.end, kWorkerInterrupted)) return 2;
  if (exited(one.end, kWorkerLostPeer)) return 3;
  return exited(one.end, kWorkerDone) ? 4 : 0;
}

Environment worker_environment(const RunSpec& run) {
  const std::string threads = std::to_string(run.threads);
  Environment out{{"OMP_NUM_THREADS", threads},
                  {"MKL_NUM_THREADS", threads},
                  {"OPENBLAS_NUM_THREADS", threads},
                  {"SSLBENCH_PARENT", std::to_string(::getpid())}};
  // What c10d warns of comes with a stack, and again as an error of ours.
  if (run.ranks > 1 && std::getenv("TORCH_CPP_LOG_LEVEL") == nullptr) out["TORCH_CPP_LOG_LEVEL"] = "ERROR";
  return out;
}

void add_rank(Environment& environment, int rank, int size, int port, const std::vector<std::string>& devices) {
  environment["RANK"] = environment["LOCAL_RANK"] = std::to_string(rank);
  environment["WORLD_SIZE"] = std::to_string(size);
  environment["MASTER_ADDR"] = "127.0.0.1";
  environment["MASTER_PORT"] = std::to_string(port);
  environment["TORCHELASTIC_USE_AGENT_STORE"] = "False";
  if (!devices.empty()) environment["SSLBENCH_DEVICE"] = devices.at(static_cast<size_t>(rank));
}

}  // namespace

RankEnd first_cause(const std::vector<RankEnd>& ends) {
  return *std::min_element(ends.begin(), ends.end(), [](const RankEnd& a, const RankEnd& b) {
    return std::pair(distance_from_cause(a), a.rank) < std::pair(distance_from_cause(b), b.rank);
  });
}

fs::path rank_log_file(const RunSpec& run, int rank) {
  const fs::path first = log_file(run);
  return rank == 0 ? first : fs::path(first.string() + ".rank" + std::to_string(rank));
}

RankGroup::RankGroup(const RunSpec& run, const fs::path& worker, const std::vector<std::string>& devices,
                     std::optional<int> joined)
    : patience_(std::min<std::chrono::milliseconds>(kPatience, meeting_from_environment().step_timeout)) {
  try {
    if (joined)
      start(run, worker, *joined, worker_environment(run));
    else
      start_all(run, worker, devices);
  } catch (...) {
    signal(SIGKILL);
    throw;
  }
}

void RankGroup::start_all(const RunSpec& run, const fs::path& worker, const std::vector<std::string>& devices) {
  Environment environment = worker_environment(run);
  const int port = run.ranks > 1 ? free_port() : 0;
  if (run.ranks > 1) environment["SSLBENCH_MEETING"] = std::to_string(::getpid()) + "-" + std::to_string(port);
  for (int rank = 0; rank < run.ranks; ++rank) {
    if (run.ranks > 1) add_rank(environment, rank, run.ranks, port, devices);
    start(run, worker, rank, environment);
  }
}

void RankGroup::start(const RunSpec& run, const fs::path& worker, int rank, const Environment& environment) {
  const fs::path log = rank_log_file(run, rank);
  alive_.push_back({rank, start_process({{worker.string(), runspec_file(run).string()}, environment, log, log})});
}

std::optional<RankEnd> RankGroup::poll() {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(alive_, [&](const Member& member) {
    const std::optional<ProcessEnd> end = poll_process(member.pid);
    if (!end) return false;
    ends_.push_back({member.rank, *end, member.silent});
    const bool well = exited(*end, kWorkerDone) || exited(*end, kWorkerInterrupted);
    if (!well && !failed_at_) failed_at_ = now;
    return true;
  });
  if (alive_.empty()) return first_cause(ends_);
  if (failed_at_ && now - *failed_at_ >= patience_) {
    for (Member& member : alive_) member.silent = true;
    signal(SIGKILL);
  }
  return std::nullopt;
}

void RankGroup::signal(int number) const {
  for (const Member& member : alive_) signal_group(member.pid, number);
}

}  // namespace sslbench
