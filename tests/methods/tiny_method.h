// SPDX-License-Identifier: Apache-2.0
// A registered method on a small backbone, and batches for it, for tests of what a step does to its state.
#pragma once

#include "datasets/batches/aten.h"
#include "methods/method.h"

namespace sslbench {

// The method with its tiny settings, changed by `own`, on a ResNet-18 of width 8, which sees 32 px as one cell.
inline std::unique_ptr<Method> tiny_method(const std::string& name,
                                           const nlohmann::json& own = nlohmann::json::object(),
                                           int64_t examples = 64) {
  const MethodEntry& entry = Registry<MethodEntry>::find(name);
  nlohmann::json settings = entry.tiny;
  settings.update(own);
  MethodInput input{10, examples, 32};
  input.views = entry.views;
  auto method = make_method(name, settings, {"resnet18", {{"width", 8}}}, input, 0);
  method->place(at::kCPU);
  return method;
}

// `views` smooth views of `images` images, samples first, first + 1, ...
inline TrainBatch tiny_batch(int64_t views, int64_t images, int64_t first = 0, int64_t epoch = 0) {
  TrainBatch out;
  for (int64_t v = 0; v < views; ++v) {
    out.views.push_back((at::arange(images * 3 * 32 * 32, at::kFloat) * (0.37 + 0.05 * static_cast<double>(v)) +
                         static_cast<double>(first))
                            .sin()
                            .view({images, 3, 32, 32}));
    out.crops.push_back(at::tensor(std::vector<float>{0, 0, 1, 1}).expand({images, 4}).contiguous());
  }
  out.labels_N = at::zeros({images}, at::kLong);
  for (int64_t i = 0; i < images; ++i) out.samples.push_back(first + i);
  out.epoch = epoch;
  return out;
}

// The parameter or buffer of this name.
inline Tensor named(const Module& module, const std::string& name) {
  for (const auto& [found, tensor] : module.state()) {
    if (found == name) return tensor;
  }
  throw InternalError("no tensor of the name " + name);
}

}  // namespace sslbench
