// SPDX-License-Identifier: Apache-2.0
// Copies of safetensors cases with other settings, for tests of what reads them.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace sslbench {

// `change` gets the header: metadata, and tensors by name.
inline std::string with_changed_header(const std::string& bytes, const std::function<void(nlohmann::json&)>& change) {
  uint64_t size = 0;
  std::memcpy(&size, bytes.data(), sizeof size);
  nlohmann::json header = nlohmann::json::parse(bytes.substr(sizeof size, size));
  change(header);
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t length = text.size();
  std::string out(sizeof length, '\0');
  std::memcpy(out.data(), &length, sizeof length);
  return out + text + bytes.substr(sizeof size + size);
}

// `change` gets the settings; all else stays as it is.
inline std::string with_changed_settings(const std::string& bytes, const std::function<void(nlohmann::json&)>& change) {
  return with_changed_header(bytes, [&](nlohmann::json& header) {
    nlohmann::json settings = nlohmann::json::parse(header.at("__metadata__").at("settings").get<std::string>());
    change(settings);
    header["__metadata__"]["settings"] = settings.dump();
  });
}

}  // namespace sslbench
