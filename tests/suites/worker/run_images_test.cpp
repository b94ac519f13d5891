// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_images.h"

#include <gtest/gtest.h>

#include "suites/files/file_in_place.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using Images = std::map<int64_t, std::string>;

TEST(SkipLogTest, ALineThatAKillCutShortHidesNoOther) {
  const ScratchFolder folder;
  for (const char* torn : {"1", "12", "12\t", "12\tcut o"}) {
    const auto log = folder.write("skipped", std::string("7\tno picture\n") + torn);
    EXPECT_EQ(read_skip_log(log), (Images{{7, "no picture"}})) << torn;
    append_in_place(log, "12\tcut off\n");
    append_in_place(log, "30\tempty\n");
    EXPECT_EQ(read_skip_log(log), (Images{{7, "no picture"}, {12, "cut off"}, {30, "empty"}})) << torn;
  }
}

}  // namespace
}  // namespace sslbench
