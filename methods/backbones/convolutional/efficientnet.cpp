// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/convolutional/efficientnet.h"

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

struct Stage {
  int64_t expansion, kernel, stride, in, out, blocks;
};
constexpr Stage kB0[] = {{1, 3, 1, 32, 16, 1},  {6, 3, 2, 16, 24, 2},   {6, 5, 2, 24, 40, 2},  {6, 3, 2, 40, 80, 3},
                         {6, 5, 1, 80, 112, 3}, {6, 5, 2, 112, 192, 4}, {6, 3, 1, 192, 320, 1}};

}  // namespace

InvertedResidualNetShape efficientnet_b0_shape(double width, bool timm_names) {
  InvertedResidualNetShape out;
  out.timm_names = timm_names;
  const auto scaled = [&](int64_t channels) { return divisible_by_8(static_cast<double>(channels) * width); };
  int64_t number = 0;
  for (const Stage& stage : kB0) {
    for (int64_t i = 0; i < stage.blocks; ++i) {
      InvertedResidualShape block;
      block.in = scaled(i == 0 ? stage.in : stage.out), block.out = scaled(stage.out);
      block.expanded = divisible_by_8(static_cast<double>(block.in * stage.expansion));
      block.kernel = stage.kernel, block.stride = i == 0 ? stage.stride : 1;
      block.squeezed = std::max<int64_t>(1, block.in / 4);
      block.name = timm_names ? "blocks." + std::to_string(number) : "features." + std::to_string(number + 1);
      block.name += "." + std::to_string(i);
      out.blocks.push_back(block);
    }
    ++number;
  }
  out.last = 4 * out.blocks.back().out;
  out.stem_name = timm_names ? "" : "features.0";
  out.last_name = timm_names ? "" : "features." + std::to_string(number + 1);
  if (timm_names) out.stem_layers = {"conv_stem", "bn1"}, out.last_layers = {"conv_head", "bn2"};
  return out;
}

namespace {

const bool registered = Registry<BackboneEntry>::add(
    {.name = "efficientnet_b0",
     .summary = "EfficientNet-B0 with torchvision's or timm's parameter names, for images from 32 px",
     .paper = "arXiv:1905.11946",
     .options = {real_option("width", 1, 0.01, 16, "channels over those of the published net"),
                 choice_option("names", "torchvision", {"torchvision", "timm"}, "whose parameter names"),
                 real_option("drop_path", 0, 0, 0.99,
                             "share of images that would skip a block after the last in training (0.2 in its "
                             "supervised recipe); linear from 0 in the first block")},
     .tiny = {{"width", 0.125}},
     .head = "classifier.1",
     .heads_by_names = {{"timm", "classifier"}},
     .published = {{.library = "torchvision",
                    .model = "efficientnet_b0",
                    .when = {{"names", "torchvision"}},
                    .free = {"drop_path"},
                    .headless = {"model.classifier = torch.nn.Identity()"}},
                   {.library = "timm", .model = "efficientnet_b0", .when = {{"names", "timm"}}, .free = {"drop_path"}}},
     .make = [](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
       InvertedResidualNetShape shape = efficientnet_b0_shape(settings.real("width"), settings.text("names") == "timm");
       shape.drop_path = settings.real("drop_path");
       return std::make_unique<InvertedResidualNet>(shape, generator);
     }});

}  // namespace
}  // namespace sslbench
