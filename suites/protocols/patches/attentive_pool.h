// SPDX-License-Identifier: Apache-2.0
// Classifiers that pool patch features by attention of learned queries, as four published probes have them, under their
// parameter names: apple/ml-aim (aim-v1, AttentionPoolingClassifier), facebookresearch/capi (AttnPoolClassifier),
// facebookresearch/jepa (AttentiveClassifier of depth 1), timm (AttentionPoolLatent without norm, and a linear layer).
// Shapes: N images, T tokens, Q queries, D features, K classes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "methods/module.h"

namespace sslbench {

// The names of the four: aim, capi, vjepa, timm.
const std::vector<std::string>& attentive_variants();

struct AttentivePoolShape {
  std::string variant = "aim";
  int64_t dim = 0, heads = 1, classes = 0;  // heads divide dim
  int64_t queries = 1;                      // of aim; their answers are averaged
  bool query_bias = false;                  // of aim's keys and values
  bool linear_bias = true;                  // of aim
};

// softmax(q k' / sqrt(D / heads)) v, heads being consecutive slices of the features: [N, Q, D].
Tensor attend(const Tensor& query_NQD, const Tensor& key_NTD, const Tensor& value_NTD, int64_t heads);

class AttentiveClassifier : public Module {
 public:
  virtual Tensor scores(const Tensor& tokens_NTD) const = 0;  // [N, K]
};

std::unique_ptr<AttentiveClassifier> make_attentive_classifier(const AttentivePoolShape& shape,
                                                               at::Generator& generator);

}  // namespace sslbench
