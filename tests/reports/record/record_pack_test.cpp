// SPDX-License-Identifier: Apache-2.0
#include "reports/record/record_pack.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "reports/record/record_store.h"
#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

Record full_record() {
  Record record = sample_record();
  record.failure = "two\nlines and é";
  record.effective["limit"] = -1.5;
  record.stages[0].curves["odd/name%"] = {{1}, {std::numeric_limits<double>::infinity()}};
  record.stages[0].curves["empty"] = {};
  record.stages[0].replicates["empty"] = {};
  record.stages[2].samples[0].label = 1;
  record.stages[2].samples[0].beside.push_back(sample_picture(5, 4, 9));
  return record;
}

TEST(RecordPackTest, EveryPartArrives) {
  const Record record = full_record();
  EXPECT_TRUE(record_bytes(unpack_record(pack_record(record), "run.h5")) == record_bytes(record));
}

TEST(RecordPackTest, BytesThatEndEarlyOrLateAreRefused) {
  const std::string bytes = pack_record(full_record());
  for (size_t length = 0; length < bytes.size(); length += 1 + length / 100) {
    EXPECT_THROW(unpack_record(std::string_view(bytes).substr(0, length), "run.h5"), UserError) << length;
  }
  EXPECT_THROW(unpack_record(bytes + "x", "run.h5"), UserError);
}

// Whatever a process that came to harm sends costs neither memory nor this process.
TEST(RecordPackTest, ALengthBeyondTheBytesIsRefused) {
  const std::string bytes = pack_record(full_record());
  for (size_t at = 0; at + 8 < bytes.size(); at += 7) {
    std::string changed = bytes;
    changed.replace(at, 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 8);
    try {
      unpack_record(changed, "run.h5");  // a text or a number may be anything
    } catch (const UserError&) {
    }
  }
}

// Drawing indexes by these sizes.
TEST(RecordPackTest, PartsThatDoNotFitEachOtherAreRefused) {
  const auto refused = [](const std::function<void(StageRecord&)>& change) {
    Record record = full_record();
    change(record.stages[2]);
    EXPECT_THROW(unpack_record(pack_record(record), "run.h5"), UserError);
  };
  refused([](StageRecord& stage) { stage.samples[0].truth_mask.pop_back(); });
  refused([](StageRecord& stage) { stage.samples[1].image.push_back(0); });
  refused([](StageRecord& stage) { stage.samples[0].beside[0].height = 0; });
  refused([](StageRecord& stage) { stage.curves["loss"] = {{1, 2}, {0.5}}; });
}

}  // namespace
}  // namespace sslbench
