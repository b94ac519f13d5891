// SPDX-License-Identifier: Apache-2.0
// Weights as others keep them: safetensors, or a file of torch.save. Which of both is told by the first bytes, never by
// the name. Read as untrusted: only data, within limits, nothing called.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "methods/module.h"

namespace sslbench {

// A tensor and where it lies: the keys of the dictionaries around it, then its name ("state_dict", "module.fc.bias").
struct WeightKey {
  std::vector<std::string> path;
  std::vector<int64_t> sizes;
  const void* storage = nullptr;  // equal for tensors that share memory in the file; only to compare
};

// The path with dots between: "state_dict.module.fc.bias".
std::string full_name(const std::vector<std::string>& path);

class WeightFile {
 public:
  // UserError that names the file, what is wrong with it and what to do.
  explicit WeightFile(const std::filesystem::path& file);
  ~WeightFile();

  const std::vector<WeightKey>& keys() const { return keys_; }
  // Of a safetensors file; empty else.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  // The tensors of these numbers, in their order, on the CPU; views of shared memory. Of a file of torch.save only
  // these are read.
  std::vector<Tensor> read(const std::vector<size_t>& numbers) const;

 private:
  struct Source;

  std::filesystem::path file_;
  std::unique_ptr<const Source> source_;
  std::vector<WeightKey> keys_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace sslbench
