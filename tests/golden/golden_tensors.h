// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "suites/tensors/aten.h"
#include "tests/golden/golden_file.h"

namespace sslbench {

// All tensors of a golden file by name ("in.z1", "out.loss", "grad.z1").
inline std::map<std::string, at::Tensor> golden_tensors(const GoldenFile& file) {
  static const std::map<std::string, at::ScalarType> types = {
      {"F32", at::kFloat}, {"F64", at::kDouble}, {"I64", at::kLong}, {"U8", at::kByte}, {"BOOL", at::kBool}};
  std::map<std::string, at::Tensor> out;
  for (const StoredTensor& stored : file.tensors()) {
    at::Tensor tensor = at::empty(stored.shape, types.at(stored.dtype));
    if (!stored.bytes.empty()) std::memcpy(tensor.mutable_data_ptr(), stored.bytes.data(), stored.bytes.size());
    out.emplace(stored.name, tensor);
  }
  return out;
}

}  // namespace sslbench
