// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// `text` as one word of a shell script, whatever stands in it.
inline std::string shell_word(const std::string& text) {
  std::string out = "'";
  for (const char each : text) out += each == '\'' ? std::string(R"('\'')") : std::string(1, each);
  return out + "'";
}

}  // namespace sslbench
