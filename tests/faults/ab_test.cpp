// SPDX-License-Identifier: Apache-2.0
// Two builds in turns, as people start them: this one, and this one made slower by a known share.
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "suites/files/atomic_file.h"
#include "tests/faults/injected_fault.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Trains for a moment: two runs a round, each a front end, a worker and a report, are what takes time here.
constexpr const char* kShortSuite = R"(# Which side is slower?
dataset = { name = "shapes", size = 32, train_images = 128, test_images = 64 }
backbone = "convnet"
threads = 1
[pretrain]
epochs = 4
batch_size = 16
precision = "fp32"
[methods.random_init]
[methods.simclr]
hidden = 32
projection = 16
[methods.supervised]
[protocols.knn]
)";

class AbTest : public testing::Test {
 protected:
  // A margin that no noise of three rounds passes: what is tested here is the path, not the power.
  Ending ab(const std::string& old_build, const std::string& new_build, std::vector<std::string> more = {}) const {
    return tiny.sslbench(words(old_build, new_build, std::move(more)), 300);
  }
  std::vector<std::string> words(const std::string& old_build, const std::string& new_build,
                                 std::vector<std::string> more) const {
    more.insert(more.begin(), {"ab", old_build, new_build, tiny.suite().string(), "--rounds", "3", "--rows", "simclr",
                               "--margin", "90", "--output", out().string()});
    return more;
  }
  fs::path out() const { return tiny.folder() / "ab"; }

  // A folder with this build's front end and a worker that needs 1 + `share` times as much processor time.
  std::string slow_build(const std::string& share) const {
    const fs::path folder = tiny.folder() / "slow";
    fs::create_directories(folder);
    fs::create_symlink(program_of_build("sslbench"), folder / "sslbench");
    std::ofstream(folder / "sslbench-worker")
        << "#!/bin/sh\nLD_PRELOAD='" << SSLBENCH_SLOW_SHIM << "' SSLBENCH_SLOW_SHARE=" << share << " exec '"
        << program_of_build("sslbench-worker").string() << "' \"$@\"\n";
    fs::permissions(folder / "sslbench-worker", fs::perms::owner_all);
    return folder.string();
  }

  TinySuite tiny{kShortSuite};
};

json cost(const Ending& end, const std::string& metric) {
  const json said = json::parse(end.output);
  for (const json& each : said.at("costs")) {
    if (each.at("metric") == metric) return each;
  }
  return {};
}

TEST_F(AbTest, OneBuildAgainstItselfIsTheSameBitByBitAndNothingRunsTwice) {
  const Ending first = ab("this", "this", {"--json"});
  ASSERT_EQ(first.code, 0) << first.errors << first.output;
  EXPECT_THAT(first.errors, HasSubstr("what differs is noise"));
  const json said = json::parse(first.output);
  EXPECT_EQ(said.at("rounds"), 3);
  EXPECT_EQ(said.at("loss_curves").at(0).at("largest_relative_difference"), 0);
  for (const json& cell : said.at("results")) EXPECT_EQ(cell.at("verdict"), "same") << cell.dump();
  const auto written = fs::last_write_time(out() / "simclr/00-new/plan.json");
  const Ending again = ab("this", "this", {"--json"});
  EXPECT_EQ(again.code, 0) << again.errors;
  EXPECT_EQ(json::parse(again.output), said);
  EXPECT_EQ(fs::last_write_time(out() / "simclr/00-new/plan.json"), written);
  const Ending other = ab("this", "this", {"--set", "pretrain.epochs=2"});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.errors, AllOf(HasSubstr("holds another comparison"), HasSubstr("set"), HasSubstr("--output")));
}

TEST_F(AbTest, ASlowerWorkerIsFoundByItsProcessorTime) {
  if (kNoPreloading) GTEST_SKIP() << kWhyNoPreloading;
  const Ending end = ab("this", slow_build("5"), {"--json"});
  EXPECT_EQ(end.code, 1) << end.errors << end.output;
  const json time = cost(end, "pretrain.cpu_per_image");
  EXPECT_EQ(time.at("verdict"), "regressed");
  EXPECT_GT(time.at("ratio"), 3);
  EXPECT_LT(time.at("ratio"), 9);
  EXPECT_EQ(json::parse(end.output).at("loss_curves").at(0).at("largest_relative_difference"), 0);
}

TEST_F(AbTest, AnInterruptEndsBothRunsAndTheSameCommandGoesOn) {
  Program run(tiny.command(words("this", "this", {})), tiny.around);
  ASSERT_TRUE(eventually(120, [&] { return fs::exists(out() / "simclr/01-new/plan.json") || !run.running(); }));
  run.signal(SIGINT);
  const Ending end = run.wait(60);
  EXPECT_EQ(end.code, 75) << end.errors;
  EXPECT_THAT(end.errors, HasSubstr("run the same command to go on"));
  const auto first = fs::last_write_time(out() / "simclr/00-new/plan.json");
  EXPECT_EQ(ab("this", "this").code, 0);
  EXPECT_EQ(fs::last_write_time(out() / "simclr/00-new/plan.json"), first) << "a whole round is kept";
}

TEST_F(AbTest, TwoSuitesAreComparedOverTheRowsThatBothHold) {
  const fs::path other = tiny.write("other.toml", std::string(kShortSuite) + "[methods.byol]\n");
  std::string text = read_file(other);
  text.replace(text.find("epochs = 4"), 10, "epochs = 3");
  tiny.write("other.toml", text);
  const Ending end = ab("this", "this", {"--new-suite", other.string()});
  EXPECT_EQ(end.code, 0) << end.errors << end.output;
  EXPECT_THAT(end.output, HasSubstr("loss curves at"));
  EXPECT_THAT(ab("this", "this", {"--new-suite", other.string(), "--rows", "byol"}).errors,
              AllOf(HasSubstr("no row matches --rows byol"), HasSubstr("random_init, simclr, supervised")));
}

// Records these results as another machine's: only the name of its class is changed.
void record_elsewhere(const TinySuite& tiny, const fs::path& results, const fs::path& history) {
  const Ending end = tiny.sslbench({"history", "record", results.string(), "--history", history.string()});
  ASSERT_EQ(end.code, 0) << end.errors;
  const fs::path file = tiny.folder() / end.output.substr(0, end.output.find('\n'));
  json held = json::parse(read_file(file));
  held["machine"]["class"] = "a machine that nobody has";
  write_atomically(file, held.dump());
}

TEST_F(AbTest, TheGateMeasuresInTurnsWhatHistoryHoldsOfAnotherMachine) {
  if (json::parse(tiny.sslbench({"env", "--json"}).output).at("dirty") == true) {
    GTEST_SKIP() << "not run: costs of a dirty tree are never judged";
  }
  const fs::path suite = tiny.write("gated.toml", std::string(kShortSuite) +
                                                      "[gate]\npretrain.peak_memory_process = { max_drop = 90, unit = "
                                                      "\"percent\" }\n");
  const fs::path results = tiny.folder() / "results", history = tiny.folder() / "history";
  ASSERT_EQ(tiny.sslbench({"run", suite.string(), "-o", results.string()}, 300).code, 0);
  record_elsewhere(tiny, results, history);
  const std::vector<std::string> gate{"gate", results.string(), "--history", history.string(), "--json"};
  const Ending before = tiny.sslbench(gate);
  EXPECT_EQ(before.code, 5) << before.output << before.errors;
  EXPECT_THAT(before.output, HasSubstr("--ab OLD compares two builds on this machine"));
  std::vector<std::string> with_turns = gate;
  with_turns.insert(with_turns.end(), {"--ab", "this", "--rounds", "3"});
  const Ending after = tiny.sslbench(with_turns, 300);
  EXPECT_EQ(after.code, 0) << after.output << after.errors;
  EXPECT_THAT(after.output, HasSubstr("in turns with this: "));
  EXPECT_TRUE(fs::exists(results / "ab/runs/simclr/02-new/plan.json"));
}

TEST_F(AbTest, MistakesAreToldBeforeAnythingRuns) {
  EXPECT_THAT(ab("/absent", "this").errors, HasSubstr("'/absent' is no build"));
  fs::create_directories(tiny.folder() / "half");
  fs::create_symlink(program_of_build("sslbench"), tiny.folder() / "half/sslbench");
  const Ending half = ab("this", (tiny.folder() / "half").string());
  EXPECT_EQ(half.code, 2);
  EXPECT_THAT(half.errors, HasSubstr("no `sslbench-worker` beside it"));
  EXPECT_FALSE(fs::exists(out() / "simclr"));
}

TEST_F(AbTest, ABuildThatRefusesTheSuiteIsQuoted) {
  const fs::path folder = tiny.folder() / "refusing";
  fs::create_directories(folder);
  std::ofstream(folder / "sslbench") << "#!/bin/sh\necho 'error: tiny.toml:1: no' >&2\nexit 2\n";
  std::ofstream(folder / "sslbench-worker") << "#!/bin/sh\n";
  for (const char* name : {"sslbench", "sslbench-worker"}) fs::permissions(folder / name, fs::perms::owner_all);
  const Ending end = ab("this", folder.string());
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors, AllOf(HasSubstr("does not take"), HasSubstr("error: tiny.toml:1: no")));
}

}  // namespace
}  // namespace sslbench
