// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/vit.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

bool add(const char* name, const char* summary, const VitShape& shape) {
  const std::string timm_name = std::string(name) + "_patch" + std::to_string(shape.patch_size) + "_224";
  return Registry<BackboneEntry>::add(
      vit_entry(name, std::string(summary) + " with timm's parameter names", shape, timm_name));
}

const bool registered =
    add("vit_tiny", "ViT-Ti (12 blocks of width 192)", {.dim = 192, .depth = 12, .heads = 3}) &&
    add("vit_small", "ViT-S (12 blocks of width 384)", {.dim = 384, .depth = 12, .heads = 6}) &&
    add("vit_base", "ViT-B (12 blocks of width 768)", {.dim = 768, .depth = 12, .heads = 12}) &&
    add("vit_large", "ViT-L (24 blocks of width 1024)", {.dim = 1024, .depth = 24, .heads = 16}) &&
    add("vit_huge", "ViT-H/14 (32 blocks of width 1280)", {.dim = 1280, .depth = 32, .heads = 16, .patch_size = 14}) &&
    add("vit_giant", "ViT-g/14 (40 blocks of width 1408)",
        {.dim = 1408, .depth = 40, .heads = 16, .patch_size = 14, .mlp_ratio = 48.0 / 11});

}  // namespace
}  // namespace sslbench
