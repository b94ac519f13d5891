// SPDX-License-Identifier: Apache-2.0
// -DSSLBENCH_EXTRA_METHODS: a build takes methods from a folder outside the tree (docs/method.md), or says why not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/program.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Ending configure(const fs::path& build, const fs::path& methods) {
  return run_program({"cmake", "-S", SSLBENCH_SOURCE_DIR, "-B", build, "-G", "Ninja", "-DSSLBENCH_TESTS=OFF",
                      "-DCMAKE_CXX_COMPILER=clang++", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                      "-DSSLBENCH_EXTRA_METHODS=" + methods.string()});
}

TEST(ExtraMethodsTest, TheWorkerIsLinkedWithThemAndAFolderWithoutAnyIsRefused) {
  const ScratchFolder folder;
  const fs::path build = folder.path() / "build", mine = folder.path() / "mine";
  fs::create_directories(mine);
  const Ending empty = configure(build, mine);
  EXPECT_NE(empty.code, 0);
  EXPECT_THAT(empty.errors, HasSubstr("expected one a method"));
  folder.write("mine/own.cpp", "");
  const Ending whole = configure(build, mine);
  ASSERT_EQ(whole.code, 0) << whole.errors;
  EXPECT_THAT(read_file(build / "compile_commands.json"), HasSubstr((mine / "own.cpp").string()));
  const Ending linked = run_program({"ninja", "-C", build, "-t", "query", "bin/sslbench-worker"});
  EXPECT_THAT(linked.output, HasSubstr("extra_methods.dir"));
}

}  // namespace
}  // namespace sslbench
