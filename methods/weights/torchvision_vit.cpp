// SPDX-License-Identifier: Apache-2.0
// torchvision's VisionTransformer (torchvision/models/vision_transformer.py) to timm's.
#include "methods/weights/weight_layout.h"

namespace sslbench {
namespace {

const bool registered = Registry<WeightLayout>::add(
    {.name = "torchvision ViT",
     .rows = {{"class_token", "cls_token"},
              {"conv_proj.$", "patch_embed.proj.$"},
              {"encoder.pos_embedding", "pos_embed"},
              {"encoder.layers.encoder_layer_#.ln_1.$", "blocks.#1.norm1.$"},
              {"encoder.layers.encoder_layer_#.ln_2.$", "blocks.#1.norm2.$"},
              {"encoder.layers.encoder_layer_#.self_attention.in_proj_weight", "blocks.#1.attn.qkv.weight"},
              {"encoder.layers.encoder_layer_#.self_attention.in_proj_bias", "blocks.#1.attn.qkv.bias"},
              {"encoder.layers.encoder_layer_#.self_attention.out_proj.$", "blocks.#1.attn.proj.$"},
              {"encoder.layers.encoder_layer_#.mlp.0.$", "blocks.#1.mlp.fc1.$"},
              {"encoder.layers.encoder_layer_#.mlp.3.$", "blocks.#1.mlp.fc2.$"},
              // torchvision's names before 0.13
              {"encoder.layers.encoder_layer_#.mlp.linear_1.$", "blocks.#1.mlp.fc1.$"},
              {"encoder.layers.encoder_layer_#.mlp.linear_2.$", "blocks.#1.mlp.fc2.$"},
              {"encoder.ln.$", "norm.$"},
              {"heads.head.$", "head.$"}}});

}  // namespace
}  // namespace sslbench
