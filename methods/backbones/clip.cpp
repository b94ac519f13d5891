// SPDX-License-Identifier: Apache-2.0
// The image tower of CLIP. Radford et al., ICML 2021, arXiv:2103.00020: a norm before the first block, a patch
// projection without bias. Parameter names and initialisation of timm (vit_base_patch16_clip_224,
// vit_large_patch14_clip_224).
#include "methods/backbones/vit.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

bool add(const char* name, const char* summary, VitShape shape) {
  const std::string size = std::string(name).substr(std::string("clip_").size());
  const std::string timm_name = "vit_" + size + "_patch" + std::to_string(shape.patch_size) + "_clip_";
  shape.pre_norm = true, shape.eps = 1e-5;
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = summary,
       .paper = "arXiv:2103.00020",
       .options = joined({vit_size_options(shape),
                          {choice_option("activation", "gelu", {"gelu", "quick_gelu"},
                                         "quick_gelu: x sigmoid(1.702 x), what OpenAI's weights were trained with; "
                                         "OpenCLIP's: gelu")}}),
       .tiny = tiny_vit(),
       .head = "head",
       .published = {timm_vit(timm_name + "224", {{"activation", "gelu"}}),
                     timm_vit(timm_name + "quickgelu_224", {{"activation", "quick_gelu"}})},
       .make = [shape](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         VitShape own = with_vit_sizes(shape, settings);
         own.activation = settings.text("activation") == "gelu" ? Activation::gelu : Activation::quick_gelu;
         return std::make_unique<Vit>(own, generator);
       }});
}

const bool registered =
    add("clip_base", "CLIP's image tower ViT-B/16", {.dim = 768, .depth = 12, .heads = 12}) &&
    add("clip_large", "CLIP's image tower ViT-L/14", {.dim = 1024, .depth = 24, .heads = 16, .patch_size = 14});

}  // namespace
}  // namespace sslbench
