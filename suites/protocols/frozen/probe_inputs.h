// SPDX-License-Identifier: Apache-2.0
// What linear classifiers see of a frozen network: its own features, or what DINO's and DINOv2's linear evaluations
// read of a Vision Transformer. All that several classifiers see is computed together; what each sees of it are
// neighbouring columns. Shapes: N images, W columns of all inputs.
#pragma once

#include <string>
#include <vector>

#include "methods/backbone.h"
#include "reports/record/metric.h"
#include "reports/record/record.h"
#include "suites/ground/settings.h"

namespace sslbench {

// "inputs".
Option probe_inputs_option();
// What choosing one tells: input_blocks, input_patches.
std::vector<Metric> probe_input_metrics();

struct ProbeInput {
  std::string name;              // "features", "cls1", "cls4", "cls1+patches", "cls4+patches"
  int64_t blocks = 0;            // last blocks whose class tokens it holds; 0: the network's own features
  bool patches = false;          // and the mean of the last block's patch tokens
  int64_t first = 0, width = 0;  // columns
};

// A network whose features are the columns of all inputs; `network` must outlive it.
class ProbeInputs final : public Backbone {
 public:
  // Of a network without class token: its own features, in the place of all. UserError, which begins with `task`, where
  // a name is no input or stands twice, or the network has too few blocks.
  ProbeInputs(const Backbone& network, const std::vector<std::string>& names, const std::string& task);

  const std::vector<ProbeInput>& all() const { return inputs_; }
  // Whether nothing is asked for but the network's own features.
  bool only_features() const { return inputs_.size() == 1 && inputs_[0].blocks == 0; }

  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override { return network_.feature_maps(x_NCHW); }
  std::vector<MapLevel> levels() const override { return network_.levels(); }
  Tensor features(const Tensor& x_NCHW) const override;  // [N, W]
  int64_t width() const override { return width_; }

 private:
  const Backbone& network_;
  std::vector<ProbeInput> inputs_;
  bool own_ = false, patches_ = false;
  int64_t blocks_ = 0, width_ = 0;
};

// Adds the metrics above, of an input that was chosen on `held_out` images.
void add_input(StageRecord& record, const ProbeInput& input, int64_t held_out);

// The columns that an input sees.
Tensor columns_of(const Tensor& h_NW, const ProbeInput& input);

}  // namespace sslbench
