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

#include "suites/files/atomic_file.h"
#include "suites/files/safetensors_header.h"

namespace sslbench {

class GoldenFile {
 public:
  explicit GoldenFile(const std::filesystem::path& file)
      : bytes_(read_file(file)), stored_(parse_safetensors(bytes_)) {}
  GoldenFile(const GoldenFile&) = delete;  // stored_ points into bytes_
  GoldenFile& operator=(const GoldenFile&) = delete;

  nlohmann::json settings() const { return nlohmann::json::parse(metadata("settings")); }
  double rtol() const { return std::stod(metadata("rtol")); }
  double atol() const { return std::stod(metadata("atol")); }
  bool has_metadata(const std::string& key) const { return stored_.metadata.contains(key); }
  const std::string& metadata(const std::string& key) const { return stored_.metadata.at(key); }

  // All tensors, in the order of the file.
  const std::vector<StoredTensor>& tensors() const { return stored_.tensors; }
  bool has(const std::string& name) const { return stored_.find(name) != nullptr; }
  const std::vector<int64_t>& shape(const std::string& name) const { return at(name).shape; }
  // Values of a tensor, row-major; `Value` must be its stored type (float, int64_t, uint8_t).
  template <class Value>
  std::vector<Value> values(const std::string& name) const {
    const std::string_view from = at(name).bytes;
    std::vector<Value> out(from.size() / sizeof(Value));
    std::memcpy(out.data(), from.data(), from.size());
    return out;
  }
  double scalar(const std::string& name) const { return static_cast<double>(values<float>(name).at(0)); }

 private:
  const StoredTensor& at(const std::string& name) const {
    const StoredTensor* found = stored_.find(name);
    if (found == nullptr) throw std::out_of_range("no tensor " + name);
    return *found;
  }

  std::string bytes_;
  StoredTensors stored_;
};

}  // namespace sslbench
