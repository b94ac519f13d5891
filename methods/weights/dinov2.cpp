// SPDX-License-Identifier: Apache-2.0
// DINOv2 as its authors name it (facebookresearch/dinov2, dinov2/models/vision_transformer.py): blocks in chunks while
// training (blocks.<chunk>.<block>), SwiGLU as w12 and w3.
#include "methods/weights/vit_rows.h"

namespace sslbench {
namespace {

// For a backbone with the authors' names.
const bool chunks = Registry<WeightLayout>::add(
    {.name = "DINOv2 in chunks",
     .rows = {{"mask_token", "mask_token"}, {"mask_token", ""}, {"blocks.#.#.$", "blocks.#2.$"}, {"$", "$"}}});

const bool registered = Registry<WeightLayout>::add({.name = "DINOv2",
                                                     .rows = {{"register_tokens", "reg_token"},
                                                              {"mask_token", "mask_token"},
                                                              {"mask_token", ""},
                                                              {"blocks.#.#.mlp.w12.$", "blocks.#2.mlp.fc1.$"},
                                                              {"blocks.#.#.mlp.w3.$", "blocks.#2.mlp.fc2.$"},
                                                              {"blocks.#.mlp.w12.$", "blocks.#1.mlp.fc1.$"},
                                                              {"blocks.#.mlp.w3.$", "blocks.#1.mlp.fc2.$"},
                                                              {"blocks.#.#.$", "blocks.#2.$"},
                                                              {"$", "$"}},
                                                     .finish = add_class_position});

}  // namespace
}  // namespace sslbench
