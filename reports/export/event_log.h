// SPDX-License-Identifier: Apache-2.0
// An event file of TensorBoard that grows. Whatever happens, it holds whole records, and at most a torn one behind
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "reports/export/event_file.h"

namespace sslbench {

class EventLog {
 public:
  // Goes on with `file`, whose torn tail is cut, or begins it. UserError when it is another file; RunFailure(storage).
  explicit EventLog(std::filesystem::path file);
  ~EventLog();
  EventLog(EventLog&& other) noexcept;
  EventLog& operator=(EventLog&&) = delete;

  // Adds those that come after the last step of their tag, in one write; returns how many. RunFailure(storage).
  size_t append(const std::vector<EventScalar>& scalars, double wall_time);

 private:
  void write(const std::string& records);

  std::filesystem::path file_;
  int fd_ = -1;
  std::map<std::string, int64_t> last_;  // step by tag
};

}  // namespace sslbench
