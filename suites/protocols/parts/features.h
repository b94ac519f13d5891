// SPDX-License-Identifier: Apache-2.0
// Frozen features, computed once a run and shared by all protocols that need them. Shapes: N images, D width.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <string>

#include "datasets/augment/view.h"
#include "methods/backbone.h"
#include "suites/protocols/parts/image_sets.h"

namespace sslbench {

inline constexpr int64_t kFeatureBatch = 256;  // images of one forward pass

struct Features {
  at::Tensor h_ND;               // float32, on the CPU as extracted
  at::Tensor labels_N;           // int64
  double images_per_second = 0;  // of the extraction, median of windows
};

// The same on another device.
Features on(at::Device device, const Features& features);

// How many directions features use, and how far apart their directions lie: both tell a collapse.
struct FeatureSpread {
  double effective_rank = 0;  // exp of the entropy of the singular values of centred features; 0 when they are alike
  double deviation = 0;       // mean std of unit features over dimensions times sqrt(D): 1 spread evenly, 0 constant
};
// Of evenly spaced rows where there are many.
FeatureSpread spread_of(const at::Tensor& h_ND);

// The backbone's features of all images (whole, resized to a square), float32 arithmetic. Of several ranks each
// extracts a share, and all get the same bits as one alone. `stop` is asked between batches; true ends with
// Interrupted. RunFailure(non_finite) when features, or their lengths, are not finite.
Features extract_features(Backbone& backbone, const ImageSet& images, int image_size,
                          const Normalisation& normalisation, at::Device device, const std::function<bool()>& stop);

class FeatureCache {
 public:
  using Extract = std::function<Features(const DatasetSpec&, Split)>;
  explicit FeatureCache(Extract extract) : extract_(std::move(extract)) {}
  const Features& get(const DatasetSpec& dataset, Split split);
  const FeatureSpread& spread(const DatasetSpec& dataset, Split split);

 private:
  Extract extract_;
  std::map<std::string, FeatureSpread> spreads_;
  std::map<std::string, Features> known_;
};

}  // namespace sslbench
