// SPDX-License-Identifier: Apache-2.0
// ConvNeXt and ConvNeXt V2 in three namings: torchvision's (torchvision/models/convnext.py), timm's (timm
// convnext.py) and the authors' (facebookresearch/ConvNeXt and ConvNeXt-V2), towards the former two.
#include "methods/weights/vit_rows.h"

namespace sslbench {
namespace {

using Rows = std::vector<LayoutRow>;

std::string text(int number) { return std::to_string(number); }

Rows torchvision_to_timm() {
  Rows out = {{"features.0.0.$", "stem.0.$"},
              {"features.0.1.$", "stem.1.$"},
              {"classifier.0.$", "head.norm.$"},
              {"classifier.2.$", "head.fc.$"}};
  for (int stage = 0; stage < 4; ++stage) {
    const std::string from = "features." + text(2 * stage + 1) + ".#.", to = "stages." + text(stage) + ".blocks.#1.";
    out = out + Rows{{from + "block.0.$", to + "conv_dw.$"},
                     {from + "block.2.$", to + "norm.$"},
                     {from + "block.3.$", to + "mlp.fc1.$"},
                     {from + "block.5.$", to + "mlp.fc2.$"},
                     {from + "layer_scale", to + "gamma", NameChange::flat}};
    if (stage > 0) out.push_back({"features." + text(2 * stage) + ".$", "stages." + text(stage) + ".downsample.$"});
  }
  return out;
}

Rows timm_to_torchvision() {
  Rows out = {{"stem.0.$", "features.0.0.$"},
              {"stem.1.$", "features.0.1.$"},
              {"head.norm.$", "classifier.0.$"},
              {"head.fc.$", "classifier.2.$"}};
  for (int stage = 0; stage < 4; ++stage) {
    const std::string to = "features." + text(2 * stage + 1) + ".#1.", from = "stages." + text(stage) + ".blocks.#.";
    out = out + Rows{{from + "conv_dw.$", to + "block.0.$"},
                     {from + "norm.$", to + "block.2.$"},
                     {from + "mlp.fc1.$", to + "block.3.$"},
                     {from + "mlp.fc2.$", to + "block.5.$"},
                     {from + "gamma", to + "layer_scale", NameChange::column}};
    if (stage > 0) out.push_back({"stages." + text(stage) + ".downsample.$", "features." + text(2 * stage) + ".$"});
  }
  return out;
}

const Rows kAuthorsToTimm = {{"downsample_layers.0.$", "stem.$"},
                             {"downsample_layers.#.$", "stages.#1.downsample.$"},
                             {"stages.#.#.dwconv.$", "stages.#1.blocks.#2.conv_dw.$"},
                             {"stages.#.#.norm.$", "stages.#1.blocks.#2.norm.$"},
                             {"stages.#.#.pwconv1.$", "stages.#1.blocks.#2.mlp.fc1.$"},
                             {"stages.#.#.pwconv2.$", "stages.#1.blocks.#2.mlp.fc2.$"},
                             {"stages.#.#.gamma", "stages.#1.blocks.#2.gamma"},
                             // V2 keeps [1, 1, 1, C]
                             {"stages.#.#.grn.gamma", "stages.#1.blocks.#2.mlp.grn.weight", NameChange::flat},
                             {"stages.#.#.grn.beta", "stages.#1.blocks.#2.mlp.grn.bias", NameChange::flat},
                             {"norm.$", "head.norm.$"},
                             {"norms.#.$", ""},  // DINOv3 keeps its last norm twice
                             {"head.$", "head.fc.$"}};

Rows authors_to_torchvision() {
  Rows out = {{"downsample_layers.0.$", "features.0.$"},
              {"norms.#.$", ""},
              {"norm.$", "classifier.0.$"},
              {"head.$", "classifier.2.$"}};
  for (int stage = 0; stage < 4; ++stage) {
    const std::string from = "stages." + text(stage) + ".#.", to = "features." + text(2 * stage + 1) + ".#1.";
    out = out + Rows{{from + "dwconv.$", to + "block.0.$"},
                     {from + "norm.$", to + "block.2.$"},
                     {from + "pwconv1.$", to + "block.3.$"},
                     {from + "pwconv2.$", to + "block.5.$"},
                     {from + "gamma", to + "layer_scale", NameChange::column}};
    if (stage > 0) {
      out.push_back({"downsample_layers." + text(stage) + ".$", "features." + text(2 * stage) + ".$"});
    }
  }
  return out;
}

const bool torchvision = Registry<WeightLayout>::add({.name = "torchvision ConvNeXt", .rows = torchvision_to_timm()});
const bool timm = Registry<WeightLayout>::add({.name = "timm ConvNeXt", .rows = timm_to_torchvision()});
const bool authors = Registry<WeightLayout>::add({.name = "ConvNeXt's authors", .rows = kAuthorsToTimm});
const bool registered =
    Registry<WeightLayout>::add({.name = "ConvNeXt's authors, to torchvision", .rows = authors_to_torchvision()});

}  // namespace
}  // namespace sslbench
