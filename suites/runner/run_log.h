// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace sslbench {

// OUT/run.log: when the front end started, ended and judged each worker. Losing a line (disk full) loses no result.
class RunLog {
 public:
  explicit RunLog(const std::filesystem::path& file);
  void info(const std::string& line);
  void error(const std::string& line);

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace sslbench
