// SPDX-License-Identifier: Apache-2.0
// FPN, FCOS head and assignment, losses and NMS against torchvision's results.
#include <gtest/gtest.h>

#include "suites/protocols/box_losses.h"
#include "suites/protocols/fcos_head.h"
#include "suites/protocols/fcos_points.h"
#include "suites/protocols/fpn.h"
#include "suites/protocols/nms.h"
#include "suites/protocols/segmenter.h"
#include "tests/golden/formula.h"
#include "tests/golden/golden_case.h"

namespace sslbench {
namespace {

std::vector<Tensor> formula_inputs(const nlohmann::json& shapes) {
  std::vector<Tensor> out;
  for (const auto& shape : shapes) {
    out.push_back(formula_tensor(shape.get<std::vector<int64_t>>(), 900 + static_cast<double>(out.size()), 1, 0));
    out.back().set_requires_grad(true);
  }
  return out;
}

void expect_names(const Module& module, const nlohmann::json& parameters) {
  const auto got = module.parameters();
  ASSERT_EQ(got.size(), parameters.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i].first, parameters[i][0].get<std::string>());
}

TEST(DetectionPartsTest, FeaturePyramidEqualsTorchvisions) {
  for (const std::string& file : golden_files("backbones", "fpn")) {
    const GoldenCase golden(file);
    const auto settings = golden.settings();
    at::Generator generator = at::detail::createCPUGenerator(0);
    const FeaturePyramid pyramid(settings.at("in_channels").get<std::vector<int64_t>>(), settings.at("out_channels"), 2,
                                 generator);
    expect_names(pyramid, settings.at("parameters"));
    set_formula_state(pyramid);
    const auto inputs = formula_inputs(settings.at("inputs"));
    const auto maps = pyramid(inputs);
    Tensor loss = at::zeros({});
    for (size_t i = 0; i < maps.size(); ++i) {
      golden.expect("out.p" + std::to_string(3 + i), sampled(maps[i], 256));
      loss = loss + (maps[i] * formula_tensor(maps[i].sizes(), 998 - static_cast<double>(i), 1, 0)).sum();
    }
    loss = loss / inputs[0].size(0);
    loss.backward();
    golden.expect("out.loss", loss);
    for (size_t i = 0; i < inputs.size(); ++i) {
      golden.expect("out.input_grad_values" + std::to_string(i), sampled(inputs[i].grad(), 64));
    }
  }
}

TEST(DetectionPartsTest, FcosHeadEqualsTorchvisions) {
  for (const std::string& file : golden_files("backbones", "fcos_head")) {
    const GoldenCase golden(file);
    const auto settings = golden.settings();
    at::Generator generator = at::detail::createCPUGenerator(0);
    const FcosHead head(settings.at("channels"), settings.at("classes"), settings.at("convs"), generator);
    expect_names(head, settings.at("parameters"));
    set_formula_state(head);
    const FcosOutput out = head(formula_inputs(settings.at("inputs")));
    golden.expect("out.cls_logits", sampled(out.logits_NPK, 256));
    golden.expect("out.bbox_regression", sampled(out.ltrb_NP4, 256));
    golden.expect("out.bbox_ctrness", sampled(out.centerness_NP1, 256));
  }
}

TEST(DetectionPartsTest, PointsAreAssignedAsFcosDoes) {
  for (const std::string& file : golden_files("backbones", "fcos_assign")) {
    const GoldenCase golden(file);
    const auto settings = golden.settings();
    std::vector<PointLevel> levels;
    for (const int64_t stride : settings.at("strides")) {
      levels.push_back({stride, (settings.at("image")[0].get<int64_t>() + stride - 1) / stride,
                        (settings.at("image")[1].get<int64_t>() + stride - 1) / stride});
    }
    const Points points = make_points(levels, settings.at("point_offset"), 4);
    std::vector<Box> boxes;
    const Tensor in = golden.at("in.boxes"), labels = golden.at("in.labels");
    for (int64_t i = 0; i < in.size(0); ++i) {
      const float* b = in.const_data_ptr<float>() + 4 * i;
      boxes.push_back({b[0], b[1], b[2], b[3], static_cast<int32_t>(labels[i].item<int64_t>())});
    }
    const Assignment got = assign_points(points, boxes, settings.at("center_radius"));
    golden.expect("out.matched", at::tensor(got.matched));
    golden.expect("out.ltrb", at::tensor(got.ltrb));
    golden.expect("out.centerness", at::tensor(got.centerness));
  }
}

TEST(DetectionPartsTest, FocalLossEqualsTorchvisions) {
  for (const std::string& file : golden_files("backbones", "sigmoid_focal_loss")) {
    const GoldenCase golden(file);
    const Tensor logits = golden.leaf("in.logits");
    const Tensor loss = sigmoid_focal_loss(logits, golden.at("in.targets"), golden.settings().at("alpha"),
                                           golden.settings().at("gamma"));
    loss.backward();
    golden.expect("out.loss", loss);
    golden.expect_gradient("logits", logits);
  }
}

TEST(DetectionPartsTest, GiouLossEqualsTorchvisions) {
  for (const std::string& file : golden_files("backbones", "giou_loss")) {
    const GoldenCase golden(file);
    const Tensor boxes = golden.leaf("in.boxes");
    const Tensor per_box = giou_loss(boxes, golden.at("in.targets"));
    per_box.sum().backward();
    golden.expect("out.per_box", per_box);
    golden.expect_gradient("boxes", boxes);
  }
}

void expect_kept(const GoldenCase& golden) {
  std::vector<ScoredBox> boxes;
  const Tensor in = golden.at("in.boxes"), scores = golden.at("in.scores");
  for (int64_t i = 0; i < in.size(0); ++i) {
    const float* b = in.const_data_ptr<float>() + 4 * i;
    const auto label = golden.has("in.classes") ? golden.at("in.classes")[i].item<int64_t>() : 0;
    boxes.push_back({b[0], b[1], b[2], b[3], scores.const_data_ptr<float>()[i], static_cast<int32_t>(label)});
  }
  const auto kept = batched_nms(boxes, golden.settings().at("iou_threshold"));
  const Tensor want = golden.at("out.keep");
  EXPECT_EQ(kept, std::vector<int64_t>(want.const_data_ptr<int64_t>(), want.const_data_ptr<int64_t>() + want.numel()));
}

TEST(DetectionPartsTest, SuppressionKeepsWhatTorchvisionKeeps) {
  for (const std::string& file : golden_files("backbones", "nms")) expect_kept(GoldenCase(file));
  for (const std::string& file : golden_files("backbones", "batched_nms")) expect_kept(GoldenCase(file));
}

TEST(DetectionPartsTest, SemanticCrossEntropyIgnoresVoidAndSurvivesOnlyVoid) {
  for (const std::string& file : golden_files("backbones", "semantic_ce")) {
    const GoldenCase golden(file);
    const Tensor logits = golden.leaf("in.logits");
    const auto size = golden.settings().at("upsample").get<std::vector<int64_t>>();
    const Tensor weights = golden.has("in.class_weights") ? golden.at("in.class_weights") : at::ones({logits.size(1)});
    const Tensor loss =
        semantic_cross_entropy(at::upsample_bilinear2d(logits, size, false), golden.at("in.labels"), weights);
    loss.backward();
    golden.expect("out.loss", loss);
    golden.expect_gradient("logits", logits);
  }
}

}  // namespace
}  // namespace sslbench
