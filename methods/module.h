// SPDX-License-Identifier: Apache-2.0
// Module: parameters, buffers and children by name, and nothing else. All state of a method is reachable from one walk,
// with the names and the order of torchvision and timm.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace sslbench {

using at::Tensor;
using NamedTensor = std::pair<std::string, Tensor>;

// What the randomness inside a network (drop path) is keyed by in one training step.
struct StepKey {
  uint64_t seed = 0;
  int64_t epoch = 0;
  std::vector<int64_t> samples;  // dataset index of every image of the batch
};

class Module {
 public:
  Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  virtual ~Module() = default;

  // Own ones first, then each child's in order of registration; names joined by dots ("layer1.0.conv1.weight").
  std::vector<NamedTensor> parameters() const;
  std::vector<NamedTensor> buffers() const;
  // Parameters, then buffers: everything that a checkpoint must hold.
  std::vector<NamedTensor> state() const;
  // The same names in the order of torch's state_dict: parameters, then buffers of a module, then its children's.
  std::vector<NamedTensor> state_dict() const;
  // What a network computes once and never learns (tables of positions; torch: buffers that are not persistent). They
  // move with place(), and are no state.
  std::vector<NamedTensor> constants() const;
  // Parameters that a gradient reaches (teachers register theirs without).
  std::vector<NamedTensor> trainable() const;

  // Switches batch-norm statistics (and other train-only behaviour) on or off, children included.
  void train(bool on);
  bool training() const { return training_; }
  // Calls `visitor` with this module, then with everything below it.
  void visit(const std::function<void(Module&)>& visitor);
  // Called before every training step, children included.
  void begin_step(const StepKey& key);
  // Excludes all parameters from gradients: a teacher, or a frozen backbone.
  void freeze();
  // Moves everything but host buffers to `device`, with 4-d parameters in channels-last layout.
  void place(at::Device device);

 protected:
  Tensor add_parameter(std::string name, Tensor value);
  Tensor add_buffer(std::string name, Tensor value);
  // A buffer that stays on the CPU wherever the module is placed: what decides there which operations a step calls.
  Tensor add_host_buffer(std::string name, Tensor value);
  Tensor add_constant(std::string name, Tensor value);
  // An empty name: the child's names get no prefix.
  void add_child(std::string name, Module& child);
  virtual void on_step(const StepKey&) {}

 private:
  enum class Kind { parameter, buffer, both, constant };
  void collect(Kind kind, const std::string& prefix, std::vector<NamedTensor>& out) const;

  std::vector<NamedTensor> parameters_, buffers_, constants_;
  std::vector<std::string> host_buffers_;
  std::vector<std::pair<std::string, Module*>> children_;
  bool training_ = true;
};

// Copies every tensor of `from` into the one of the same place in `to` and returns "", or copies nothing and returns
// the first difference in count, name or shape.
std::string copy_tensors(const std::vector<NamedTensor>& from, const std::vector<NamedTensor>& to);

}  // namespace sslbench
