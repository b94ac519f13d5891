// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/convolutional/mobilenet_v3.h"

#include <span>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

struct Row {
  int64_t in, kernel, expanded, out;
  bool squeezes, hard_swish;
  int64_t stride, stage;  // stage: timm's numbering
};
constexpr Row kLarge[] = {
    {16, 3, 16, 16, false, false, 1, 0},  {16, 3, 64, 24, false, false, 2, 1},  {24, 3, 72, 24, false, false, 1, 1},
    {24, 5, 72, 40, true, false, 2, 2},   {40, 5, 120, 40, true, false, 1, 2},  {40, 5, 120, 40, true, false, 1, 2},
    {40, 3, 240, 80, false, true, 2, 3},  {80, 3, 200, 80, false, true, 1, 3},  {80, 3, 184, 80, false, true, 1, 3},
    {80, 3, 184, 80, false, true, 1, 3},  {80, 3, 480, 112, true, true, 1, 4},  {112, 3, 672, 112, true, true, 1, 4},
    {112, 5, 672, 160, true, true, 2, 5}, {160, 5, 960, 160, true, true, 1, 5}, {160, 5, 960, 160, true, true, 1, 5}};
constexpr Row kSmall[] = {
    {16, 3, 16, 16, true, false, 2, 0}, {16, 3, 72, 24, false, false, 2, 1}, {24, 3, 88, 24, false, false, 1, 1},
    {24, 5, 96, 40, true, true, 2, 2},  {40, 5, 240, 40, true, true, 1, 2},  {40, 5, 240, 40, true, true, 1, 2},
    {40, 5, 120, 48, true, true, 1, 3}, {48, 5, 144, 48, true, true, 1, 3},  {48, 5, 288, 96, true, true, 2, 4},
    {96, 5, 576, 96, true, true, 1, 4}, {96, 5, 576, 96, true, true, 1, 4}};

InvertedResidualNetShape shape_of(std::span<const Row> rows, double width, bool timm_names) {
  InvertedResidualNetShape out;
  const auto scaled = [&](int64_t channels) { return divisible_by_8(static_cast<double>(channels) * width); };
  int64_t number = 0, in_stage = 0;
  for (const Row& row : rows) {
    InvertedResidualShape block;
    block.in = scaled(row.in), block.expanded = scaled(row.expanded), block.out = scaled(row.out);
    block.kernel = row.kernel, block.stride = row.stride;
    if (row.squeezes) block.squeezed = divisible_by_8(static_cast<double>(block.expanded / 4));
    block.activation = row.hard_swish ? MapActivation::hard_swish : MapActivation::relu;
    in_stage = number > 0 && row.stage == rows[static_cast<size_t>(number - 1)].stage ? in_stage + 1 : 0;
    block.name = timm_names ? "blocks." + std::to_string(row.stage) + "." + std::to_string(in_stage)
                            : "features." + std::to_string(number + 1);
    out.blocks.push_back(block);
    ++number;
  }
  out.last = 6 * out.blocks.back().out;
  out.activation = MapActivation::hard_swish, out.squeeze_activation = MapActivation::relu;
  out.hard_gate = true;
  if (!timm_names) out.eps = 1e-3, out.momentum = 0.01;
  out.timm_names = timm_names;
  out.stem_name = timm_names ? "" : "features.0";
  out.last_name =
      timm_names ? "blocks." + std::to_string(rows.back().stage + 1) + ".0" : "features." + std::to_string(number + 1);
  if (timm_names) out.stem_layers = {"conv_stem", "bn1"}, out.last_layers = {"conv", "bn1"};
  return out;
}

bool add(const char* name, const char* timm_name, const char* summary,
         InvertedResidualNetShape (*shape)(double, bool)) {
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = std::string(summary) + " with torchvision's or timm's parameter names, for images from 32 px",
       .paper = "arXiv:1905.02244",
       .options = {real_option("width", 1, 0.01, 16, "channels over those of the published net"),
                   choice_option("names", "torchvision", {"torchvision", "timm"},
                                 "whose parameter names, and whose eps and momentum of batch norm")},
       .tiny = {{"width", 0.125}},
       .head = "classifier.3",
       .heads_by_names = {{"timm", "classifier"}},
       .published = {{.library = "torchvision",
                      .model = name,
                      .when = {{"names", "torchvision"}},
                      .headless = {"model.classifier = torch.nn.Identity()"},
                      .takes_head = false},
                     {.library = "timm",
                      .model = timm_name,
                      .when = {{"names", "timm"}},
                      .headless = {"model.conv_head = model.act2 = torch.nn.Identity()"},
                      .takes_head = false}},
       .make = [shape](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         return std::make_unique<InvertedResidualNet>(shape(settings.real("width"), settings.text("names") == "timm"),
                                                      generator);
       }});
}

}  // namespace

InvertedResidualNetShape mobilenet_v3_large_shape(double width, bool timm_names) {
  return shape_of(kLarge, width, timm_names);
}

InvertedResidualNetShape mobilenet_v3_small_shape(double width, bool timm_names) {
  return shape_of(kSmall, width, timm_names);
}

namespace {

const bool registered = add("mobilenet_v3_large", "mobilenetv3_large_100", "MobileNetV3-L", mobilenet_v3_large_shape) &&
                        add("mobilenet_v3_small", "mobilenetv3_small_100", "MobileNetV3-S", mobilenet_v3_small_shape);

}  // namespace
}  // namespace sslbench
