// SPDX-License-Identifier: Apache-2.0
// Linear classifiers that are trained together on the same batches of features, one for each input and learning rate
// (dinov2/eval/linear.py trains them so). Where there is a choice, each has a twin that never sees a held-out image:
// the twins choose, and the chosen one has seen all training images in the same pass through the network.
// Shapes: N images, W columns of all inputs, C classes.
#pragma once

#include "methods/layers.h"
#include "methods/parameter_rule.h"
#include "suites/protocols/frozen/probe_inputs.h"

namespace sslbench {

struct ProbeHeadsShape {
  std::vector<ProbeInput> inputs;
  std::vector<double> rates;
  int64_t classes = 0;
  bool standardise = true;  // batch norm without scale and shift before a classifier (facebookresearch/mae)
  bool twins = true;
};

class ProbeHeads final : public Module {
 public:
  // Weights start from 0.
  explicit ProbeHeads(const ProbeHeadsShape& shape);
  ~ProbeHeads() override;

  // A head h is the input h / rates at the rate h % rates.
  size_t count() const { return shape_.inputs.size() * shape_.rates.size(); }
  size_t input_of(size_t head) const { return head / shape_.rates.size(); }
  double rate_of(size_t head) const { return shape_.rates[head % shape_.rates.size()]; }
  // By the names of parameters.
  ParameterRule rule(const std::string& parameter) const;

  // What the heads of every input see, normed: the statistics of the batch when training, and those kept else.
  std::vector<Tensor> seen(const Tensor& h_NW) const;
  // Class scores [N, C] of a head, or of its twin, on its input of seen().
  Tensor scores(const std::vector<Tensor>& seen, size_t head) const;
  Tensor twin_scores(const std::vector<Tensor>& seen, size_t head) const;

  // Sum over all heads of the mean cross-entropy; of the twins, over the images whose kept label is not kNoLabel.
  Tensor loss(const Tensor& h_NW, const Tensor& labels_N, const Tensor& kept_labels_N) const;

 private:
  class Head;
  std::vector<std::unique_ptr<Head>> heads(const std::string& prefix);

  ProbeHeadsShape shape_;
  std::vector<std::unique_ptr<BatchNorm>> norms_;  // of every input
  std::vector<std::unique_ptr<Head>> all_, kept_;
};

}  // namespace sslbench
