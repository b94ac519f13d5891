// SPDX-License-Identifier: Apache-2.0
// Boxes: overlap, suppression, codes, assignment and losses.
#include "suites/protocols/parts/box_code.h"
#include "suites/protocols/parts/box_losses.h"
#include "suites/protocols/parts/fcos_points.h"
#include "suites/protocols/parts/nms.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

std::vector<ScoredBox> scored_boxes(const Tensor& boxes_N4) {
  std::vector<ScoredBox> out;
  for (int64_t i = 0; i < boxes_N4.size(0); ++i) {
    const float* b = boxes_N4.const_data_ptr<float>() + 4 * i;
    out.push_back({b[0], b[1], b[2], b[3]});
  }
  return out;
}

GoldenOutput nms(const GoldenCall& call) {
  call.expect("order", {"score descending, ties by lower index first"});
  std::vector<ScoredBox> boxes = scored_boxes(call.host("boxes"));
  const Tensor scores_N = call.host("scores"), classes_N = call.has("classes") ? call.host("classes") : Tensor();
  for (size_t i = 0; i < boxes.size(); ++i) {
    boxes[i].score = scores_N.const_data_ptr<float>()[i];
    if (classes_N.defined()) boxes[i].label = static_cast<int32_t>(classes_N.const_data_ptr<int64_t>()[i]);
  }
  return {{"keep", at::tensor(batched_nms(boxes, static_cast<float>(call.real("iou_threshold"))), at::kLong)}};
}

GoldenOutput pairwise_overlap(const GoldenCall& call) {
  const auto a = scored_boxes(call.host("a")), b = scored_boxes(call.host("b"));
  const int64_t N = call["a"].size(0), M = call["b"].size(0);
  std::vector<float> iou;
  for (const ScoredBox& one : a) {
    for (const ScoredBox& other : b) iou.push_back(box_iou(one, other));
  }
  const Tensor each_a = call["a"].unsqueeze(1).expand({N, M, 4}).reshape({-1, 4});
  const Tensor each_b = call["b"].unsqueeze(0).expand({N, M, 4}).reshape({-1, 4});
  return {{"iou", at::tensor(iou).view({N, M})}, {"giou", (1 - giou_loss(each_a, each_b)).view({N, M})}};
}

// A sum over `count` values, or their mean.
Tensor reduced(const GoldenCall& call, const Tensor& sum, int64_t count) {
  const std::string reduction = call.choice("reduction", {"sum", "mean"});
  return reduction == "sum" ? sum : sum / count;
}

GoldenOutput giou(const GoldenCall& call) {
  call.expect("eps", {1e-7});
  call.expect("format", {"xyxy"});
  const Tensor per_box = giou_loss(call["boxes"], call["targets"]);
  return {{"per_box", per_box}, {"loss", reduced(call, per_box.sum(), per_box.numel())}};
}

GoldenOutput focal(const GoldenCall& call) {
  const Tensor sum = sigmoid_focal_loss(call["logits"], call["targets"], call.real("alpha"), call.real("gamma"));
  return {{"loss", reduced(call, sum, call["logits"].numel())}};
}

GoldenOutput center(const GoldenCall& call) {
  const Tensor ltrb_P4 = call.host("ltrb");
  std::vector<float> values;
  for (int64_t i = 0; i < ltrb_P4.size(0); ++i) values.push_back(centerness(ltrb_P4.const_data_ptr<float>() + 4 * i));
  const Tensor target_P = at::tensor(values).to(call.device);
  return {{"target", target_P},
          {"loss", reduced(call, centerness_loss(call["logits"], target_P), call["logits"].numel())}};
}

GoldenOutput box_code(const GoldenCall& call) {
  const Tensor &boxes = call["boxes"], &anchors = call["anchors"], &codes = call["codes"];
  if (call.settings.contains("normalize_by_size")) {
    const bool by_size = call.flag("normalize_by_size");
    return {{"encoded", encode_ltrb(boxes, anchors, by_size)}, {"decoded", decode_ltrb(codes, anchors, by_size)}};
  }
  const DeltaCode code{call.settings.at("weights"), call.real("clip_dwdh")};
  return {{"encoded", encode_deltas(boxes, anchors, code)}, {"decoded", decode_deltas(codes, anchors, code)}};
}

GoldenOutput fcos_assign(const GoldenCall& call) {
  call.expect("area_rule", {"largest float32(1e8 - area): areas closer than 8 tie, lower index wins"});
  call.expect("range", {"(4s, 8s) open, first level from 0, last to infinity"});
  std::vector<PointLevel> levels;
  for (const int64_t stride : call.settings.at("strides")) {
    const auto cells = [&](size_t side) {
      return (call.settings.at("image").at(side).get<int64_t>() + stride - 1) / stride;
    };
    levels.push_back({stride, cells(0), cells(1)});
  }
  const Points points = make_points(levels, static_cast<float>(call.real("point_offset")), /*size_factor=*/4);
  std::vector<Box> boxes;
  for (const ScoredBox& box : scored_boxes(call.host("boxes"))) boxes.push_back({box.x0, box.y0, box.x1, box.y1});
  const Assignment got = assign_points(points, boxes, static_cast<float>(call.real("center_radius")));
  const Tensor matched = at::tensor(got.matched, at::kLong);
  const Tensor with_none = at::cat({call.host("labels"), at::full({1}, -1, at::kLong)});
  const int64_t none = call["labels"].size(0);
  return {{"points", at::stack({at::tensor(points.x), at::tensor(points.y)}, 1)},
          {"matched", matched},
          {"labels", with_none.index_select(0, at::where(matched.ge(0), matched, at::full({}, none, at::kLong)))},
          {"ltrb", at::tensor(got.ltrb).view({-1, 4})},
          {"centerness", at::tensor(got.centerness)}};
}

const bool registered = add_golden_ops({{"nms", nms},
                                        {"batched_nms", nms},
                                        {"box_iou", pairwise_overlap},
                                        {"giou_loss", giou},
                                        {"sigmoid_focal_loss", focal},
                                        {"centerness", center},
                                        {"box_code", box_code},
                                        {"fcos_assign", fcos_assign}});

}  // namespace
}  // namespace sslbench
