// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "methods/module.h"
#include "suites/tensors/aten.h"
#include "tests/suites/files/torch_file/torch_writer.h"

namespace sslbench {

// The bytes of a file of torch.save that holds {"state_dict": {name: tensor}}; strides are kept. float32 and int64.
inline std::string torch_file_of(const std::vector<NamedTensor>& tensors, const std::string& around = "state_dict") {
  std::vector<std::pair<std::string, std::string>> items, storages;
  for (const auto& [name, tensor] : tensors) {
    const std::string key = std::to_string(storages.size());
    const bool whole = tensor.scalar_type() == at::kLong;
    items.emplace_back(name, p_tensor({key, tensor.numel(), tensor.sizes().vec(), tensor.strides().vec(), 0,
                                       whole ? "LongStorage" : "FloatStorage"}));
    storages.emplace_back(key, std::string(static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()));
  }
  const std::string dict = p_dict(items);
  return zip_of(torch_content(pickled(around.empty() ? dict : p_dict({{around, dict}})), storages));
}

inline std::vector<NamedTensor> with_prefix(const std::string& prefix, std::vector<NamedTensor> tensors) {
  for (auto& [name, tensor] : tensors) name = prefix + name;
  return tensors;
}

inline std::vector<NamedTensor> operator+(std::vector<NamedTensor> a, const std::vector<NamedTensor>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace sslbench
