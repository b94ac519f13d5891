// SPDX-License-Identifier: Apache-2.0
#include "reports/record_pack.h"

#include <gtest/gtest.h>

#include <limits>

#include "reports/record_store.h"
#include "suites/spec/error.h"
#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

Record full_record() {
  Record record = sample_record();
  record.failure = "two\nlines and é";
  record.effective["limit"] = -1.5;
  record.stages[0].curves["odd/name%"] = {{1}, {std::numeric_limits<double>::infinity()}};
  record.stages[2].samples[0].label = 1;
  record.stages[2].samples[0].beside.push_back(sample_picture(5, 4, 9));
  return record;
}

TEST(RecordPackTest, EveryPartArrives) {
  const Record record = full_record();
  EXPECT_TRUE(record_bytes(unpack_record(pack_record(record))) == record_bytes(record));
}

TEST(RecordPackTest, BytesThatEndEarlyOrLateAreRefused) {
  const std::string bytes = pack_record(full_record());
  for (size_t length = 0; length < bytes.size(); length += 1 + length / 100) {
    EXPECT_THROW(unpack_record(std::string_view(bytes).substr(0, length)), UserError) << length;
  }
  EXPECT_THROW(unpack_record(bytes + "x"), UserError);
}

// Whatever a process that came to harm sends costs neither memory nor this process.
TEST(RecordPackTest, ALengthBeyondTheBytesIsRefused) {
  const std::string bytes = pack_record(full_record());
  for (size_t at = 0; at + 8 < bytes.size(); at += 7) {
    std::string changed = bytes;
    changed.replace(at, 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 8);
    try {
      unpack_record(changed);  // a text or a number may be anything
    } catch (const UserError&) {
    }
  }
}

}  // namespace
}  // namespace sslbench
