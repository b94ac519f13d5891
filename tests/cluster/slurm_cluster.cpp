// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/slurm_cluster.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "suites/files/atomic_file.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr double kPatience = 60;  // s

// Kills whatever has this folder's configuration in its environment, when its standard input ends.
constexpr const char* kCleanUp = R"sh(
cat > /dev/null
for pass in 1 2 3; do
  for process in /proc/[0-9]*; do
    if grep -qsF "SLURM_CONF=$1/" "$process/environ"; then kill -KILL "${process#/proc/}" 2> /dev/null; fi
  done
done
exit 0
)sh";

// Free a moment ago.
int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    ::close(fd);
    throw std::runtime_error("no free port");
  }
  ::close(fd);
  return ::ntohs(address.sin_port);
}

std::string host() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace

std::string SlurmCluster::why_not() {
  if (::geteuid() != 0) return "Slurm's daemons need root here";
  for (const char* program : {"munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol", "sinfo"}) {
    if (program_on_path(program).empty()) return std::string(program) + " is not installed (slurm-wlm, munge)";
  }
  return "";
}

SlurmCluster::SlurmCluster() {
  const std::string folder = folder_.path().string();
  environment_ = {{"SLURM_CONF", folder + "/slurm.conf"}};
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  guard_ = ends[1];
  Surroundings alone;
  alone.input = ends[0];
  clean_up_ = std::make_unique<Program>(std::vector<std::string>{"bash", "-c", kCleanUp, "clean-up", folder}, alone);
  ::close(ends[0]);
  write_configuration();
  start({"munged", "-F", "--force", "--socket=" + folder + "/munge", "--key-file=" + folder + "/munge.key",
         "--pid-file=" + folder + "/munge.pid", "--log-file=" + folder + "/log/munge",
         "--seed-file=" + folder + "/seed"});
  if (!eventually(kPatience, [&] { return fs::exists(folder_.path() / "munge"); })) throw std::runtime_error(logs());
  start({"slurmctld", "-D"});
  start({"slurmd", "-D", "-N", "n1"});
  start({"slurmd", "-D", "-N", "n2"});
  const auto idle = [&] { return ask({"sinfo", "-h", "-N", "-o", "%N %T"}) == "n1 idle\nn2 idle\n"; };
  if (!eventually(kPatience, idle)) throw std::runtime_error("Slurm does not come up:\n" + logs());
}

SlurmCluster::~SlurmCluster() {
  ::close(guard_);
  clean_up_->wait(kPatience);
}

void SlurmCluster::write_configuration() const {
  const std::string folder = folder_.path().string(), name = host();
  for (const char* each : {"state", "n1", "n2", "log"}) fs::create_directories(folder_.path() / each);
  folder_.write("munge.key", std::string(128, 'k'));  // of a munge that only this test asks
  fs::permissions(folder_.path() / "munge.key", fs::perms::owner_read);
  folder_.write("cgroup.conf", "CgroupPlugin=cgroup/v1\nConstrainCores=no\n");
  const auto node = [&](const std::string& each) {
    return "NodeName=" + each + " NodeHostname=" + name + " NodeAddr=127.0.0.1 Port=" + std::to_string(free_port()) +
           " CPUs=4 State=UNKNOWN\n";
  };
  folder_.write("slurm.conf",
                "ClusterName=test\n"
                "SlurmctldHost=" +
                    name +
                    "(127.0.0.1)\n"
                    "SlurmctldPort=" +
                    std::to_string(free_port()) +
                    "\n"
                    "SlurmUser=root\nSlurmdUser=root\n"
                    "AuthType=auth/munge\nCryptoType=crypto/munge\nAuthInfo=socket=" +
                    folder +
                    "/munge\n"
                    "MpiDefault=none\nProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\n"
                    "JobAcctGatherType=jobacct_gather/none\nAccountingStorageType=accounting_storage/none\n"
                    "SelectType=select/cons_tres\nSelectTypeParameters=CR_CPU\n"
                    "SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1\n"
                    "SlurmdParameters=config_overrides\n"  // more processors than the machine has: most tasks wait
                    "ReturnToService=2\nJobRequeue=1\nKillWait=30\nMinJobAge=600\n"
                    "StateSaveLocation=" +
                    folder + "/state\nSlurmdSpoolDir=" + folder +
                    "/%n\n"
                    "SlurmctldPidFile=" +
                    folder + "/slurmctld.pid\nSlurmdPidFile=" + folder +
                    "/%n.pid\n"
                    "SlurmctldLogFile=" +
                    folder + "/log/slurmctld\nSlurmdLogFile=" + folder + "/log/%n\n" + node("n1") + node("n2") +
                    "PartitionName=cpu Nodes=ALL Default=YES MaxTime=01:00:00 State=UP\n");
}

void SlurmCluster::start(const std::vector<std::string>& daemon) {
  Surroundings around;
  around.environment = environment_;
  daemons_.push_back(std::make_unique<Program>(daemon, around));
}

std::string SlurmCluster::ask(const std::vector<std::string>& command) const {
  Surroundings around;
  around.environment = environment_;
  return run_program(command, around).output;
}

std::string SlurmCluster::state(const std::string& task) const {
  Surroundings around;
  around.environment = environment_;
  const std::string job = task.substr(0, task.find('_'));
  const Ending end = run_program({"squeue", "-h", "-r", "-j", job, "-o", "%i %T"}, around);
  const std::string lines = "\n" + end.output, start = "\n" + task + " ";
  const size_t at = lines.find(start);
  if (at != std::string::npos) return lines.substr(at + start.size(), lines.find('\n', at + 1) - at - start.size());
  return end.code == 0 || end.errors.find("Invalid job id") != std::string::npos ? "" : end.errors;
}

void SlurmCluster::start_soon(const std::string& task) const {
  // Not in the second in which the job's credential was revoked: the node would refuse to start it, for good.
  ask({"scontrol", "update", "JobId=" + task, "StartTime=now+3"});
}

std::string SlurmCluster::logs() const {
  std::string out;
  for (const auto& entry : fs::directory_iterator(folder_.path() / "log")) {
    const std::string text = read_file(entry.path());
    out += entry.path().filename().string() + ":\n" + text.substr(text.size() - std::min<size_t>(text.size(), 4000));
  }
  return out;
}

}  // namespace sslbench
