// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/run_log.h"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <unistd.h>

#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"

namespace sslbench {

RunLog::RunLog(const std::filesystem::path& file) {
  try {
    const int fd = open_in_place(file, O_WRONLY | O_APPEND);
    // Through the descriptor, so that the very file is opened that was looked at.
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_st>("/proc/self/fd/" + std::to_string(fd));
    ::close(fd);
    logger_ = std::make_shared<spdlog::logger>("run", sink);
    logger_->set_error_handler([](const std::string&) {});
    logger_->flush_on(spdlog::level::info);
  } catch (const RunFailure&) {
  } catch (const spdlog::spdlog_ex&) {  // no log on a full disk; the runs say what failed
  }
}

void RunLog::info(const std::string& line) {
  if (logger_) logger_->log(spdlog::level::info, "{}", line);
}

void RunLog::error(const std::string& line) {
  if (logger_) logger_->log(spdlog::level::err, "{}", line);
}

}  // namespace sslbench
