// SPDX-License-Identifier: Apache-2.0
// A record with a hundred thousand measurements: work grows with their number, not with its square.
#include <sys/resource.h>

#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

constexpr int kMeasurements = 100'000;
constexpr rlim_t kMostSeconds = 60;  // of processor time; what grows with the square took several minutes

class LargeRecordTest : public TrackedCommand {
 protected:
  LargeRecordTest() {
    TrackedResults content;
    content.rows = {"byol"}, content.seeds = 1;
    content.write(path("now"));
    Record record = content.record("byol", 0, 0);
    std::vector<Measurement>& of_probe = record.stages[1].measurements;
    for (int i = 1; i < kMeasurements; ++i) {
      of_probe.push_back(of_probe[0]);
      of_probe.back().metric = "m" + std::to_string(i);
    }
    write_record(record, path("now/runs/byol-s0-0123456789ab.h5"));
  }

  int code_within_limits(const std::vector<std::string>& words) const {
    rlimit before{};
    ::getrlimit(RLIMIT_CPU, &before);
    const rlimit limit{kMostSeconds, before.rlim_max};
    ::setrlimit(RLIMIT_CPU, &limit);
    CliProcess process(words);
    ::setrlimit(RLIMIT_CPU, &before);
    return process.code();
  }
};

TEST_F(LargeRecordTest, EveryCommandThatReadsItEnds) {
  const std::string now = path("now").string();
  EXPECT_EQ(code_within_limits({"report", now}), 0);
  EXPECT_EQ(code_within_limits({"verify", now}), 0);
  EXPECT_EQ(code_within_limits({"export", now, "--to", "csv"}), 0);
  EXPECT_EQ(code_within_limits({"export", now, "--to", "json"}), 0);
  EXPECT_EQ(code_within_limits({"compare", now, now}), 0);
}

}  // namespace
}  // namespace sslbench
