// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/box_losses.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"

namespace sslbench {
namespace {

constexpr double kEps = 1e-7;

at::Tensor area(const at::Tensor& boxes_N4) {
  return (boxes_N4.select(1, 2) - boxes_N4.select(1, 0)) * (boxes_N4.select(1, 3) - boxes_N4.select(1, 1));
}

}  // namespace

at::Tensor sigmoid_focal_loss(const at::Tensor& logits, const at::Tensor& targets, double alpha, double gamma) {
  const at::Tensor x = promoted(logits), y = targets.to(x.scalar_type());
  const at::Tensor p = x.sigmoid();
  const at::Tensor cross_entropy = at::binary_cross_entropy_with_logits(x, y, {}, {}, at::Reduction::None);
  const at::Tensor p_t = p * y + (1 - p) * (1 - y);
  at::Tensor loss = cross_entropy * (1 - p_t).pow(gamma);
  if (alpha >= 0) loss = (alpha * y + (1 - alpha) * (1 - y)) * loss;
  return loss.sum();
}

at::Tensor giou_loss(const at::Tensor& boxes_N4, const at::Tensor& targets_N4) {
  const at::Tensor a = promoted(boxes_N4), b = promoted(targets_N4);
  const auto corner = [](const at::Tensor& boxes, int64_t i) { return boxes.select(1, i); };
  const at::Tensor inner_w = corner(a, 2).minimum(corner(b, 2)) - corner(a, 0).maximum(corner(b, 0));
  const at::Tensor inner_h = corner(a, 3).minimum(corner(b, 3)) - corner(a, 1).maximum(corner(b, 1));
  const at::Tensor intersection =
      at::where((inner_w > 0).logical_and(inner_h > 0), inner_w * inner_h, at::zeros_like(inner_w));
  const at::Tensor joined = area(a) + area(b) - intersection;
  const at::Tensor hull = (corner(a, 2).maximum(corner(b, 2)) - corner(a, 0).minimum(corner(b, 0))) *
                          (corner(a, 3).maximum(corner(b, 3)) - corner(a, 1).minimum(corner(b, 1)));
  const at::Tensor giou = intersection / (joined + kEps) - (hull - joined) / (hull + kEps);
  return 1 - giou;
}

at::Tensor centerness_loss(const at::Tensor& logits_P, const at::Tensor& targets_P) {
  const at::Tensor x_P = promoted(logits_P);
  return at::binary_cross_entropy_with_logits(x_P, targets_P.to(x_P.scalar_type()), {}, {}, at::Reduction::Sum);
}

}  // namespace sslbench
