// SPDX-License-Identifier: Apache-2.0
// verify as people start it.
#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

class VerifyCommandTest : public TrackedCommand {};

TEST_F(VerifyCommandTest, VerifyNamesWhatIsDamagedOrMissing) {
  const std::string now = results("now", {});
  CliProcess good({"verify", now});
  EXPECT_EQ(good.code(), 0) << good.output();
  EXPECT_THAT(good.output(), HasSubstr("6 of 6 runs are final and readable"));
  std::filesystem::remove(path("now/runs/byol-s1-0123456789ab.h5"));
  CliProcess missing({"verify", now});
  EXPECT_EQ(missing.code(), 4);
  write_atomically(path("now/runs/byol-s0-0123456789ab.h5"), "no HDF5");
  CliProcess damaged({"verify", now, "--json"});
  EXPECT_EQ(damaged.code(), 2);
  EXPECT_THAT(damaged.output(), AllOf(HasSubstr("sslbench.verify/1"), HasSubstr("byol-s0-0123456789ab.h5")));
}

}  // namespace
}  // namespace sslbench
