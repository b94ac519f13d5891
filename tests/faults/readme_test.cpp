// SPDX-License-Identifier: Apache-2.0
// What the README tells people to type runs as it stands there.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <stdexcept>

#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path kSource = SSLBENCH_SOURCE_DIR;

// The blocks of shell lines of the README.
std::vector<std::string> shell_blocks() {
  const std::string readme = read_file(kSource / "README.md"), begin = "```sh\n", end = "\n```";
  std::vector<std::string> out;
  for (size_t at = readme.find(begin); at != std::string::npos; at = readme.find(begin, at)) {
    at += begin.size();
    out.push_back(readme.substr(at, readme.find(end, at) + 1 - at));
  }
  return out;
}

std::string shell_lines() {
  std::string out;
  for (const std::string& block : shell_blocks()) out += block;
  return out;
}

// The block in which `line` stands, from its beginning up to that line.
std::string lines_before(const std::string& line) {
  for (const std::string& block : shell_blocks()) {
    if (const size_t at = block.find(line); at != std::string::npos) return block.substr(0, at);
  }
  throw std::runtime_error("README.md has no line " + line);
}

// What reads a safetensors file without a package: its length of header, its header.
constexpr const char* kReadWeights = R"py(
import json, struct, sys
with open(sys.argv[1], "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
print(header["conv1.weight"]["dtype"], header["conv1.weight"]["shape"])
)py";

// A checkout and home in one: pictures in a folder a class, an `sslbench` that spares what takes long, and stand-ins
// for scripts. scripts/test would run this test, scripts/run would build; scripts/export-model needs Python's torch, so
// a model that it once wrote takes its place.
class ReadmeTest : public ::testing::Test {
 protected:
  ReadmeTest() {
    for (const char* kind : {"cat", "dog"}) {
      for (int i = 0; i < 10; ++i) {
        write_picture(home_, std::string("pets/") + kind + "/" + std::to_string(i) + ".png", 32, 32, i + 100 * kind[0]);
      }
    }
    const std::string sslbench = program_of_build("sslbench").string();
    write_program("build/release/bin/sslbench", "case \"$1\" in\n  plan | run) exec " + sslbench +
                                                    " \"$@\" --set pretrain.epochs=1 --set backbone.width=8 "
                                                    "--threads 1 --device cpu ;;\nesac\nexec " +
                                                    sslbench + " \"$@\"\n");
    write_program("scripts/run", "echo called scripts/run\n");
    write_program("scripts/test", "echo called scripts/test\n");
    write_program("scripts/export-model", "for last; do :; done\ncp '" + kSource.string() +
                                              "/tests/methods/foreign/fixtures/attention.pt2' \"$last\"\n");
    around_.folder = home_.path();
    around_.environment = {{"HOME", home_.path().string()},
                           {"PATH", "/usr/bin:/bin"},
                           {"SSLBENCH_DATA", (home_.path() / "data").string()},
                           {"XDG_CACHE_HOME", (home_.path() / "cache").string()}};
  }
  void write_program(const std::string& name, const std::string& lines) const {
    fs::permissions(home_.write(name, "#!/bin/sh\n" + lines), fs::perms::owner_all);
  }

  ScratchFolder home_;
  Surroundings around_;
};

TEST_F(ReadmeTest, EveryShellBlockRunsAsItStandsOneAfterTheOther) {
  const Ending end = run_program({"/bin/bash", "-euo", "pipefail", "-c", shell_lines()}, around_, 300);
  ASSERT_EQ(end.code, 0) << end.output << end.errors;
  EXPECT_THAT(end.output, AllOf(HasSubstr("called scripts/run"), HasSubstr("called scripts/test"),
                                HasSubstr("2 classes: cat, dog"), HasSubstr("3 runs, 3 to do"),
                                HasSubstr("**Question.** What are features worth that simclr learns from pets?"),
                                HasSubstr("5 same")));
  const std::string report = read_file(home_.path() / "results/pets/report/README.md");
  EXPECT_THAT(report,
              AllOf(HasSubstr("`simclr`"), HasSubstr("`supervised`"), HasSubstr("`theirs`"), HasSubstr("`dinov2`")));
  for (const char* made : {"simclr.safetensors", "history"}) {
    EXPECT_TRUE(fs::exists(home_.path() / made)) << made;
  }
}

// Own images, a suite, a plan, a run that Ctrl-C ends, the same command again, report, weights out, read in Python.
TEST_F(ReadmeTest, APersonsPathSurvivesCtrlC) {
  const auto bash = [&](const std::string& lines) {
    return run_program(
        {"/bin/bash", "-euo", "pipefail", "-c", "export PATH=\"$PWD/build/release/bin:$PATH\"\n" + lines}, around_,
        120);
  };
  const Ending plan = bash(lines_before("sslbench run pets.toml"));
  ASSERT_EQ(plan.code, 0) << plan.output << plan.errors;
  EXPECT_THAT(plan.output, AllOf(HasSubstr("3 runs, 3 to do"), HasSubstr("about "), HasSubstr("memory")));
  const std::string sslbench = (home_.path() / "build/release/bin/sslbench").string();
  {
    Program run({sslbench, "run", "pets.toml"}, around_);
    const fs::path work = home_.path() / "results/pets/work";
    ASSERT_TRUE(eventually(30, [&] { return fs::exists(work) && !fs::is_empty(work); })) << run.errors_so_far();
    run.signal(SIGINT);
    const Ending end = run.wait(30);
    ASSERT_EQ(end.code, 75) << end.output << end.errors;
    EXPECT_THAT(end.errors, HasSubstr("run the same command to go on"));
  }
  const Ending rest = bash(
      "sslbench run pets.toml\ncat results/pets/report/README.md\n"
      "sslbench report results/pets --html\n"
      "sslbench export results/pets --to safetensors --only simclr -o simclr.safetensors\n");
  ASSERT_EQ(rest.code, 0) << rest.output << rest.errors;
  EXPECT_THAT(rest.output, HasSubstr("**Answer.**"));
  EXPECT_TRUE(fs::exists(home_.path() / "results/pets/report/report.html"));
  const Ending read = run_program({"python3", "-c", kReadWeights, (home_.path() / "simclr.safetensors").string()});
  EXPECT_EQ(read.output, "F32 [8, 3, 3, 3]\n") << read.errors;
}

TEST(ReadmePageTest, IsShortAndLeadsToEveryPage) {
  const std::string readme = read_file(kSource / "README.md");
  EXPECT_LE(std::count(readme.begin(), readme.end(), '\n'), 160);
  for (const auto& page : fs::directory_iterator(kSource / "docs")) {
    if (!page.is_regular_file()) continue;
    EXPECT_THAT(readme, HasSubstr("(docs/" + page.path().filename().string() + ")"));
  }
}

}  // namespace
}  // namespace sslbench
