// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// A number as it lies in memory: little-endian on every machine that this is built for, as these formats want it.
template <class Number>
void append_number(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace sslbench
