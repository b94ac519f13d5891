// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/results_place.h"

#include <gmock/gmock.h>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ResultsPlaceTest, ChecksumsOfAnyLengthAreNotRead) {
  const ScratchFolder scratch;
  const std::filesystem::path file = scratch.write(kChecksums, "");
  std::filesystem::resize_file(file, uintmax_t{65} << 20);
  EXPECT_THAT(checksum_mistakes(scratch.path()),
              ElementsAre(HasSubstr("SHA256SUMS: cannot be read: it is larger than such a file can be")));
}

}  // namespace
}  // namespace sslbench
