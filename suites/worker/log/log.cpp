// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/log/log.h"

#include <spdlog/spdlog.h>

namespace sslbench {

void log_info(const std::string& line) { spdlog::info(line); }
void log_error(const std::string& line) { spdlog::error(line); }

}  // namespace sslbench
