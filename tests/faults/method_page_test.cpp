// SPDX-License-Identifier: Apache-2.0
// What docs/method.md says can be done: goldens from a Python function, and the tests of one method.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/program.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
const fs::path kSource = SSLBENCH_SOURCE_DIR;
// Debian's, which has numpy (scripts/packages-tests.txt).
constexpr const char* kPython = "/usr/bin/python3";

TEST(MakeGoldenTest, WhatNumpyComputesIsWhatOurCodeComputes) {
  const ScratchFolder folder;
  const fs::path example = kSource / "docs/method/golden/align_uniform.py", script = kSource / "scripts/make-golden";
  const Ending made = run_program({kPython, script, example, "-o", folder.path()});
  ASSERT_EQ(made.code, 0) << made.errors;
  const Ending checked = run_program({fs::path(SSLBENCH_BIN_DIR) / "golden", folder.path()});
  EXPECT_EQ(checked.code, 0) << checked.output;
  EXPECT_THAT(checked.output, HasSubstr("2 passed, 0 failed"));
  const Ending again = run_program({kPython, script, example, "-o", folder.path()});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.errors, HasSubstr("is there already"));
}

TEST(MakeGoldenTest, AFunctionWithAKinkIsRefused) {
  const ScratchFolder folder;
  const fs::path file = folder.write("kink.py",
                                     "import numpy as np\nREFERENCE = 'x'\nCASES = {'a': {}}\n"
                                     "def inputs(random): return {'a': np.array([1e-4, 1.0])}\n"
                                     "def kink(a): return np.abs(a).sum()\n");
  const Ending refused = run_program({kPython, kSource / "scripts/make-golden", file});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.errors, HasSubstr("has a kink or jump there"));
}

TEST(MethodTestsTest, OneMethodHasItsGoldensItsSuitesAndTheContracts) {
  const Ending found = run_program({"python3", kSource / "scripts/method_tests.py", "simclr"});
  ASSERT_EQ(found.code, 0) << found.errors;
  EXPECT_THAT(found.output, AllOf(HasSubstr("*/simclr:"), HasSubstr("SimClrTest.*"), HasSubstr("nt_xent__t0.5"),
                                  Not(HasSubstr("dcl__"))));
  const Ending none = run_program({kSource / "scripts/test", "simclrr"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.errors, HasSubstr("no method 'simclrr'; did you mean simclr?"));
}

}  // namespace
}  // namespace sslbench
