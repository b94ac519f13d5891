// SPDX-License-Identifier: Apache-2.0
// A TorchScript network that scripts/export-model traced: one straight line of operators in evaluation mode and one in
// training mode over the same parameters.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "methods/foreign/model_facts.h"
#include "methods/module.h"

namespace sslbench {

class TracedNetwork final : public Module {
 public:
  // Looks at all code in the file before any of it may run. UserError that names the file and what is refused.
  explicit TracedNetwork(const std::string& file);
  ~TracedNetwork() override;

  const ModelFacts& facts() const { return facts_; }
  // Whether training looks at other images of the batch: those of this process only.
  bool normalises_batches() const;
  // Features, then maps from fine to coarse; of the mode that train() set. UserError when the file's code fails.
  std::vector<Tensor> operator()(const Tensor& x_NCHW) const;

 private:
  class Part;
  struct Script;
  void on_step(const StepKey& key) override;

  ModelFacts facts_;
  std::unique_ptr<Script> script_;
  std::vector<std::unique_ptr<Part>> parts_;
};

}  // namespace sslbench
