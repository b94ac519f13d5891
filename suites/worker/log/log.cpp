// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/log/log.h"

#include <spdlog/spdlog.h>

#include "suites/ground/printable.h"

namespace sslbench {
namespace {

std::string shown(const std::string& line) { return printable_lines(line, {.within_line = true}); }

}  // namespace

void log_info(const std::string& line) { spdlog::info(shown(line)); }
void log_error(const std::string& line) { spdlog::error(shown(line)); }

}  // namespace sslbench
