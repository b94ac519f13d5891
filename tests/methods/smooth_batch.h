// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "datasets/batches/train_batch.h"
#include "suites/tensors/aten.h"

namespace sslbench {

// `views` smooth views of `images` images, samples first, first + 1, ...
inline TrainBatch smooth_batch(int64_t views, int64_t images, int64_t first = 0, int64_t epoch = 0) {
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

}  // namespace sslbench
