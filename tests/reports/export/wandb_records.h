// SPDX-License-Identifier: Apache-2.0
// A W&B file read part by part, as wandb/sdk/internal/datastore.py (wandb/wandb) reads it.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "reports/export/wandb_log.h"

namespace sslbench {

inline std::vector<std::string> wandb_records(const std::string& file) {
  constexpr size_t kHead = 7;
  std::vector<std::string> out;
  std::string record;
  for (size_t at = kHead; at + kHead <= file.size();) {
    const size_t left = kWandbBlock - at % kWandbBlock;
    if (left < kHead) {
      at += left;
      continue;
    }
    uint32_t crc = 0;
    uint16_t length = 0;
    std::memcpy(&crc, file.data() + at, sizeof crc);
    std::memcpy(&length, file.data() + at + sizeof crc, sizeof length);
    const std::string checked = file.substr(at + kHead - 1, size_t{1} + length);
    EXPECT_LE(kHead + length, left) << "a part lies in one block";
    EXPECT_EQ(::crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size())), crc);
    record = (checked[0] == 1 || checked[0] == 2 ? "" : record) + checked.substr(1);
    if (checked[0] == 1 || checked[0] == 4) out.push_back(record);
    at += kHead + length;
  }
  return out;
}

}  // namespace sslbench
