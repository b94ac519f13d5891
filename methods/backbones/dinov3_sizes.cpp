// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/dinov3.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

std::vector<Option> options(const Dinov3Shape& shape) {
  return {
      integer_option("patch_size", shape.patch_size, 1, 256, "side of a patch, px"),
      integer_option("dim", shape.dim, 1, 8192, "width of a token"),
      integer_option("depth", shape.depth, 1, 128, "blocks"),
      integer_option("heads", shape.heads, 1, 128, "attention heads; 4 must divide dim over heads"),
      real_option("mlp_ratio", shape.mlp_ratio, 0.1, 16, "hidden width of a block's MLP over dim"),
      choice_option("pooling", "cls", {"cls", "mean"}, "features: the class token, or the mean of the patch tokens"),
      integer_option("registers", shape.registers, 0, 64, "storage tokens, which nothing reads (timm: num_reg_tokens)"),
      flag_option("qkv_bias", shape.qkv_bias, "biases of q and v (timm's ..._qkvb); the authors' names: always"),
      real_option("layer_scale", shape.layer_scale, 1e-12, 1, "what LayerScale starts from"),
      real_option("rope_base", shape.rope_base, 1, 1e9,
                  "longest period of the rotary positions, as a share of 2 sides"),
      choice_option("names", "timm", {"timm", "authors"}, "parameter names of timm, or of the authors' files"),
      real_option("drop_path", 0, 0, 0.99,
                  "share of images that skip the last block's branches in training; linear from 0 in the first block"),
  };
}

Dinov3Shape shape_from(Dinov3Shape shape, const Settings& settings) {
  shape.patch_size = settings.integer("patch_size");
  shape.dim = settings.integer("dim");
  shape.depth = settings.integer("depth");
  shape.heads = settings.integer("heads");
  shape.mlp_ratio = settings.real("mlp_ratio");
  shape.mean_pooling = settings.text("pooling") == "mean";
  shape.registers = settings.integer("registers");
  shape.qkv_bias = settings.flag("qkv_bias");
  shape.layer_scale = settings.real("layer_scale");
  shape.rope_base = settings.real("rope_base");
  shape.names = settings.text("names") == "timm" ? Dinov3Names::timm : Dinov3Names::authors;
  shape.drop_path = settings.real("drop_path");
  return shape;
}

std::vector<PublishedConstructor> constructors(const std::string& size) {
  std::vector<PublishedConstructor> out;
  for (const bool qkv_bias : {false, true}) {
    for (const bool mean : {false, true}) {
      out.push_back({.library = "timm",
                     .model = "vit_" + size + "_patch16_dinov3" + (qkv_bias ? "_qkvb" : ""),
                     .arguments = {mean ? "global_pool='avg'" : "global_pool='token'"},
                     .when = {{"qkv_bias", qkv_bias}, {"pooling", mean ? "mean" : "cls"}, {"names", "timm"}},
                     .free = {"drop_path", "layer_scale"}});
    }
  }
  return out;
}

bool add(const char* name, const char* summary, const Dinov3Shape& shape) {
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = summary,
       .paper = "arXiv:2508.10104",
       .options = options(shape),
       .tiny = {{"dim", 16}, {"depth", 2}, {"heads", 2}, {"patch_size", 4}},
       .head = "head",
       .published = constructors(std::string(name).substr(std::string("dinov3_").size())),
       .make = [shape](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         return std::make_unique<Dinov3>(shape_from(shape, settings), generator);
       }});
}

const bool registered =
    add("dinov3_small", "DINOv3 ViT-S/16", {.dim = 384, .depth = 12, .heads = 6}) &&
    add("dinov3_small_plus", "DINOv3 ViT-S+/16 with SwiGLU", {.dim = 384, .depth = 12, .heads = 6, .swiglu = true}) &&
    add("dinov3_base", "DINOv3 ViT-B/16", {.dim = 768, .depth = 12, .heads = 12}) &&
    add("dinov3_large", "DINOv3 ViT-L/16", {.dim = 1024, .depth = 24, .heads = 16}) &&
    add("dinov3_huge_plus", "DINOv3 ViT-H+/16 with SwiGLU", {.dim = 1280, .depth = 32, .heads = 20, .swiglu = true});

}  // namespace
}  // namespace sslbench
