// SPDX-License-Identifier: Apache-2.0
#include "methods/module.h"

#include <algorithm>

#include "suites/tensors/aten.h"

namespace sslbench {

void Module::collect(Kind kind, const std::string& prefix, std::vector<NamedTensor>& out) const {
  const auto add = [&](const std::vector<NamedTensor>& own) {
    for (const auto& [name, tensor] : own) out.emplace_back(prefix + name, tensor);
  };
  if (kind == Kind::parameter || kind == Kind::both) add(parameters_);
  if (kind == Kind::buffer || kind == Kind::both) add(buffers_);
  if (kind == Kind::constant) add(constants_);
  for (const auto& [name, child] : children_) child->collect(kind, name.empty() ? prefix : prefix + name + ".", out);
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

std::vector<NamedTensor> Module::state_dict() const {
  std::vector<NamedTensor> out;
  collect(Kind::both, "", out);
  return out;
}

std::vector<NamedTensor> Module::constants() const {
  std::vector<NamedTensor> out;
  collect(Kind::constant, "", out);
  return out;
}

std::vector<NamedTensor> Module::trainable() const {
  std::vector<NamedTensor> out = parameters();
  std::erase_if(out, [](const NamedTensor& named) { return !named.second.requires_grad(); });
  return out;
}

void Module::visit(const std::function<void(Module&)>& visitor) {
  visitor(*this);
  for (const auto& [name, child] : children_) child->visit(visitor);
}

void Module::train(bool on) {
  visit([on](Module& each) { each.training_ = on; });
}

void Module::begin_step(const StepKey& key) {
  visit([&key](Module& each) { each.on_step(key); });
}

void Module::freeze() {
  for (auto& [name, tensor] : parameters()) tensor.set_requires_grad(false);
}

void Module::place(at::Device device) {
  const at::NoGradGuard no_grad;
  for (const auto* own : {&parameters_, &buffers_, &constants_}) {
    for (const auto& [name, tensor] : *own) {
      if (std::find(host_buffers_.begin(), host_buffers_.end(), name) != host_buffers_.end()) continue;
      const auto layout = tensor.dim() == 4 ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
      // set_data keeps the identity of the tensor, so the handles inside the layers follow.
      tensor.set_data(tensor.to(device).contiguous(layout));
    }
  }
  for (const auto& [name, child] : children_) child->place(device);
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

Tensor Module::add_host_buffer(std::string name, Tensor value) {
  host_buffers_.push_back(name);
  return add_buffer(std::move(name), std::move(value));
}

Tensor Module::add_constant(std::string name, Tensor value) {
  constants_.emplace_back(std::move(name), value);
  return value;
}

void Module::add_child(std::string name, Module& child) { children_.emplace_back(std::move(name), &child); }

std::string copy_tensors(const std::vector<NamedTensor>& from, const std::vector<NamedTensor>& to) {
  if (from.size() != to.size()) {
    return std::to_string(from.size()) + " tensors where " + std::to_string(to.size()) + " are expected";
  }
  for (size_t i = 0; i < to.size(); ++i) {
    if (from[i].first != to[i].first || from[i].second.sizes() != to[i].second.sizes()) {
      return "'" + from[i].first + "' does not fit '" + to[i].first + "'";
    }
  }
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < to.size(); ++i) to[i].second.copy_(from[i].second);
  return "";
}

}  // namespace sslbench
