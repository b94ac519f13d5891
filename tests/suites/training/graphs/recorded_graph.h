// SPDX-License-Identifier: Apache-2.0
// A stand-in for CUDA graphs on the CPU, so that captured steps can be tested without a GPU: operators are recorded
// below autograd and autocast with the tensors that they had, and a replay calls them again on the same memory. As with
// CUDA, what the host did besides is not repeated, nothing happens during a capture, and a tensor that the host made
// keeps the values it had then.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "suites/training/graphs/graph_engine.h"

namespace sslbench {

class RecordedGraphs final : public GraphEngine {
 public:
  using State = std::function<std::vector<std::pair<std::string, at::Tensor>>()>;

  // state: all that a step changes; on a GPU those that is_host() names would stay on the host.
  explicit RecordedGraphs(State state) : state_(std::move(state)) {}

  void warm_up(const std::function<void()>& work) override { work(); }
  std::unique_ptr<CapturedWork> capture(const std::function<void()>& work) override;

 private:
  State state_;
};

}  // namespace sslbench
