// SPDX-License-Identifier: Apache-2.0
#include "reports/record/weights_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::filesystem::path& file) {
  try {
    export_weights(file, file.parent_path() / "exported", false);
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::checkpoint);
    return failure.what();
  }
  return "exported";
}

TEST(WeightsFileTest, APipeIsRefusedWithoutWaiting) {
  const ScratchFolder folder;
  const std::filesystem::path pipe = folder.path() / "run.safetensors";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0644), 0);
  EXPECT_THAT(refusal(pipe), HasSubstr("run.safetensors: cannot be read: it is no regular file"));
}

TEST(WeightsFileTest, NothingIsReadOfAFileThatIsTooLarge) {
  const ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "run.safetensors";
  std::ofstream(file, std::ios::binary) << "";
  std::error_code error;
  std::filesystem::resize_file(file, uintmax_t{6} << 30, error);
  if (error) GTEST_SKIP() << "no such file can be made here: not run";
  EXPECT_THAT(refusal(file), HasSubstr("it is larger than such a file can be"));
}

}  // namespace
}  // namespace sslbench
