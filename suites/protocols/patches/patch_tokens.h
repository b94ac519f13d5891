// SPDX-License-Identifier: Apache-2.0
// Patch features of whole images, as a classifier reads them. Shapes: N images, T patches, D features.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "datasets/augment/dense_view.h"
#include "suites/protocols/fine_tuning/image_part.h"
#include "suites/protocols/patches/patch_map.h"
#include "suites/training/stage_context.h"

namespace sslbench {

inline constexpr int64_t kKeptTokenBytes = int64_t{1} << 30;

class PatchTokens {
 public:
  // Computes all of them once where they fit into `kept_bytes`, else those of a batch whenever it is asked for.
  PatchTokens(const PatchMap& map, const ImageSet& images, const DenseRecipe& size, const Normalisation& normalisation,
              StageContext& context, int64_t kept_bytes = kKeptTokenBytes);

  // [N, T, D], on the context's device.
  at::Tensor tokens(const std::vector<int64_t>& numbers) const;
  // int64 [N], of the whole set on the CPU, and of some on the device.
  const at::Tensor& labels() const { return labels_N_; }
  at::Tensor labels(const std::vector<int64_t>& numbers) const;

 private:
  at::Tensor computed(const std::vector<int64_t>& numbers) const;

  const PatchMap& map_;
  const ImageSet& images_;
  DenseRecipe size_;
  Normalisation normalisation_;
  at::Device device_;
  at::Tensor labels_N_, kept_NTD_;
};

}  // namespace sslbench
