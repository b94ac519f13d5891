// SPDX-License-Identifier: Apache-2.0
// Frozen features, computed once a run and shared by all protocols that need them. Shapes: N images, D width.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <string>

#include "datasets/augment/view.h"
#include "methods/backbone.h"
#include "suites/protocols/image_sets.h"

namespace sslbench {

struct Features {
  at::Tensor h_ND;               // float32, on the CPU as extracted
  at::Tensor labels_N;           // int64
  double images_per_second = 0;  // of the extraction, median of windows
};

// The backbone's features of all images (whole, resized to a square), float32 arithmetic. `stop` is asked between
// batches; true ends with Interrupted.
Features extract_features(Backbone& backbone, const ImageSet& images, int image_size,
                          const Normalisation& normalisation, at::Device device, const std::function<bool()>& stop);

class FeatureCache {
 public:
  using Extract = std::function<Features(const DatasetSpec&, Split)>;
  explicit FeatureCache(Extract extract) : extract_(std::move(extract)) {}
  const Features& get(const DatasetSpec& dataset, Split split);

 private:
  Extract extract_;
  std::map<std::string, Features> known_;
};

}  // namespace sslbench
