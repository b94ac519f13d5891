// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/probe_heads.h"

#include <string>

#include "methods/parts/label_loss.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench {
namespace {

constexpr double kNormEps = 1e-6;  // facebookresearch/mae main_linprobe.py

}  // namespace

class ProbeHeads::Head final : public Module {
 public:
  Head(int64_t width, int64_t classes)
      : weight_(add_parameter("weight", at::zeros({classes, width}, at::kFloat))),
        bias_(add_parameter("bias", at::zeros({classes}, at::kFloat))) {}
  Tensor scores(const Tensor& x_NW) const { return at::linear(x_NW, weight_, bias_); }

 private:
  Tensor weight_, bias_;  // [C, W], [C]
};

ProbeHeads::~ProbeHeads() = default;

ProbeHeads::ProbeHeads(const ProbeHeadsShape& shape) : shape_(shape) {
  for (size_t i = 0; shape.standardise && i < shape.inputs.size(); ++i) {
    norms_.push_back(std::make_unique<BatchNorm>(shape.inputs[i].width, /*affine=*/false, kNormEps));
    add_child("norm." + std::to_string(i), *norms_.back());
  }
  all_ = heads("all.");
  if (shape.twins) kept_ = heads("kept.");
}

std::vector<std::unique_ptr<ProbeHeads::Head>> ProbeHeads::heads(const std::string& prefix) {
  std::vector<std::unique_ptr<Head>> out;
  for (size_t i = 0; i < count(); ++i) {
    out.push_back(std::make_unique<Head>(shape_.inputs[input_of(i)].width, shape_.classes));
    add_child(prefix + std::to_string(i), *out.back());
  }
  return out;
}

ParameterRule ProbeHeads::rule(const std::string& parameter) const {
  const size_t from = parameter.find('.') + 1;
  return {.rate_scale = rate_of(std::stoul(parameter.substr(from, parameter.find('.', from) - from)))};
}

std::vector<Tensor> ProbeHeads::seen(const Tensor& h_NW) const {
  std::vector<Tensor> out;
  for (size_t i = 0; i < shape_.inputs.size(); ++i) {
    const Tensor x_N = columns_of(h_NW, shape_.inputs[i]);
    out.push_back(norms_.empty() ? x_N : (*norms_[i])(x_N));
  }
  return out;
}

Tensor ProbeHeads::scores(const std::vector<Tensor>& seen, size_t head) const {
  return all_[head]->scores(seen[input_of(head)]);
}

Tensor ProbeHeads::twin_scores(const std::vector<Tensor>& seen, size_t head) const {
  return kept_[head]->scores(seen[input_of(head)]);
}

Tensor ProbeHeads::loss(const Tensor& h_NW, const Tensor& labels_N, const Tensor& kept_labels_N) const {
  const std::vector<Tensor> x = seen(h_NW);
  const auto mean = [](const Tensor& scores_NC, const Tensor& targets_N) {
    const Tensor sum = at::cross_entropy_loss(scores_NC, targets_N, {}, at::Reduction::Sum, kNoLabel);
    return ratio_over_batch(sum, targets_N.ne(kNoLabel).sum(), /*least=*/1);
  };
  Tensor out;
  const auto add = [&](const Tensor& loss) { out = out.defined() ? out + loss : loss; };
  for (size_t i = 0; i < count(); ++i) {
    add(mean(scores(x, i), labels_N));
    if (!kept_.empty()) add(mean(twin_scores(x, i), kept_labels_N));
  }
  return out;
}

}  // namespace sslbench
