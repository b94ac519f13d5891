// SPDX-License-Identifier: Apache-2.0
// A torch.export package, carried out by the runtime that is in LibTorch (torch/nativert): forward only, on the
// processor, one operator after the other.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "methods/foreign/model_facts.h"
#include "methods/module.h"

namespace sslbench {

class ExportedNetwork {
 public:
  // Looks at the graph and the tables of weights before LibTorch reads them. UserError that names the file and what is
  // refused.
  explicit ExportedNetwork(const std::string& file);
  ~ExportedNetwork();

  const ModelFacts& facts() const { return facts_; }
  // Features, then maps from fine to coarse, on x_NCHW's device. UserError when the file's graph fails.
  std::vector<Tensor> operator()(const Tensor& x_NCHW) const;

 private:
  struct Runner;
  ModelFacts facts_;
  std::unique_ptr<Runner> runner_;
};

}  // namespace sslbench
