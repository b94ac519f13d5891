// SPDX-License-Identifier: Apache-2.0
// DINOv3 as its authors name it (facebookresearch/dinov3, dinov3/models/vision_transformer.py), to timm's Eva. The bias
// of keys is masked there, so its third of qkv.bias is nothing; rope periods follow from the settings.
#include "methods/weights/weight_layout.h"

namespace sslbench {
namespace {

const bool registered =
    Registry<WeightLayout>::add({.name = "DINOv3",
                                 .rows = {{"storage_tokens", "reg_token"},
                                          {"mask_token", "mask_token"},
                                          {"mask_token", ""},
                                          {"rope_embed.periods", ""},
                                          {"local_cls_norm.$", ""},
                                          {"blocks.#.attn.qkv.bias_mask", ""},
                                          {"blocks.#.attn.qkv.bias", "blocks.#1.attn.q_bias", NameChange::cut, 0, 1, 3},
                                          {"blocks.#.attn.qkv.bias", "blocks.#1.attn.v_bias", NameChange::cut, 2, 3, 3},
                                          {"blocks.#.ls1.gamma", "blocks.#1.gamma_1"},
                                          {"blocks.#.ls2.gamma", "blocks.#1.gamma_2"},
                                          {"blocks.#.mlp.w1.$", "blocks.#1.mlp.fc1_g.$"},
                                          {"blocks.#.mlp.w2.$", "blocks.#1.mlp.fc1_x.$"},
                                          {"blocks.#.mlp.w3.$", "blocks.#1.mlp.fc2.$"},
                                          {"$", "$"}}});

}  // namespace
}  // namespace sslbench
