// SPDX-License-Identifier: Apache-2.0
// The file of a W&B run (wandb/wandb, wandb/sdk/internal/datastore.py): 7 bytes of head, then records as LevelDB's log
// keeps them (google/leveldb, doc/log_format.md), here with zlib's CRC-32 over type and data.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sslbench {

inline constexpr size_t kWandbBlock = 32768;  // bytes; a record that goes beyond one is cut into parts

class WandbLog {
 public:
  WandbLog();
  void add(std::string_view record);
  const std::string& bytes() const { return bytes_; }

 private:
  void add_part(char type, std::string_view data);

  std::string bytes_;
};

}  // namespace sslbench
