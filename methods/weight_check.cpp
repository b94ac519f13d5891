// SPDX-License-Identifier: Apache-2.0
#include "methods/weight_check.h"

#include <cstdio>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// "[0, 2]" of element `flat` of a contiguous tensor; "" of a scalar.
std::string place_of(int64_t flat, at::IntArrayRef sizes) {
  std::string out;
  for (size_t d = sizes.size(); d-- > 0; flat /= sizes[d]) {
    out.insert(0, std::to_string(flat % sizes[d]) + (out.empty() ? "" : ", "));
  }
  return out.empty() ? "" : "[" + out + "]";
}

}  // namespace

std::string unusable_weight(const std::vector<NamedTensor>& tensors) {
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : tensors) {
    if (!tensor.is_floating_point() || tensor.numel() == 0) continue;
    Tensor bad = tensor.isfinite().logical_not();
    if (name.ends_with("running_var")) bad = bad.logical_or(tensor.lt(0));
    if (!bad.any().item<bool>()) continue;
    const auto first = bad.flatten().to(at::kByte).argmax().item<int64_t>();
    char value[32];
    std::snprintf(value, sizeof value, "%g", tensor.flatten()[first].to(at::kDouble).item<double>());
    return name + place_of(first, tensor.sizes()) + " is " + value;
  }
  return "";
}

}  // namespace sslbench
