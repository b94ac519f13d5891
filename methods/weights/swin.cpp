// SPDX-License-Identifier: Apache-2.0
// Swin Transformer in three namings: torchvision's (torchvision/models/swin_transformer.py), timm's (timm
// swin_transformer.py, which merges at the start of a stage) and the authors' (microsoft/Swin-Transformer, at its end),
// towards the former two. Masks and indices follow from the settings.
#include "methods/weights/vit_rows.h"

namespace sslbench {
namespace {

using Rows = std::vector<LayoutRow>;

std::string text(int number) { return std::to_string(number); }

Rows torchvision_to_timm() {
  Rows out = {{"features.0.0.$", "patch_embed.proj.$"}, {"features.0.2.$", "patch_embed.norm.$"}};
  for (int stage = 0; stage < 4; ++stage) {
    const std::string from = "features." + text(2 * stage + 1) + ".#.", to = "layers." + text(stage) + ".blocks.#1.";
    out = out + Rows{{from + "attn.relative_position_index", ""},
                     {from + "mlp.0.$", to + "mlp.fc1.$"},
                     {from + "mlp.3.$", to + "mlp.fc2.$"},
                     {from + "$", to + "$"}};
    if (stage > 0) out.push_back({"features." + text(2 * stage) + ".$", "layers." + text(stage) + ".downsample.$"});
  }
  return out + Rows{{"norm.$", "norm.$"}, {"head.$", "head.fc.$"}};
}

// `merging`: stage whose tensors layers.<stage>.downsample are, as the source counts: 0 (authors) or 1 (timm).
Rows to_torchvision(int merging) {
  Rows out = {{"patch_embed.proj.$", "features.0.0.$"},
              {"patch_embed.norm.$", "features.0.2.$"},
              {"layers.#.blocks.#.attn_mask", ""},
              {"layers.#.blocks.#.attn.relative_position_index", ""}};
  for (int stage = 0; stage < 4; ++stage) {
    const std::string from = "layers." + text(stage) + ".blocks.#.", to = "features." + text(2 * stage + 1) + ".#1.";
    out =
        out + Rows{{from + "mlp.fc1.$", to + "mlp.0.$"}, {from + "mlp.fc2.$", to + "mlp.3.$"}, {from + "$", to + "$"}};
    if (stage < 3) {
      out.push_back({"layers." + text(stage + merging) + ".downsample.$", "features." + text(2 * stage + 2) + ".$"});
    }
  }
  return out + Rows{{"norm.$", "norm.$"}, {"head.fc.$", "head.$"}, {"head.$", "head.$"}};
}

const Rows kAuthorsToTimm = {{"layers.#.blocks.#.attn_mask", ""},
                             {"layers.#.blocks.#.attn.relative_position_index", ""},
                             {"layers.0.downsample.$", "layers.1.downsample.$"},
                             {"layers.1.downsample.$", "layers.2.downsample.$"},
                             {"layers.2.downsample.$", "layers.3.downsample.$"},
                             {"head.$", "head.fc.$"},
                             {"$", "$"}};

const bool torchvision = Registry<WeightLayout>::add({.name = "torchvision Swin", .rows = torchvision_to_timm()});
const bool timm = Registry<WeightLayout>::add({.name = "timm Swin", .rows = to_torchvision(1)});
const bool authors = Registry<WeightLayout>::add({.name = "Swin's authors", .rows = kAuthorsToTimm});
const bool registered =
    Registry<WeightLayout>::add({.name = "Swin's authors, to torchvision", .rows = to_torchvision(0)});

}  // namespace
}  // namespace sslbench
