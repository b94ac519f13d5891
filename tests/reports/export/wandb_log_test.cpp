// SPDX-License-Identifier: Apache-2.0
#include "reports/export/wandb_log.h"

#include <gtest/gtest.h>

#include "tests/reports/export/wandb_records.h"

namespace sslbench {
namespace {

constexpr size_t kFileHead = 7, kPartHead = 7;

// As Python's zlib.crc32(b"\x01abc") has it.
TEST(WandbLogTest, AShortRecordIsOnePartWithItsChecksum) {
  WandbLog log;
  EXPECT_EQ(log.bytes(), std::string(":W&B\xe1\xbe\0", kFileHead));
  log.add("abc");
  EXPECT_EQ(log.bytes().substr(kFileHead), std::string("\xa9\x20\x9d\x53\x03\0\x01", 7) + "abc");
}

TEST(WandbLogTest, ARecordBeyondABlockIsCutThere) {
  WandbLog log;
  const std::string record(2 * kWandbBlock + 100, 'x');
  log.add("before");
  log.add(record);
  log.add("behind");
  EXPECT_EQ(log.bytes()[kWandbBlock + 6], 3) << "a middle part begins with the block";
  EXPECT_EQ(log.bytes()[2 * kWandbBlock + 6], 4) << "so does the last one";
  EXPECT_EQ(wandb_records(log.bytes()), (std::vector<std::string>{"before", record, "behind"}));
}

TEST(WandbLogTest, WhatNoHeadFitsIntoIsFilledWithZeros) {
  for (size_t left = 0; left <= kPartHead + 1; ++left) {
    WandbLog log;
    const std::string first(kWandbBlock - kFileHead - kPartHead - left, 'x');
    log.add(first);
    ASSERT_EQ(log.bytes().size(), kWandbBlock - left);
    log.add("second");
    if (left > 0 && left < kPartHead) {
      EXPECT_EQ(log.bytes().substr(kWandbBlock - left, left), std::string(left, '\0'));
      EXPECT_EQ(log.bytes()[kWandbBlock + 6], 1) << "whole, in the next block";
    }
    EXPECT_EQ(wandb_records(log.bytes()), (std::vector<std::string>{first, "second"})) << left;
  }
}

}  // namespace
}  // namespace sslbench
