// SPDX-License-Identifier: Apache-2.0
// OpenMMLab's VisionTransformer (mmpretrain/models/backbones/vision_transformer.py) to timm's.
#include "methods/weights/weight_layout.h"

namespace sslbench {
namespace {

const bool registered = Registry<WeightLayout>::add({.name = "mmpretrain ViT",
                                                     .rows = {{"patch_embed.projection.$", "patch_embed.proj.$"},
                                                              {"layers.#.ln1.$", "blocks.#1.norm1.$"},
                                                              {"layers.#.ln2.$", "blocks.#1.norm2.$"},
                                                              {"layers.#.attn.gamma1.weight", "blocks.#1.ls1.gamma"},
                                                              {"layers.#.attn.$", "blocks.#1.attn.$"},
                                                              {"layers.#.ffn.gamma2.weight", "blocks.#1.ls2.gamma"},
                                                              {"layers.#.ffn.layers.0.0.$", "blocks.#1.mlp.fc1.$"},
                                                              {"layers.#.ffn.layers.1.$", "blocks.#1.mlp.fc2.$"},
                                                              {"ln1.$", "norm.$"},
                                                              // before mmpretrain 1.0
                                                              {"layers.#.norm1.$", "blocks.#1.norm1.$"},
                                                              {"layers.#.norm2.$", "blocks.#1.norm2.$"},
                                                              {"norm1.$", "norm.$"},
                                                              {"cls_token", "cls_token"},
                                                              {"pos_embed", "pos_embed"},
                                                              {"mask_token", "mask_token"},
                                                              {"mask_token", ""}}});

}  // namespace
}  // namespace sslbench
