// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sslbench {

// What the JSON library says, without its own error number ("[json.exception.parse_error.101] ").
inline std::string json_mistake(const nlohmann::json::exception& error) {
  const std::string text = error.what();
  const size_t number = text.find("] ");
  return number == std::string::npos ? text : text.substr(number + 2);
}

}  // namespace sslbench
