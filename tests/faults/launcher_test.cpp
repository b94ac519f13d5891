// SPDX-License-Identifier: Apache-2.0
// Whoever starts the ranks of a run, the same bits come out.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>

#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using Words = std::vector<std::string>;

// Carried out by `run --ranks 2`: what every launcher must equal.
const std::vector<std::string>& expected() {
  static const std::vector<std::string> hashes = [] {
    const TinySuite suite;
    const Ending end = suite.run({"--only", "supervised", "--ranks", "2"});
    EXPECT_EQ(end.code, 0) << end.errors;
    return state_hashes(suite.record("supervised"));
  }();
  return hashes;
}

class LauncherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"})
      suite_.around.environment[name] = "1";
    const Ending end = suite_.sslbench({"submit", suite_.suite().string(), "-o", suite_.out.string(), "--only",
                                        "supervised", "--ranks", "2", "--to", "list"});
    ASSERT_EQ(end.code, 0) << end.errors;
  }

  static bool is_there(const Words& probe) { return run_program(probe).code == 0; }

  // `launcher` in front of `sslbench run --spec FILE`, through a shell, which knows the PATH.
  Ending launch(const std::string& launcher) {
    const std::string spec = (suite_.work_folder("supervised") / "runspec.json").string();
    return run_program(
        {"/bin/sh", "-c", launcher + " \"$0\" run --spec \"$1\"", program_of_build("sslbench").string(), spec},
        suite_.around);
  }

  void expect_equal_bits(const Ending& end) {
    ASSERT_EQ(end.code, 0) << end.errors << end.output;
    EXPECT_EQ(suite_.record("supervised").status, "ok");
    EXPECT_EQ(suite_.record("supervised").environment.at("ranks"), 2);
    EXPECT_EQ(state_hashes(suite_.record("supervised")), expected());
  }

  TinySuite suite_;
};

TEST_F(LauncherTest, OneFrontEndStartsBothRanks) { expect_equal_bits(launch("")); }

TEST_F(LauncherTest, PlainVariablesStartThemOneByOne) {
  expect_equal_bits(launch("export WORLD_SIZE=2 MASTER_PORT=29544; RANK=1 \"$0\" run --spec \"$1\" & RANK=0"));
}

TEST_F(LauncherTest, MpirunStartsTheSameRun) {
  if (!is_there({"/bin/sh", "-c", "command -v mpirun"}))
    GTEST_SKIP() << "not run: mpirun is not installed (openmpi-bin)";
  expect_equal_bits(launch("mpirun --oversubscribe -n 2"));
}

TEST_F(LauncherTest, TorchrunStartsTheSameRun) {
  const std::string torchrun = std::string(SSLBENCH_SOURCE_DIR) + "/tests/faults/shim/torchrun";
  const Ending probe = run_program({torchrun, "--probe"});
  if (probe.code != 0) GTEST_SKIP() << "not run: no torchrun: " << probe.output;
  expect_equal_bits(launch("'" + torchrun + "' --nproc-per-node 2 --master-port 29545"));
}

TEST_F(LauncherTest, AnotherNumberOfRanksThanPlannedIsRefused) {
  const Ending end = launch("RANK=0 WORLD_SIZE=3");
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors, ::testing::HasSubstr("was planned for 2 ranks, and sslbench started 3"));
}

}  // namespace
}  // namespace sslbench
