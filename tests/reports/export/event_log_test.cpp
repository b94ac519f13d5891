// SPDX-License-Identifier: Apache-2.0
#include "reports/export/event_log.h"

#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;

class EventLogTest : public testing::Test {
 protected:
  std::vector<EventScalar> held() const { return read_event_file(read_file(file_)).scalars; }

  ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / kEventFile;
};

// CRCs as TensorBoard's reader checks them.
TEST_F(EventLogTest, AFileBeginsWithItsVersion) {
  const std::string event(
      "\x09\0\0\0\0\0\0\0\0\x1a\x0d"
      "brain.Event:2",
      24);
  const std::string start = event_file_start();
  EXPECT_EQ(start.substr(0, 8), std::string("\x18\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(start.substr(8, 4), "\xa3\x7f\x4b\x22");
  EXPECT_EQ(start.substr(12, 24), event);
  EXPECT_EQ(start.size(), 40u);
}

TEST_F(EventLogTest, AFileCutAtAnyByteHoldsWholeEventsAndGoesOn) {
  EventLog(file_).append({{"a", 0, 1}, {"a", 10, 0.5}}, 1);
  const std::string whole = read_file(file_);
  for (size_t length = 0; length < whole.size(); ++length) {
    write_unsynced(file_, whole.substr(0, length));
    EventLog(file_).append({{"a", 0, 1}, {"a", 10, 0.5}}, 1);
    ASSERT_EQ(read_file(file_), whole) << length;
  }
}

TEST_F(EventLogTest, WhatTheFileHoldsIsNotWrittenAgain) {
  EXPECT_EQ(EventLog(file_).append({{"a", 0, 1}, {"a", 10, 0.5}}, 1), 2u);
  EventLog log(file_);
  EXPECT_EQ(log.append({{"a", 0, 1}, {"a", 10, 0.5}, {"a", 20, 0.25}, {"b", 0, 7}}, 2), 2u);
  EXPECT_EQ(log.append({{"a", 20, 0.25}}, 3), 0u);
  EXPECT_THAT(held(), ElementsAre(FieldsAre("a", 0, 1), FieldsAre("a", 10, 0.5), FieldsAre("a", 20, 0.25),
                                  FieldsAre("b", 0, 7)));
}

TEST_F(EventLogTest, AnotherFileIsLeftAlone) {
  write_unsynced(file_, "not ours");
  EXPECT_THROW(EventLog{file_}, UserError);
  EXPECT_EQ(read_file(file_), "not ours");
}

TEST(EventFileTest, ARecordsScalarsAreItsCurvesThenItsMeasurementsAtTheLastStep) {
  const Record record = sample_record();
  const auto curves = curve_scalars(record), measurements = measurement_scalars(record);
  EXPECT_EQ(curves.size(), 50u);
  EXPECT_THAT(curves.back(), FieldsAre("pretrain/loss", 490, 5.0 / 50));
  ASSERT_EQ(measurements.size(), 4u);
  EXPECT_THAT(measurements[1], FieldsAre("linear_probe/test/top1", 490, 0.5));
}

}  // namespace
}  // namespace sslbench
