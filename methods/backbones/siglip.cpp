// SPDX-License-Identifier: Apache-2.0
// The image tower of SigLIP. Zhai et al., ICCV 2023, arXiv:2303.15343: no class token, features by an attention pool.
// Parameter names and initialisation of timm (vit_base_patch16_siglip_224, vit_large_patch16_siglip_256,
// vit_so400m_patch14_siglip_224).
#include "methods/backbones/vit.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

bool add(const char* name, const char* summary, VitShape shape) {
  const std::string size = std::string(name).substr(std::string("siglip_").size());
  const std::string timm_name =
      "vit_" + size + "_patch" + std::to_string(shape.patch_size) + "_siglip_" + std::to_string(shape.image_size);
  shape.class_token = false, shape.attention_pool = true;
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = summary,
       .paper = "arXiv:2303.15343",
       .options = joined({vit_size_options(shape),
                          {choice_option("activation", "gelu", {"gelu", "gelu_tanh"},
                                         "gelu_tanh: the approximation of GELU that SigLIP 2 was trained with")}}),
       .tiny = tiny_vit(),
       .head = "head",
       .published = {timm_vit(timm_name, {{"activation", "gelu"}}),
                     timm_vit(timm_name, {{"activation", "gelu_tanh"}}, {"act_layer='gelu_tanh'"})},
       .make = [shape](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         VitShape own = with_vit_sizes(shape, settings);
         own.activation = settings.text("activation") == "gelu" ? Activation::gelu : Activation::gelu_tanh;
         return std::make_unique<Vit>(own, generator);
       }});
}

const bool registered =
    add("siglip_base", "SigLIP's image tower ViT-B/16", {.dim = 768, .depth = 12, .heads = 12}) &&
    add("siglip_large", "SigLIP's image tower ViT-L/16", {.dim = 1024, .depth = 24, .heads = 16, .image_size = 256}) &&
    add("siglip_so400m", "SigLIP's image tower SoViT-400m/14",
        {.dim = 1152, .depth = 27, .heads = 16, .patch_size = 14, .mlp_ratio = 3.7362});

}  // namespace
}  // namespace sslbench
