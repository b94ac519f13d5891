// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/process/limited_child.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <vector>

#include "suites/ground/error.h"
#include "suites/ground/sanitizer.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

constexpr ChildLimits kSmall{uint64_t{256} << 20, 1};

TEST(LimitedChildTest, WhatReturnsIsFineAndWhatThrowsIsQuoted) {
  EXPECT_EQ(in_limited_child(kSmall, [] {}), "");
  EXPECT_EQ(in_limited_child(kSmall, [] { throw UserError("m.pt2: no"); }), "m.pt2: no");
}

TEST(LimitedChildTest, ACrashIsTheFilesAndNotOurs) {
  EXPECT_THAT(in_limited_child(kSmall, [] { ::raise(SIGSEGV); }), HasSubstr("LibTorch does not survive it"));
  EXPECT_THAT(in_limited_child(kSmall, [] { std::abort(); }), HasSubstr("signal 6"));
  EXPECT_THAT(in_limited_child(kSmall, [] { std::_Exit(0); }), HasSubstr("does not survive"));
}

TEST(LimitedChildTest, ALoopWithoutEndEnds) {
  EXPECT_EQ(in_limited_child(kSmall,
                             [] {
                               for (volatile int turn = 0;; turn = turn + 1) {
                               }
                             }),
            "it needs more than 1 s to load and run once");
}

TEST(LimitedChildTest, MemoryIsLimited) {
#ifdef SSLBENCH_UNDER_SANITIZER
  GTEST_SKIP() << "not run: a sanitizer's memory is not limited";
#endif
  EXPECT_EQ(in_limited_child(kSmall,
                             [] {
                               volatile char* large = new char[size_t{1} << 30];
                               large[0] = 1;
                             }),
            "it needs more memory than a model of its size may");
}

TEST(LimitedChildTest, NoByteGetsIntoAFileOrOntoTheTerminal) {
  const ScratchFolder folder;
  testing::internal::CaptureStdout();
  EXPECT_THAT(in_limited_child(kSmall,
                               [&] {
                                 std::puts("hello");
                                 std::fflush(stdout);
                                 ::signal(SIGXFSZ, SIG_IGN);
                                 std::ofstream out(folder.path() / "written");
                                 out << "text" << std::flush;
                                 if (!out) throw UserError("no room");
                               }),
              HasSubstr("no room"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(std::filesystem::file_size(folder.path() / "written"), 0u);
}

}  // namespace
}  // namespace sslbench
