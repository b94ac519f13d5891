// SPDX-License-Identifier: Apache-2.0
// What the README tells people to type runs as it stands there.
#include <gmock/gmock.h>

#include <algorithm>

#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path kSource = SSLBENCH_SOURCE_DIR;

// All blocks of shell lines of the README, one after the other.
std::string shell_lines() {
  const std::string readme = read_file(kSource / "README.md"), begin = "```sh\n", end = "\n```";
  std::string out;
  for (size_t at = readme.find(begin); at != std::string::npos; at = readme.find(begin, at)) {
    at += begin.size();
    out += readme.substr(at, readme.find(end, at) + 1 - at);
  }
  return out;
}

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
