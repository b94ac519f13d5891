// SPDX-License-Identifier: Apache-2.0
// Reads one safetensors golden (tests/golden): settings, tolerances and tensors; needs no LibTorch.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "suites/spec/atomic_file.h"

namespace sslbench {

class GoldenFile {
 public:
  explicit GoldenFile(const std::filesystem::path& file) : bytes_(read_file(file)) {
    uint64_t length = 0;
    if (bytes_.size() < sizeof length) throw std::runtime_error(file.string() + ": too short");
    std::memcpy(&length, bytes_.data(), sizeof length);
    if (length > bytes_.size() - sizeof length) throw std::runtime_error(file.string() + ": header length");
    header_ = nlohmann::json::parse(bytes_.substr(sizeof length, length));
    data_ = sizeof length + length;
  }

  nlohmann::json settings() const { return nlohmann::json::parse(metadata("settings")); }
  double rtol() const { return std::stod(metadata("rtol")); }
  double atol() const { return std::stod(metadata("atol")); }
  bool has_metadata(const std::string& key) const {
    return header_.contains("__metadata__") && header_.at("__metadata__").contains(key);
  }
  std::string metadata(const std::string& key) const { return header_.at("__metadata__").at(key); }

  // Names of all tensors.
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& item : header_.items()) {
      if (item.key() != "__metadata__") out.push_back(item.key());
    }
    return out;
  }
  bool has(const std::string& name) const { return header_.contains(name); }
  std::vector<int64_t> shape(const std::string& name) const { return header_.at(name).at("shape"); }
  std::string type(const std::string& name) const { return header_.at(name).at("dtype"); }
  std::string_view bytes(const std::string& name) const {
    const uint64_t begin = header_.at(name).at("data_offsets").at(0), end = header_.at(name).at("data_offsets").at(1);
    if (begin > end || end > bytes_.size() - data_) throw std::runtime_error(name + " lies outside the file");
    return std::string_view(bytes_).substr(data_ + begin, end - begin);
  }
  // Values of a tensor, row-major; `Value` must be its stored type (float, int64_t, uint8_t).
  template <class Value>
  std::vector<Value> values(const std::string& name) const {
    const std::string_view from = bytes(name);
    std::vector<Value> out(from.size() / sizeof(Value));
    std::memcpy(out.data(), from.data(), from.size());
    return out;
  }
  double scalar(const std::string& name) const { return static_cast<double>(values<float>(name).at(0)); }

 private:
  std::string bytes_;
  nlohmann::json header_;
  size_t data_ = 0;
};

}  // namespace sslbench
