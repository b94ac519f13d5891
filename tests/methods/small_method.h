// SPDX-License-Identifier: Apache-2.0
// A registered method with settings for a few images, and batches of noise: for tests of one method.
#pragma once

#include "methods/method.h"
#include "suites/tensors/aten.h"

namespace sslbench {

inline std::unique_ptr<Method> small_method(const std::string& name, const nlohmann::json& changes = {},
                                            const std::string& backbone = "resnet18", int64_t examples = 96) {
  const MethodEntry& entry = Registry<MethodEntry>::find(name);
  nlohmann::json settings = entry.tiny;
  if (!changes.is_null()) settings.update(changes);
  const MethodInput input{.classes = 10, .examples = examples, .image_size = 32, .views = entry.views};
  auto method = make_method(name, settings, {backbone, Registry<BackboneEntry>::find(backbone).tiny}, input, 0);
  method->place(at::kCPU);
  return method;
}

inline TrainBatch noise_batch(int64_t images, int64_t views = 2) {
  at::Generator generator = at::detail::createCPUGenerator(7);
  TrainBatch batch;
  for (int64_t v = 0; v < views; ++v) batch.views.push_back(at::randn({images, 3, 32, 32}, generator));
  batch.labels_N = at::zeros({images}, at::kLong);
  for (int64_t i = 0; i < images; ++i) batch.samples.push_back(i);
  return batch;
}

// A fixed matrix of noise.
inline Tensor noise(at::IntArrayRef sizes, uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  return at::randn(sizes, generator);
}

// The parameter or buffer of this name; undefined when there is none.
inline Tensor tensor_named(const std::vector<NamedTensor>& tensors, const std::string& name) {
  for (const auto& [known, tensor] : tensors) {
    if (known == name) return tensor;
  }
  return {};
}

}  // namespace sslbench
