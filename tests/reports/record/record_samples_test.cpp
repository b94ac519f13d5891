// SPDX-License-Identifier: Apache-2.0
#include "reports/record/record_samples.h"

#include <gmock/gmock.h>

#include "reports/record/record_store.h"
#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

// Someone else's record decides neither how much memory a report takes nor how wide its pictures are.
TEST(RecordSamplesTest, PicturesBeyondTheLimitsAreRefused) {
  const ScratchFolder folder;
  const auto refusal = [&](const Sample& sample) -> std::string {
    Record record = sample_record();
    record.stages[2].samples = {sample};
    write_record(record, folder.path() / "run.h5");
    try {
      read_record(folder.path() / "run.h5");
    } catch (const std::exception& error) {
      return error.what();
    }
    return "read";
  };
  Sample good = sample_picture(4, 4, 0), wide = sample_picture(2, 300, 0), crowded = good, beside = good;
  EXPECT_EQ(refusal(good), "read");
  EXPECT_THAT(refusal(wide), testing::HasSubstr("not a colour picture of at most 256 px"));
  crowded.beside.assign(20, good);
  EXPECT_THAT(refusal(crowded), testing::HasSubstr("labels does not fit its pictures"));
  beside.beside = {sample_picture(257, 2, 0)};
  EXPECT_THAT(refusal(beside), testing::HasSubstr("beside/0 is not a colour picture of at most 256 px"));
}

}  // namespace
}  // namespace sslbench
