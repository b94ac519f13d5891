// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// "" when `name` may name a row, a suite or a data set (1 to 40 of A-Z a-z 0-9 . _ -, not starting with '.' or '-'),
// else the reason.
std::string why_not_a_name(const std::string& name);

}  // namespace sslbench
