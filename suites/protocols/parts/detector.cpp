// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/detector.h"

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/protocols/parts/box_code.h"
#include "suites/protocols/parts/box_losses.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/to_device.h"

namespace sslbench {
namespace {

constexpr double kAlpha = 0.25, kGamma = 2;  // arXiv:1708.02002, section 5.1
constexpr float kPointOffset = 0.5f;         // points at cell centres
constexpr int64_t kBeforeNms = 1000;

// What the batch's points should say; rows are the positive points of all images.
struct Targets {
  Tensor row_R;  // number of the point among N * P
  Tensor class_R, ltrb_R4, centerness_R;
};

Targets make_targets(const Points& points, const std::vector<std::vector<Box>>& boxes, double center_radius) {
  const auto N = static_cast<int64_t>(boxes.size()), P = static_cast<int64_t>(points.x.size());
  Targets out;
  std::vector<int64_t> rows, classes;
  std::vector<float> ltrb, centerness;
  for (int64_t n = 0; n < N; ++n) {
    const auto& truth = boxes[static_cast<size_t>(n)];
    const Assignment found = assign_points(points, truth, static_cast<float>(center_radius));
    for (int64_t p = 0; p < P; ++p) {
      const int64_t match = found.matched[static_cast<size_t>(p)];
      if (match < 0) continue;
      rows.push_back(n * P + p);
      classes.push_back(truth[static_cast<size_t>(match)].label);
      ltrb.insert(ltrb.end(), found.ltrb.begin() + 4 * p, found.ltrb.begin() + 4 * p + 4);
      centerness.push_back(found.centerness[static_cast<size_t>(p)]);
    }
  }
  out.row_R = at::tensor(rows, at::kLong);
  out.class_R = at::tensor(classes, at::kLong);
  out.ltrb_R4 = at::tensor(ltrb, at::kFloat).view({-1, 4});
  out.centerness_R = at::tensor(centerness, at::kFloat);
  return out;
}

// One-hot, all zero where nothing matched; made where the logits lie, so that only class numbers travel.
Tensor one_hot_like(const Tensor& logits_NPK, const Tensor& row_R, const Tensor& class_R) {
  Tensor out_NPK = at::zeros(logits_NPK.sizes(), logits_NPK.options().dtype(at::kFloat).requires_grad(false));
  out_NPK.view({-1}).scatter_(0, row_R * logits_NPK.size(2) + class_R, 1.0);
  return out_NPK;
}

// Of the whole batch, at least 1.
double positives_of_batch(const Targets& targets) {
  const Tensor count = sum_over_ranks(at::full({}, targets.row_R.size(0), at::kLong));
  return std::max<double>(1, static_cast<double>(count.item<int64_t>()));  // host read: lies on the CPU
}

}  // namespace

Detector::Detector(std::unique_ptr<Backbone> backbone, int64_t classes, const DetectorSettings& settings,
                   at::Generator& generator)
    : settings_(settings), backbone_(std::move(backbone)), maps_(*backbone_, settings.min_stride, "detection") {
  std::vector<int64_t> channels;
  for (const MapLevel& level : maps_.levels()) {
    channels.push_back(level.channels);
    if (static_cast<int64_t>(strides_.size()) < settings.levels) strides_.push_back(level.stride);
  }
  const int64_t extra = std::clamp<int64_t>(settings.levels - static_cast<int64_t>(strides_.size()), 0, 2);
  for (int64_t i = 0; i < extra; ++i) strides_.push_back(2 * strides_.back());
  pyramid_ = std::make_unique<FeaturePyramid>(channels, settings.channels, extra, generator, settings.p6_from_c5);
  head_ = std::make_unique<FcosHead>(settings.channels, classes, settings.convs, generator);
  add_child("backbone", *backbone_);
  add_child("pyramid", *pyramid_);
  add_child("head", *head_);
}

Detector::Forward Detector::forward(const Tensor& x_NCHW) const {
  auto pyramid = (*pyramid_)(maps_(x_NCHW));
  pyramid.resize(strides_.size());  // coarser maps than asked for only feed the finer ones
  std::vector<PointLevel> grid;
  for (size_t i = 0; i < pyramid.size(); ++i) grid.push_back({strides_[i], pyramid[i].size(2), pyramid[i].size(3)});
  return {(*head_)(pyramid), make_points(grid, kPointOffset, static_cast<float>(settings_.size_factor))};
}

Loss Detector::loss(const DenseBatch& batch) const {
  const Forward out = forward(batch.images_NCHW);
  const FullPrecision full;
  const at::Device device = batch.images_NCHW.device();
  const Targets targets = make_targets(out.points, batch.boxes, settings_.center_radius);
  const double positives = positives_of_batch(targets);
  const Tensor row_R = to_device(targets.row_R, device);

  const auto a_positive = [positives](const Tensor& sum) { return summed_over_batch(sum) / positives; };
  const Tensor classes_NPK = one_hot_like(out.head.logits_NPK, row_R, to_device(targets.class_R, device));
  const Tensor focal = a_positive(sigmoid_focal_loss(out.head.logits_NPK, classes_NPK, kAlpha, kGamma));
  const Tensor ltrb_R4 = promoted(out.head.ltrb_NP4.reshape({-1, 4}).index_select(0, row_R));
  // IoU depends neither on where the point lies nor on the scale, so both boxes are taken around the cell [-1/2,
  // 1/2]^2.
  const Tensor cell_R4 = to_device(at::tensor({-0.5F, -0.5F, 0.5F, 0.5F}), device).expand_as(ltrb_R4);
  const Tensor target_R4 = to_device(targets.ltrb_R4, device);
  const Tensor giou = a_positive(giou_loss(decode_ltrb(ltrb_R4, cell_R4), decode_ltrb(target_R4, cell_R4)).sum());
  const Tensor centerness_R = out.head.centerness_NP1.reshape({-1}).index_select(0, row_R);
  const Tensor centerness = a_positive(centerness_loss(centerness_R, to_device(targets.centerness_R, device)));
  return {focal + giou + centerness, {{"focal", focal}, {"giou", giou}, {"centerness", centerness}}, {}};
}

std::vector<std::vector<ScoredBox>> Detector::detect(const Tensor& x_NCHW) const {
  const at::NoGradGuard no_grad;
  const Forward out = forward(x_NCHW);
  const auto P = static_cast<int64_t>(out.points.x.size());
  const int64_t K = out.head.logits_NPK.size(2);
  const Tensor scores_NPK =
      (out.head.logits_NPK.to(at::kFloat).sigmoid() * out.head.centerness_NP1.to(at::kFloat).sigmoid()).sqrt();
  // Without this a NaN is no box, and a broken network one that finds nothing.
  if (!scores_NPK.isfinite().all().item<bool>() || !out.head.ltrb_NP4.isfinite().all().item<bool>()) {
    throw RunFailure(FailureKind::non_finite, "the detector's scores or boxes of a test image are not finite");
  }
  const Tensor flat = scores_NPK.reshape({x_NCHW.size(0), P * K});
  const auto [best_scores, best] = at::topk(flat, std::min(kBeforeNms, P * K));
  const Tensor scores = best_scores.to(at::kCPU).contiguous(), index = best.to(at::kCPU).contiguous();
  const Tensor ltrb = out.head.ltrb_NP4.to(at::kCPU, at::kFloat).contiguous();
  const auto width = static_cast<float>(x_NCHW.size(3)), height = static_cast<float>(x_NCHW.size(2));
  std::vector<std::vector<ScoredBox>> found(static_cast<size_t>(x_NCHW.size(0)));
  for (size_t n = 0; n < found.size(); ++n) {
    const float* score = scores.const_data_ptr<float>() + static_cast<int64_t>(n) * scores.size(1);
    const int64_t* place = index.const_data_ptr<int64_t>() + static_cast<int64_t>(n) * scores.size(1);
    std::vector<ScoredBox> candidates;
    for (int64_t i = 0; i < scores.size(1) && score[i] > settings_.score_threshold; ++i) {
      const auto p = static_cast<size_t>(place[i] / K);
      const float* d = ltrb.const_data_ptr<float>() + (static_cast<int64_t>(n) * P + static_cast<int64_t>(p)) * 4;
      const float s = out.points.stride[p], x = out.points.x[p], y = out.points.y[p];
      const ScoredBox box{std::clamp(x - d[0] * s, 0.f, width),
                          std::clamp(y - d[1] * s, 0.f, height),
                          std::clamp(x + d[2] * s, 0.f, width),
                          std::clamp(y + d[3] * s, 0.f, height),
                          score[i],
                          static_cast<int32_t>(place[i] % K)};
      if (box.x1 > box.x0 && box.y1 > box.y0) candidates.push_back(box);
    }
    for (const int64_t kept : batched_nms(candidates, static_cast<float>(settings_.nms_threshold))) {
      if (static_cast<int64_t>(found[n].size()) == settings_.keep) break;
      found[n].push_back(candidates[static_cast<size_t>(kept)]);
    }
  }
  return found;
}

}  // namespace sslbench
