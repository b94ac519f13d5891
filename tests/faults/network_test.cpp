// SPDX-License-Identifier: Apache-2.0
// Ranks on two machines: two network namespaces of this one, joined by a cable. Needs root and `ip`.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>

#include "suites/handover/worker_exit.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

constexpr double kTimeout = 10, kSlack = 30;  // s: SSLBENCH_RANK_TIMEOUT, and of a machine with other work

constexpr const char* kSuite = R"(# Do ranks on two machines train as one process does?
dataset = { name = "shapes", size = 32, train_images = 32, test_images = 32 }
backbone = { name = "vit_tiny", patch_size = 8 }
seeds = [0]
threads = 1

[pretrain]
epochs = 2
batch_size = 16
precision = "fp32"
optimizer = "sgd"
learning_rate = 0.01
hash_every = 1

[methods.simclr]
backbone = "convnet"
hidden = 32
projection = 16
pretrain = { checkpoint_seconds = 0, epochs = 20 }
[methods.mae]

[protocols.knn]
)";

// Two namespaces with an address each: 10.213.0.1 and 10.213.0.2.
class TwoMachines {
 public:
  TwoMachines() {
    works_ =
        ip({"netns", "add", name(0)}) && ip({"netns", "add", name(1)}) &&
        ip({"link", "add", cable(0), "netns", name(0), "type", "veth", "peer", "name", cable(1), "netns", name(1)});
    for (int i = 0; i < 2 && works_; ++i) {
      works_ = ip({"-n", name(i), "addr", "add", address(i) + "/24", "dev", cable(i)}) &&
               ip({"-n", name(i), "link", "set", cable(i), "up"}) && ip({"-n", name(i), "link", "set", "lo", "up"});
    }
  }
  ~TwoMachines() {
    for (int i = 0; i < 2; ++i) ip({"netns", "del", name(i)});
  }
  TwoMachines(const TwoMachines&) = delete;
  TwoMachines& operator=(const TwoMachines&) = delete;

  bool work() const { return works_; }
  std::string name(int i) const { return "sslbench-" + std::to_string(::getpid()) + "-" + std::to_string(i); }
  std::string address(int i) const { return "10.213.0." + std::to_string(i + 1); }
  void unplug() const { EXPECT_TRUE(ip({"-n", name(0), "link", "set", cable(0), "down"})); }

 private:
  static std::string cable(int i) { return "cable" + std::to_string(i); }
  static bool ip(std::vector<std::string> words) {
    words.insert(words.begin(), "/bin/sh");
    words.insert(words.begin() + 1, {"-c", "exec ip \"$@\"", "sh"});
    return run_program(words).code == 0;
  }
  bool works_ = false;
};

class NetworkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!machines_.work()) GTEST_SKIP() << "not run: needs root and `ip netns` (package iproute2)";
  }

  std::string spec(const std::string& row) {
    const Ending plan = suite_.sslbench({"plan", "--no-calibrate", suite_.suite().string(), "-o", suite_.out.string(),
                                         "--only", row, "--ranks", "2", "--json"});
    const auto spec = nlohmann::json::parse(plan.output).at("runs").at(0).at("spec");
    return suite_.write(row + ".json", spec.dump()).string();
  }

  std::unique_ptr<Program> start(int rank, const std::string& row) {
    Surroundings around = suite_.around;
    around.environment.insert({{"RANK", std::to_string(rank)},
                               {"WORLD_SIZE", "2"},
                               {"MASTER_ADDR", machines_.address(0)},
                               {"MASTER_PORT", "29533"},
                               {"OMP_NUM_THREADS", "1"},
                               {"SSLBENCH_RANK_TIMEOUT", "10"},
                               {"TORCH_CPP_LOG_LEVEL", "ERROR"}});
    return std::make_unique<Program>(
        std::vector<std::string>{"/bin/sh", "-c", "exec ip netns exec \"$@\"", "sh", machines_.name(rank),
                                 program_of_build("sslbench-worker").string(), spec(row)},
        around);
  }

  TwoMachines machines_;
  TinySuite suite_{kSuite};
};

// Largest difference of the losses of all logged steps, as a share of the first one's.
double difference(const Record& a, const Record& b) {
  const auto &x = a.stages[0].curves.at("loss").value, &y = b.stages[0].curves.at("loss").value;
  EXPECT_EQ(x.size(), y.size());
  double out = 0;
  for (size_t i = 0; i < x.size(); ++i) out = std::max(out, std::abs(x[i] - y[i]));
  return out / x.front();
}

TEST_F(NetworkTest, TwoMachinesTrainAsOneProcessDoes) {
  for (const std::string row : {"simclr", "mae"}) {
    suite_.out = suite_.folder() / "apart";
    const auto first = start(0, row), second = start(1, row);
    const Ending end = first->wait();
    ASSERT_EQ(end.code, kWorkerDone) << end.errors << end.output;
    EXPECT_EQ(second->wait().code, kWorkerDone);
    const Record apart = suite_.record(row);
    suite_.out = suite_.folder() / "together";
    ASSERT_EQ(suite_.run({"--only", row, "--ranks", "2"}).code, 0);
    EXPECT_EQ(state_hashes(apart), state_hashes(suite_.record(row))) << row;
    suite_.out = suite_.folder() / "alone";
    ASSERT_EQ(suite_.run({"--only", row}).code, 0);
    EXPECT_LT(difference(apart, suite_.record(row)), 1e-3) << row << ": float32 on both sides";
  }
}

// Fault matrix: 71
TEST_F(NetworkTest, ACableThatIsPulledOutEndsBothRanks) {
  const auto first = start(0, "simclr"), second = start(1, "simclr");
  suite_.wait_for_step(*first, "simclr", 2);
  machines_.unplug();
  for (Program* each : {first.get(), second.get()}) {
    const Ending end = each->wait(2 * kTimeout + kSlack);
    EXPECT_EQ(end.code, kWorkerLostPeer) << end.errors << end.output;
  }
}

}  // namespace
}  // namespace sslbench
