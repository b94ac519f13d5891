// SPDX-License-Identifier: Apache-2.0
// The worker's log. A library of its own: LibTorch's headers bring a fmt that spdlog does not work with.
#pragma once

#include <string>

namespace sslbench {

// Of a line that holds another's text, what is hidden is escaped.
void log_info(const std::string& line);
void log_error(const std::string& line);

}  // namespace sslbench
