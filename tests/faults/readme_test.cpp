// SPDX-License-Identifier: Apache-2.0
// What the README tells people to type runs as it stands there.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

// The first block of shell lines after `begin`.
std::string block_after(const std::string& begin) {
  const std::string readme = read_file(fs::path(SSLBENCH_SOURCE_DIR) / "README.md");
  const size_t place = readme.find(begin);
  const size_t first = readme.find("```sh\n", place), end = readme.find("\n```", first + 6);
  if (place == std::string::npos || end == std::string::npos) throw std::runtime_error("no block after " + begin);
  return readme.substr(first + 6, end - first - 5);
}

// A home with a folder a class, and an `sslbench` that spares what takes long.
class ReadmeTest : public ::testing::Test {
 protected:
  ReadmeTest() {
    const ScratchFolder& home = home_;
    for (const char* kind : {"cat", "dog"}) {
      for (int i = 0; i < 10; ++i) {
        write_picture(home, std::string("pets/") + kind + "/" + std::to_string(i) + ".png", 32, 32, i + 100 * kind[0]);
      }
    }
    const fs::path program = home.write("bin/sslbench", "#!/bin/sh\ncase \"$1\" in\n  plan | run) exec " +
                                                            program_of_build("sslbench").string() +
                                                            " \"$@\" --set pretrain.epochs=1 --set backbone.width=8 "
                                                            "--threads 1 --device cpu ;;\nesac\nexec " +
                                                            program_of_build("sslbench").string() + " \"$@\"\n");
    fs::permissions(program, fs::perms::owner_all);
    around_.folder = home.path();
    around_.environment = {{"HOME", home.path().string()},
                           {"PATH", (home.path() / "bin").string() + ":/usr/bin:/bin"},
                           {"SSLBENCH_DATA", (home.path() / "data").string()},
                           {"XDG_CACHE_HOME", (home.path() / "cache").string()}};
  }
  Ending carry_out(const std::string& lines) const {
    return run_program({"/bin/bash", "-euo", "pipefail", "-c", lines}, around_);
  }

  ScratchFolder home_;
  Surroundings around_;
};

TEST_F(ReadmeTest, YourOwnImagesInFiveLines) {
  const Ending end = carry_out(block_after("**Your own images**"));
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_THAT(end.output,
              AllOf(HasSubstr("2 classes: cat, dog"), HasSubstr("3 runs, 3 to do"),
                    HasSubstr("**Question.** Which pretraining tells my pets apart best?"), HasSubstr("`simclr`")));
}

TEST_F(ReadmeTest, YourOwnModelInFiveLines) {
  const fs::path script =
      home_.write("scripts/export-model", "#!/bin/sh\nfor last; do :; done\ncp '" + std::string(SSLBENCH_SOURCE_DIR) +
                                              "/tests/methods/foreign/fixtures/attention.pt2" + "' \"$last\"\n");
  fs::permissions(script, fs::perms::owner_all);
  const Ending end = carry_out(block_after("**Your own images**") + block_after("**Your own model**") +
                               "cat results/pets/report/README.md\n");
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_THAT(end.output, AllOf(HasSubstr("`dinov2`"), HasSubstr("`simclr`")));
}

}  // namespace
}  // namespace sslbench
