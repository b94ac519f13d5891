// SPDX-License-Identifier: Apache-2.0
// Hugging Face transformers: ViTModel, Dinov2Model and Dinov2WithRegistersModel, DINOv3ViTModel
// (transformers/models/{vit,dinov2,dinov2_with_registers,dinov3_vit}/modeling_*.py) to timm's networks.
#include "methods/weights/vit_rows.h"

namespace sslbench {
namespace {

const std::vector<std::string> kThree = {"query", "key", "value"};

const bool vit = Registry<WeightLayout>::add(
    {.name = "Hugging Face ViT",
     .rows = joined_qkv("encoder.layer.#.attention.attention.", kThree) +
             std::vector<LayoutRow>{{"embeddings.cls_token", "cls_token"},
                                    {"embeddings.mask_token", "mask_token"},
                                    {"embeddings.mask_token", ""},
                                    {"embeddings.position_embeddings", "pos_embed"},
                                    {"embeddings.patch_embeddings.projection.$", "patch_embed.proj.$"},
                                    {"encoder.layer.#.layernorm_before.$", "blocks.#1.norm1.$"},
                                    {"encoder.layer.#.layernorm_after.$", "blocks.#1.norm2.$"},
                                    {"encoder.layer.#.attention.output.dense.$", "blocks.#1.attn.proj.$"},
                                    {"encoder.layer.#.intermediate.dense.$", "blocks.#1.mlp.fc1.$"},
                                    {"encoder.layer.#.output.dense.$", "blocks.#1.mlp.fc2.$"},
                                    {"layernorm.$", "norm.$"},
                                    {"pooler.dense.$", ""},
                                    {"classifier.$", "head.$"}}});

const bool dinov2 = Registry<WeightLayout>::add(
    {.name = "Hugging Face DINOv2",
     .rows = joined_qkv("encoder.layer.#.attention.attention.", kThree) +
             std::vector<LayoutRow>{{"embeddings.cls_token", "cls_token"},
                                    {"embeddings.register_tokens", "reg_token"},
                                    {"embeddings.mask_token", "mask_token"},
                                    {"embeddings.mask_token", ""},
                                    {"embeddings.position_embeddings", "pos_embed"},
                                    {"embeddings.patch_embeddings.projection.$", "patch_embed.proj.$"},
                                    {"encoder.layer.#.norm1.$", "blocks.#1.norm1.$"},
                                    {"encoder.layer.#.norm2.$", "blocks.#1.norm2.$"},
                                    {"encoder.layer.#.attention.output.dense.$", "blocks.#1.attn.proj.$"},
                                    {"encoder.layer.#.layer_scale1.lambda1", "blocks.#1.ls1.gamma"},
                                    {"encoder.layer.#.layer_scale2.lambda1", "blocks.#1.ls2.gamma"},
                                    {"encoder.layer.#.mlp.weights_in.$", "blocks.#1.mlp.fc1.$"},
                                    {"encoder.layer.#.mlp.weights_out.$", "blocks.#1.mlp.fc2.$"},
                                    {"encoder.layer.#.mlp.$", "blocks.#1.mlp.$"},
                                    {"layernorm.$", "norm.$"},
                                    {"classifier.$", "head.$"}},
     .finish = add_class_position});

const bool registered = Registry<WeightLayout>::add(
    {.name = "Hugging Face DINOv3",
     .rows = std::vector<LayoutRow>{{"layer.#.attention.q_proj.bias", "blocks.#1.attn.q_bias"},
                                    {"layer.#.attention.v_proj.bias", "blocks.#1.attn.v_bias"}} +
             joined_qkv("layer.#.attention.", {"q_proj", "k_proj", "v_proj"}) +
             std::vector<LayoutRow>{{"layer.#.attention.o_proj.$", "blocks.#1.attn.proj.$"},
                                    {"embeddings.cls_token", "cls_token"},
                                    {"embeddings.register_tokens", "reg_token"},
                                    {"embeddings.mask_token", "mask_token"},
                                    {"embeddings.mask_token", ""},
                                    {"embeddings.patch_embeddings.$", "patch_embed.proj.$"},
                                    {"rope_embeddings.inv_freq", ""},
                                    {"layer.#.norm1.$", "blocks.#1.norm1.$"},
                                    {"layer.#.norm2.$", "blocks.#1.norm2.$"},
                                    {"layer.#.layer_scale1.lambda1", "blocks.#1.gamma_1"},
                                    {"layer.#.layer_scale2.lambda1", "blocks.#1.gamma_2"},
                                    {"layer.#.mlp.gate_proj.$", "blocks.#1.mlp.fc1_g.$"},
                                    {"layer.#.mlp.up_proj.$", "blocks.#1.mlp.fc1_x.$"},
                                    {"layer.#.mlp.up_proj.$", "blocks.#1.mlp.fc1.$"},
                                    {"layer.#.mlp.down_proj.$", "blocks.#1.mlp.fc2.$"},
                                    {"norm.$", "norm.$"}}});

}  // namespace
}  // namespace sslbench
