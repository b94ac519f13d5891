// SPDX-License-Identifier: Apache-2.0
// Image towers of CLIP and SigLIP to timm's: OpenAI's and open_clip's (openai/CLIP, clip/model.py; open_clip,
// transformer.py), and Hugging Face's (transformers/models/{clip,siglip}/modeling_*.py). What projects to text is a
// head.
#include "methods/weights/vit_rows.h"

namespace sslbench {
namespace {

const std::vector<std::string> kThree = {"q_proj", "k_proj", "v_proj"};

const std::vector<LayoutRow> kHuggingFace =
    joined_qkv("encoder.layers.#.self_attn.", kThree) +
    std::vector<LayoutRow>{{"embeddings.patch_embedding.$", "patch_embed.proj.$"},
                           {"embeddings.position_embedding.weight", "pos_embed", NameChange::row},
                           {"embeddings.position_ids", ""},
                           {"encoder.layers.#.self_attn.out_proj.$", "blocks.#1.attn.proj.$"},
                           {"encoder.layers.#.layer_norm1.$", "blocks.#1.norm1.$"},
                           {"encoder.layers.#.layer_norm2.$", "blocks.#1.norm2.$"},
                           {"encoder.layers.#.mlp.$", "blocks.#1.mlp.$"},
                           {"post_layernorm.$", "norm.$"}};

const bool openai =
    Registry<WeightLayout>::add({.name = "OpenAI CLIP",
                                 .rows = {{"class_embedding", "cls_token", NameChange::row},
                                          {"positional_embedding", "pos_embed", NameChange::row},
                                          {"conv1.$", "patch_embed.proj.$"},
                                          {"ln_pre.$", "norm_pre.$"},
                                          {"transformer.resblocks.#.ln_1.$", "blocks.#1.norm1.$"},
                                          {"transformer.resblocks.#.ln_2.$", "blocks.#1.norm2.$"},
                                          {"transformer.resblocks.#.attn.in_proj_weight", "blocks.#1.attn.qkv.weight"},
                                          {"transformer.resblocks.#.attn.in_proj_bias", "blocks.#1.attn.qkv.bias"},
                                          {"transformer.resblocks.#.attn.out_proj.$", "blocks.#1.attn.proj.$"},
                                          {"transformer.resblocks.#.mlp.c_fc.$", "blocks.#1.mlp.fc1.$"},
                                          {"transformer.resblocks.#.mlp.c_proj.$", "blocks.#1.mlp.fc2.$"},
                                          {"ln_post.$", "norm.$"},
                                          {"proj", ""}}});

const bool clip = Registry<WeightLayout>::add(
    {.name = "Hugging Face CLIP",
     .rows = std::vector<LayoutRow>{{"embeddings.class_embedding", "cls_token", NameChange::row},
                                    {"pre_layrnorm.$", "norm_pre.$"}} +
             kHuggingFace});

const bool registered = Registry<WeightLayout>::add(
    {.name = "Hugging Face SigLIP",
     .rows = std::vector<LayoutRow>{{"head.probe", "attn_pool.latent"},
                                    {"head.attention.in_proj_weight", "attn_pool.q.weight", NameChange::cut, 0, 1, 3},
                                    {"head.attention.in_proj_weight", "attn_pool.kv.weight", NameChange::cut, 1, 3, 3},
                                    {"head.attention.in_proj_bias", "attn_pool.q.bias", NameChange::cut, 0, 1, 3},
                                    {"head.attention.in_proj_bias", "attn_pool.kv.bias", NameChange::cut, 1, 3, 3},
                                    {"head.attention.out_proj.$", "attn_pool.proj.$"},
                                    {"head.layernorm.$", "attn_pool.norm.$"},
                                    {"head.mlp.$", "attn_pool.mlp.$"}} +
             kHuggingFace});

}  // namespace
}  // namespace sslbench
