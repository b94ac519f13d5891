// SPDX-License-Identifier: Apache-2.0
#include "suites/training/gradient_sum.h"

#include <map>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// Which parameters have a gradient on some rank. What is there is known on the host, so this waits for no GPU.
Tensor present(const std::vector<Tensor>& parameters, Ranks& group) {
  const Tensor out = at::zeros({static_cast<int64_t>(parameters.size())}, at::kByte);
  for (size_t i = 0; i < parameters.size(); ++i)
    out.mutable_data_ptr<uint8_t>()[i] = parameters[i].grad().defined() ? 1 : 0;
  group.max(out);
  return out;
}

Tensor flattened(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> parts;
  for (const Tensor& parameter : parameters) {
    const Tensor& gradient = parameter.grad();
    parts.push_back(gradient.defined() ? gradient.reshape(-1) : at::zeros({parameter.numel()}, parameter.options()));
  }
  return at::cat(parts);
}

}  // namespace

GradientSum::GradientSum(const std::vector<NamedTensor>& parameters) {
  std::map<at::ScalarType, std::vector<Tensor>> by_type;
  for (const auto& [name, parameter] : parameters) by_type[parameter.scalar_type()].push_back(parameter);
  for (auto& [type, those] : by_type) by_type_.push_back(std::move(those));
}

void GradientSum::sum(Ranks& group) const {
  const at::NoGradGuard no_grad;
  for (const std::vector<Tensor>& parameters : by_type_) {
    const Tensor there = present(parameters, group), flat = flattened(parameters);
    group.sum(flat);
    int64_t at = 0;
    for (size_t i = 0; i < parameters.size(); ++i) {
      const Tensor total = flat.narrow(0, at, parameters[i].numel()).view(parameters[i].sizes());
      at += parameters[i].numel();
      if (there.const_data_ptr<uint8_t>()[i] == 0) continue;
      if (parameters[i].grad().defined())
        parameters[i].grad().copy_(total);
      else
        parameters[i].mutable_grad() = total.clone();
    }
  }
}

}  // namespace sslbench
