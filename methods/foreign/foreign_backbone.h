// SPDX-License-Identifier: Apache-2.0
// A network from elsewhere as a backbone: what exported and traced models share.
#pragma once

#include <string>
#include <vector>

#include "methods/backbone.h"
#include "methods/foreign/model_facts.h"

namespace sslbench {

class ForeignBackbone : public Backbone {
 public:
  // UserError when the file holds no maps.
  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override;
  std::vector<MapLevel> levels() const override;
  Tensor features(const Tensor& x_NCHW) const override;
  int64_t width() const override { return facts().width; }
  bool brings_weights() const override { return true; }
  std::vector<std::string> notes() const override;

  // Runs the example that the file carries, in evaluation mode: how far features or maps are from what they should be,
  // as a share of the largest value there.
  double largest_deviation() const;
  // UserError, with the deviation, when that is more than kProofTolerance.
  void prove() const;

 protected:
  virtual const ModelFacts& facts() const = 0;
  // Features, then maps, of images of a size that the file takes.
  virtual std::vector<Tensor> outputs(const Tensor& x_NCHW) const = 0;
  // What InputFacts say; to be called by constructors.
  void take_input_facts();

 private:
  std::vector<Tensor> checked_outputs(const Tensor& x_NCHW) const;
  // Resized to what the file takes.
  Tensor fitted(const Tensor& x_NCHW) const;
};

inline constexpr double kProofTolerance = 1e-5;

// The side that a file takes in place of `side`: itself, or the nearest multiple of `step`; the file's size where it
// takes no other (step 0).
int64_t taken_side(const ModelFacts& facts, int64_t side);

// Refuses an empty file setting. UserError with what to do.
std::string named_file(const std::string& backbone, const Settings& settings);

}  // namespace sslbench
