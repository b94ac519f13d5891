// SPDX-License-Identifier: Apache-2.0
#include "methods/module.h"

#include "suites/spec/error.h"

namespace sslbench {

void Module::collect(Kind kind, const std::string& prefix, std::vector<NamedTensor>& out) const {
  for (const auto& [name, tensor] : kind == Kind::parameter ? parameters_ : buffers_) {
    out.emplace_back(prefix + name, tensor);
  }
  for (const auto& [name, child] : children_) child->collect(kind, prefix + name + ".", out);
}

std::vector<NamedTensor> Module::parameters() const {
  std::vector<NamedTensor> out;
  collect(Kind::parameter, "", out);
  return out;
}

std::vector<NamedTensor> Module::buffers() const {
  std::vector<NamedTensor> out;
  collect(Kind::buffer, "", out);
  return out;
}

std::vector<NamedTensor> Module::state() const {
  std::vector<NamedTensor> out = parameters();
  collect(Kind::buffer, "", out);
  return out;
}

std::vector<Tensor> Module::trainable() const {
  std::vector<Tensor> out;
  for (const auto& [name, tensor] : parameters()) {
    if (tensor.requires_grad()) out.push_back(tensor);
  }
  return out;
}

void Module::train(bool on) {
  training_ = on;
  for (const auto& [name, child] : children_) child->train(on);
}

void Module::freeze() {
  for (auto& [name, tensor] : parameters()) tensor.set_requires_grad(false);
}

void Module::copy_state(const Module& from) {
  const at::NoGradGuard no_grad;
  const auto source = from.state();
  const auto target = state();
  require(source.size() == target.size(), "copy_state between different modules");
  for (size_t i = 0; i < target.size(); ++i) {
    require(source[i].first == target[i].first && source[i].second.sizes() == target[i].second.sizes(),
            "copy_state: '" + source[i].first + "' does not fit '" + target[i].first + "'");
    target[i].second.copy_(source[i].second);
  }
}

void Module::place(at::Device device) {
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : state()) {
    const auto layout = tensor.dim() == 4 ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
    // set_data keeps the identity of the tensor, so the handles inside the layers follow.
    tensor.set_data(tensor.to(device).contiguous(layout));
  }
}

Tensor Module::add_parameter(std::string name, Tensor value) {
  value.set_requires_grad(true);
  parameters_.emplace_back(std::move(name), value);
  return value;
}

Tensor Module::add_buffer(std::string name, Tensor value) {
  buffers_.emplace_back(std::move(name), value);
  return value;
}

void Module::add_child(std::string name, Module& child) { children_.emplace_back(std::move(name), &child); }

}  // namespace sslbench
