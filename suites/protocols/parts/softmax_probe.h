// SPDX-License-Identifier: Apache-2.0
// Linear classifiers on fixed features, one for each learning rate, trained together in one product.
// Shapes: N images, D features, C classes, K learning rates.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace sslbench {

struct ProbeTraining {
  std::vector<double> learning_rates;  // K
  int64_t epochs = 100, batch_size = 256;
  double momentum = 0.9, weight_decay = 0;
  bool nesterov = false;
  bool steps = false;  // a tenth of the rate after 60 % and again after 80 % of the epochs, in place of the cosine
  uint64_t seed = 0;   // of the order of images
  std::function<bool()> stop;  // asked once an epoch; true ends with Interrupted
};

// The classifiers lie side by side, so that one product serves all.
struct SoftmaxProbe {
  SoftmaxProbe(int64_t width, int64_t rates, int64_t classes, const at::TensorOptions& options);
  // Class scores of every classifier, [K, N, C].
  at::Tensor scores(const at::Tensor& x_ND) const;
  // Share of right answers of each, [K]; a row of scores that are not all finite answers nothing.
  at::Tensor accuracies(const at::Tensor& x_ND, const at::Tensor& labels_N) const;

  at::Tensor weight_DKC;  // [D, K * C]
  at::Tensor bias_KC;     // [K * C]

 private:
  int64_t rates_;
};

// SGD with momentum and a schedule per classifier, from zero weights; the gradient of the mean cross-entropy is
// written out (softmax minus one-hot), so no graph is built.
SoftmaxProbe train_probe(const at::Tensor& x_ND, const at::Tensor& labels_N, int64_t classes,
                         const ProbeTraining& training);

}  // namespace sslbench
