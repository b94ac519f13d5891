// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "methods/layers.h"
#include "suites/ground/settings.h"

namespace sslbench {

enum class HeadNorm { none, affine, plain };  // plain: batch norm without scale and shift

// Linear [- BatchNorm] - ReLU, ..., Linear [- BatchNorm].
struct HeadShape {
  std::vector<int64_t> widths;  // in, hidden.., out
  HeadNorm hidden_norm = HeadNorm::affine, last_norm = HeadNorm::none;
  bool gelu = false;      // GELU (exact) in place of ReLU
  bool last_bias = true;  // of the last layer, when no norm follows it; layers before a norm have none
};

// Projector or predictor.
class MlpHead final : public Module {
 public:
  MlpHead(const HeadShape& shape, at::Generator& generator);
  Tensor operator()(const Tensor& x_ND) const;

 private:
  struct Step {
    std::unique_ptr<Linear> linear;
    std::unique_ptr<BatchNorm> norm;  // may be absent
  };
  std::vector<Step> steps_;
  bool gelu_;
};

// Options of a head under the given prefix ("" for the projector, "predictor_" for a predictor): layers, hidden,
// projection, hidden_norm, last_norm, last_bias; the defaults are those of `authors`, whose first width counts for
// nothing.
std::vector<Option> head_options(const std::string& prefix, const HeadShape& authors);
// The shape that settings ask for, on features of width `in`; `out` > 0 replaces the option `projection`, which a
// predictor lacks.
HeadShape head_shape(const Settings& settings, const std::string& prefix, int64_t in, int64_t out = 0);

}  // namespace sslbench
