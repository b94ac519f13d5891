// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace sslbench {

// "512 B", "1.5 MB", "3.2 GB" (powers of 1000).
std::string bytes_text(int64_t bytes);

// `value` with that many decimals.
std::string fixed_text(double value, int decimals);

}  // namespace sslbench
