// SPDX-License-Identifier: Apache-2.0
// Runs of several ranks that lose one: each ends in bounded time and says what happened first, not what followed.
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <fstream>
#include <sstream>

#include "suites/handover/worker_exit.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr double kStepTimeout = 10;  // s: SSLBENCH_RANK_TIMEOUT
constexpr double kStartTimeout = 5;  // s: five times that of a worker that is started alone, below
constexpr double kSlack = 30;        // of a machine with other work

class LostRankTest : public ::testing::Test {
 protected:
  LostRankTest() { suite_.around.environment["SSLBENCH_RANK_TIMEOUT"] = "10"; }

  std::vector<std::string> command(const std::string& ranks) const {
    return suite_.run_command({"--only", "simclr", "--ranks", ranks});
  }

  // The process of that rank of the run at work.
  pid_t rank(int number) const {
    const std::string wanted = "RANK=" + std::to_string(number);
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      if (slurp(entry.path() / "cmdline").find(suite_.work_folder("simclr").string()) == std::string::npos) continue;
      std::istringstream variables(slurp(entry.path() / "environ"));
      for (std::string one; std::getline(variables, one, '\0');) {
        if (one == wanted) return std::stoi(name);
      }
    }
    throw std::runtime_error("no process of rank " + std::to_string(number));
  }

  // work/<run>/runspec.json of simclr for two ranks, as `run` would write it.
  std::string spec() {
    const Ending plan = suite_.sslbench({"plan", "--no-calibrate", suite_.suite().string(), "-o", suite_.out.string(),
                                         "--only", "simclr", "--ranks", "2", "--json"});
    const auto spec = nlohmann::json::parse(plan.output).at("runs").at(0).at("spec");
    return suite_.write("spec.json", spec.dump()).string();
  }

  // One worker alone, as that rank of two.
  Ending worker(int rank, int port, const std::string& host, double limit) {
    Surroundings around = suite_.around;
    around.environment["SSLBENCH_RANK_TIMEOUT"] = "1";
    around.environment.insert({{"RANK", std::to_string(rank)},
                               {"WORLD_SIZE", "2"},
                               {"MASTER_ADDR", host},
                               {"MASTER_PORT", std::to_string(port)},
                               {"TORCH_CPP_LOG_LEVEL", "ERROR"}});
    return run_program({program_of_build("sslbench-worker").string(), spec()}, around, limit);
  }

  std::string failure() const { return slurp(suite_.work_folder("simclr") / "failure.json"); }

  static std::string slurp(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TinySuite suite_;
};

// A port of the loopback, held while this lives.
class HeldPort {
 public:
  HeldPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    socklen_t length = sizeof place;
    auto* address = reinterpret_cast<sockaddr*>(&place);
    const bool held =
        ::bind(fd_, address, length) == 0 && ::listen(fd_, 1) == 0 && ::getsockname(fd_, address, &length) == 0;
    if (!held) throw std::runtime_error("no port could be held");
    number_ = ntohs(place.sin_port);
  }
  ~HeldPort() { release(); }
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;
  void release() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  int number() const { return number_; }

 private:
  int fd_, number_ = 0;
};

// Fault matrix: 67
TEST_F(LostRankTest, AKilledOneIsNamedAndTheSameCommandGivesEqualBits) {
  ASSERT_EQ(run_program(command("2"), suite_.around).code, 0);
  const std::vector<std::string> undisturbed = state_hashes(suite_.record("simclr"));
  ASSERT_EQ(undisturbed.size(), 80u);
  suite_.out = suite_.folder() / "disturbed";
  for (const int victim : {1, 0}) {
    Program run(command("2"), suite_.around);
    suite_.wait_for_step(run, "simclr", victim == 1 ? 5 : 20);
    ::kill(rank(victim), SIGKILL);
    const Ending end = run.wait(kStepTimeout + kSlack);
    EXPECT_EQ(end.code, 3) << end.errors;
    EXPECT_EQ(suite_.record("simclr").status, "failed(signal)");
    EXPECT_THAT(suite_.record("simclr").failure,
                AllOf(HasSubstr("rank " + std::to_string(victim) + " of 2"), HasSubstr("signal 9")));
  }
  const Ending again = run_program(command("2"), suite_.around);
  ASSERT_EQ(again.code, 0) << again.errors;
  EXPECT_EQ(suite_.record("simclr").attempts, 3);
  EXPECT_EQ(state_hashes(suite_.record("simclr")), undisturbed);
}

TEST_F(LostRankTest, GoingOnWithAnotherNumberOfRanksIsSaid) {
  {
    Program run(command("2"), suite_.around);
    suite_.wait_for_step(run, "simclr", 5);
    run.signal(SIGTERM);
    EXPECT_EQ(run.wait().code, 75);
  }
  EXPECT_FALSE(std::filesystem::exists(suite_.work_folder("simclr") / "failure.json"));
  ASSERT_EQ(run_program(command("3"), suite_.around).code, 0);
  EXPECT_EQ(suite_.record("simclr").status, "ok");
  EXPECT_THAT(suite_.markdown(), HasSubstr("with 3 ranks, after 2"));
}

// Fault matrix: 68
TEST_F(LostRankTest, OneThatStandsStillEndsTheRunAndIsNamed) {
  Program run(command("3"), suite_.around);
  suite_.wait_for_step(run, "simclr", 3);
  const pid_t still = rank(2);
  ::kill(still, SIGSTOP);
  const Ending end = run.wait(2 * kStepTimeout + kSlack);
  EXPECT_EQ(end.code, 3) << end.errors;
  EXPECT_EQ(suite_.record("simclr").status, "failed(timeout)") << suite_.record("simclr").failure;
  EXPECT_THAT(suite_.record("simclr").failure, HasSubstr("rank 2 of 3: fell silent"));
  EXPECT_FALSE(is_alive(still));
}

// Fault matrix: 69
TEST_F(LostRankTest, OneThatNeverComesEndsTheWait) {
  HeldPort port;
  const int number = port.number();
  port.release();
  const Ending end = worker(0, number, "127.0.0.1", 2 * kStartTimeout + kSlack);
  EXPECT_EQ(end.code, kWorkerLostPeer) << end.errors << end.output;
  EXPECT_THAT(failure(), AllOf(HasSubstr("\"ranks\""), HasSubstr("rank 0 of 2 did not meet the others")));
}

// Fault matrix: 69
TEST_F(LostRankTest, NobodyWhereRanksMeetEndsTheWait) {
  HeldPort port;
  const int number = port.number();
  port.release();
  const Ending end = worker(1, number, "127.0.0.1", 2 * kStartTimeout + kSlack);
  EXPECT_EQ(end.code, kWorkerLostPeer) << end.errors << end.output;
  EXPECT_THAT(failure(), AllOf(HasSubstr("rank 1 of 2"), HasSubstr("127.0.0.1:" + std::to_string(number))));
}

// Fault matrix: 70
TEST_F(LostRankTest, ATakenPortIsNamedAtOnce) {
  const HeldPort port;
  const Ending end = worker(0, port.number(), "127.0.0.1", kSlack);
  EXPECT_EQ(end.code, kWorkerFailed) << end.errors << end.output;
  EXPECT_THAT(failure(), AllOf(HasSubstr("port " + std::to_string(port.number())), HasSubstr("MASTER_PORT")));
}

// Fault matrix: 70
TEST_F(LostRankTest, AnUnknownHostIsNamed) {
  const Ending end = worker(1, 29500, "no-such-host.invalid", 2 * kStartTimeout + kSlack);
  EXPECT_THAT(end.code, AnyOf(kWorkerLostPeer, kWorkerFailed)) << end.errors << end.output;
  EXPECT_THAT(failure(), HasSubstr("no-such-host.invalid"));
}

// Fault matrix: 72
TEST_F(LostRankTest, AnotherNumberThanPlannedIsRefused) {
  Surroundings around = suite_.around;
  around.environment.insert({{"RANK", "0"}, {"WORLD_SIZE", "4"}});
  const Ending end = run_program({program_of_build("sslbench-worker").string(), spec()}, around);
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors, HasSubstr("planned for 2 ranks, and sslbench started 4"));
}

TEST_F(LostRankTest, MoreRanksThanImagesOfAStepAreRefusedByName) {
  const Ending end = suite_.run({"--only", "simclr", "--ranks", "3", "--set", "pretrain.batch_size=2"});
  EXPECT_NE(end.code, 0);
  EXPECT_THAT(end.errors, HasSubstr("2 images cannot be shared among 3 ranks"));
}

}  // namespace
}  // namespace sslbench
