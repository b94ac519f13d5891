// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/fcos_head.h"

#include <algorithm>
#include <cmath>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

ConvShape conv3x3(int64_t in, int64_t out) { return {in, out, 3, 1, 1, true}; }

// [N, C, H, W] -> [N, H * W, C]
Tensor points_last(const Tensor& map_NCHW) { return map_NCHW.permute({0, 2, 3, 1}).flatten(1, 2); }

// torchvision: every convolution of the head starts at N(0, 0.01), biases at 0.
void init_head(const std::vector<NamedTensor>& parameters, at::Generator& generator) {
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : parameters) {
    if (tensor.dim() == 4) tensor.normal_(0, 0.01, generator);
    if (tensor.dim() == 1 && name.ends_with("bias")) tensor.zero_();
  }
}

}  // namespace

FcosTower::FcosTower(int64_t channels, int64_t convs, at::Generator& generator) {
  for (int64_t i = 0; i < convs; ++i) {
    convs_.push_back(std::make_unique<Conv2d>(conv3x3(channels, channels), generator));
    norms_.push_back(std::make_unique<GroupNorm>(std::min<int64_t>(32, channels), channels));
    add_child(std::to_string(3 * i), *convs_.back());
    add_child(std::to_string(3 * i + 1), *norms_.back());
  }
}

Tensor FcosTower::operator()(const Tensor& x) const {
  Tensor y = x;
  for (size_t i = 0; i < convs_.size(); ++i) y = at::relu((*norms_[i])((*convs_[i])(y)));
  return y;
}

FcosHead::Branch::Branch(int64_t channels, int64_t convs, const std::vector<std::pair<std::string, int64_t>>& outputs,
                         at::Generator& generator)
    : tower(channels, convs, generator) {
  add_child("conv", tower);
  for (const auto& [name, width] : outputs) {
    outputs_.push_back(std::make_unique<Conv2d>(conv3x3(channels, width), generator));
    add_child(name, *outputs_.back());
  }
}

FcosHead::FcosHead(int64_t channels, int64_t classes, int64_t convs, at::Generator& generator)
    : classification_(channels, convs, {{"cls_logits", classes}}, generator),
      regression_(channels, convs, {{"bbox_reg", 4}, {"bbox_ctrness", 1}}, generator) {
  add_child("classification_head", classification_);
  add_child("regression_head", regression_);
  init_head(parameters(), generator);
  // Prior probability 0.01 for every class (RetinaNet, arXiv:1708.02002, section 4.1).
  const at::NoGradGuard no_grad;
  classification_.outputs_[0]->bias.fill_(-std::log(99.0));
}

FcosOutput FcosHead::operator()(const std::vector<Tensor>& maps) const {
  std::vector<Tensor> logits, ltrb, centerness;
  for (const Tensor& map : maps) {
    logits.push_back(points_last((*classification_.outputs_[0])(classification_.tower(map))));
    const Tensor regression = regression_.tower(map);
    ltrb.push_back(points_last(at::relu((*regression_.outputs_[0])(regression))));
    centerness.push_back(points_last((*regression_.outputs_[1])(regression)));
  }
  return {at::cat(logits, 1), at::cat(ltrb, 1), at::cat(centerness, 1)};
}

}  // namespace sslbench
