// SPDX-License-Identifier: Apache-2.0
// Batches and small Vision Transformers for the tests of methods.
#pragma once

#include "methods/method.h"
#include "tests/golden/formula.h"
#include "tests/methods/small_method.h"

namespace sslbench {

// `full` views of 32 px and `local` ones of 16 px of `count` images, samples 0, 1, ..
inline TrainBatch formula_batch(int64_t count, int64_t full, int64_t local = 0) {
  TrainBatch out;
  for (int64_t v = 0; v < full + local; ++v) {
    const int64_t side = v < full ? 32 : 16;
    out.views.push_back(formula_image(count, side, side, static_cast<double>(v), 1));
  }
  for (int64_t n = 0; n < count; ++n) out.samples.push_back(n);
  out.labels_N = at::full({count}, -1, at::kLong);
  return out;
}

// A method with its tiny settings, some changed, on a Vision Transformer of 8 x 8 patches of 4 px.
inline std::unique_ptr<Method> tiny_on_vit(const std::string& name, int64_t full, int64_t local = 0,
                                           const nlohmann::json& changes = nlohmann::json::object()) {
  nlohmann::json settings = Registry<MethodEntry>::find(name).tiny;
  settings.update(changes);
  const nlohmann::json& small = Registry<BackboneEntry>::find("vit_tiny").tiny;
  return make_method(
      name, settings, {"vit_tiny", small},
      {.classes = 10, .examples = 64, .image_size = 32, .views = full, .local_views = local, .local_size = 16}, 3);
}

}  // namespace sslbench
