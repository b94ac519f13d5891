// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/vit.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

const bool tiny = Registry<BackboneEntry>::add(vit_entry(
    "vit_tiny", "ViT-Ti (12 blocks of width 192) with timm's parameter names", {.dim = 192, .depth = 12, .heads = 3}));
const bool small = Registry<BackboneEntry>::add(vit_entry(
    "vit_small", "ViT-S (12 blocks of width 384) with timm's parameter names", {.dim = 384, .depth = 12, .heads = 6}));
const bool registered = Registry<BackboneEntry>::add(vit_entry(
    "vit_base", "ViT-B (12 blocks of width 768) with timm's parameter names", {.dim = 768, .depth = 12, .heads = 12}));

}  // namespace
}  // namespace sslbench
