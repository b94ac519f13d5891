// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/meeting.h"

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr int kMostRanks = 4096, kFirstPort = 20000, kPorts = 20000;

class Variables {
 public:
  explicit Variables(const ReadVariable& read) : read_(read) {}

  bool has(const char* name) const { return read_(name) != nullptr; }
  std::string text(const char* name) const { return has(name) ? read_(name) : ""; }

  int number(const char* name, int lowest, int highest) const {
    const std::string value = text(name);
    int out = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
    if (error == std::errc() && end == value.data() + value.size() && out >= lowest && out <= highest) return out;
    throw UserError(std::string("environment: ") + name + ": expected a number from " + std::to_string(lowest) +
                    " to " + std::to_string(highest) + ", got '" + value + "'");
  }
  int number_or(const char* name, int otherwise, int lowest, int highest) const {
    return has(name) ? number(name, lowest, highest) : otherwise;
  }

 private:
  const ReadVariable& read_;
};

// Names of the variables of one launcher.
struct Launcher {
  const char *name, *rank, *size, *local_rank;
  const char* local_size;  // of the ranks on this machine, to know whether there are others; nullptr: not asked
  const char *address, *job;
};

constexpr Launcher kPlain{"sslbench", "RANK", "WORLD_SIZE", "LOCAL_RANK", nullptr, nullptr, nullptr};
constexpr Launcher kMpirun{"mpirun",
                           "OMPI_COMM_WORLD_RANK",
                           "OMPI_COMM_WORLD_SIZE",
                           "OMPI_COMM_WORLD_LOCAL_RANK",
                           "OMPI_COMM_WORLD_LOCAL_SIZE",
                           nullptr,
                           "PMIX_NAMESPACE"};
constexpr Launcher kSrun{"srun",          "SLURM_PROCID", "SLURM_STEP_NUM_TASKS",
                         "SLURM_LOCALID", nullptr,        "SLURM_LAUNCH_NODE_IPADDR",
                         "SLURM_JOB_ID"};

const Launcher* launcher_of(const Variables& variables) {
  for (const Launcher* each : {&kPlain, &kMpirun, &kSrun}) {
    if (variables.has(each->size)) return each;
  }
  return nullptr;
}

bool on_several_machines(const Launcher& launcher, const Variables& variables, int size) {
  if (&launcher == &kSrun) return variables.number_or("SLURM_STEP_NUM_NODES", 1, 1, kMostRanks) > 1;
  return launcher.local_size != nullptr && variables.number_or(launcher.local_size, size, 1, kMostRanks) < size;
}

std::string address(const Launcher& launcher, const Variables& variables, int size) {
  if (variables.has("MASTER_ADDR")) return variables.text("MASTER_ADDR");
  if (!on_several_machines(launcher, variables, size)) return "127.0.0.1";
  if (launcher.address != nullptr && variables.has(launcher.address)) return variables.text(launcher.address);
  throw UserError(std::string("environment: ") + launcher.name +
                  " started ranks on several machines: set MASTER_ADDR to the address of the one of rank 0, and pass "
                  "it on (mpirun -x MASTER_ADDR)");
}

int set_port(const Variables& variables) { return variables.number("MASTER_PORT", 1, 65535); }

int port(const Launcher& launcher, const Variables& variables) {
  if (variables.has("MASTER_PORT")) return set_port(variables);
  if (launcher.job == nullptr || !variables.has(launcher.job)) return Meeting{}.port;
  uint32_t mixed = 2166136261;  // FNV-1a: the same on every rank
  for (const char letter : variables.text(launcher.job))
    mixed = (mixed ^ static_cast<unsigned char>(letter)) * 16777619;
  return kFirstPort + static_cast<int>(mixed % kPorts);
}

// A start again has another key, so that what is left of the one before meets nobody.
std::string key(const Launcher& launcher, const Variables& variables) {
  if (&launcher == &kPlain) {
    return variables.text("SSLBENCH_MEETING") + variables.text("TORCHELASTIC_RUN_ID") + "/" +
           variables.text("TORCHELASTIC_RESTART_COUNT");
  }
  if (&launcher == &kMpirun) return variables.text("PMIX_NAMESPACE");
  return variables.text("SLURM_JOB_ID") + "/" + variables.text("SLURM_STEP_ID") + "/" +
         variables.text("SLURM_RESTART_COUNT");
}

}  // namespace

Meeting meeting_from_environment(const ReadVariable& variable) {
  const Variables variables(variable);
  Meeting out;
  if (variables.has("SSLBENCH_RANK_TIMEOUT")) {
    out.step_timeout = std::chrono::seconds(variables.number("SSLBENCH_RANK_TIMEOUT", 1, 1'000'000));
    out.start_timeout = 5 * out.step_timeout;
  }
  if (variables.has("MASTER_PORT")) set_port(variables);  // nonsense is said where one rank needs no port, too
  const Launcher* launcher = launcher_of(variables);
  if (launcher == nullptr) return out;
  out.size = variables.number(launcher->size, 1, kMostRanks);
  if (out.size == 1) return out;
  out.launcher = launcher->name;
  out.rank = variables.number(launcher->rank, 0, out.size - 1);
  out.local_rank = variables.number_or(launcher->local_rank, 0, 0, out.size - 1);
  out.host = address(*launcher, variables, out.size);
  out.port = port(*launcher, variables);
  out.key = key(*launcher, variables);
  out.served = variables.text("TORCHELASTIC_USE_AGENT_STORE") == "True" && launcher == &kPlain;
  if (out.served) out.launcher = "torchrun";
  return out;
}

void expect_planned_ranks(const Meeting& meeting, const std::string& run, int ranks) {
  if (meeting.size == ranks) return;
  throw UserError(run + " was planned for " + std::to_string(ranks) + " ranks, and " + meeting.launcher + " started " +
                  std::to_string(meeting.size) + "; start as many, or plan it anew with --ranks " +
                  std::to_string(meeting.size));
}

Meeting meeting_from_environment() {
  return meeting_from_environment([](const char* name) { return std::getenv(name); });
}

}  // namespace sslbench
