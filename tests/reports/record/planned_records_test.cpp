// SPDX-License-Identifier: Apache-2.0
#include "reports/record/planned_records.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::filesystem::path& folder) {
  try {
    read_results_plan(folder);
  } catch (const UserError& error) {
    return error.what();
  }
  return "read";
}

TEST(PlannedRecordsTest, APlanThatIsNoFileIsRefusedWithoutWaiting) {
  const ScratchFolder folder;
  const std::filesystem::path plan = folder.path() / "plan.json";
  EXPECT_THAT(refusal(folder.path()), HasSubstr("is not a results folder"));
  ASSERT_EQ(::mkfifo(plan.c_str(), 0644), 0);
  EXPECT_THAT(refusal(folder.path()), HasSubstr("plan.json: cannot be read: it is no regular file"));
  std::filesystem::remove(plan);
  std::filesystem::create_symlink("/dev/zero", plan);
  EXPECT_THAT(refusal(folder.path()), HasSubstr("plan.json: cannot be read: it is no regular file"));
}

}  // namespace
}  // namespace sslbench
