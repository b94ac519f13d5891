// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/vit.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

std::vector<Option> options(const VitShape& shape) {
  return {
      integer_option("patch_size", shape.patch_size, 1, 256, "side of a patch, px"),
      integer_option("image_size", shape.image_size, 1, 4096,
                     "px, the grid that position embeddings are stored for; other sizes resize them (bicubic)"),
      integer_option("dim", shape.dim, 1, 8192, "width of a token"),
      integer_option("depth", shape.depth, 1, 128, "blocks"),
      integer_option("heads", shape.heads, 1, 128, "attention heads; must divide dim"),
      real_option("mlp_ratio", shape.mlp_ratio, 0.1, 16, "hidden width of a block's MLP over dim"),
      choice_option("pooling", "cls", {"cls", "mean"}, "features: the class token, or the mean of the patch tokens"),
      flag_option("class_token", shape.class_token, "false: patches only, as I-JEPA; needs pooling = \"mean\""),
      integer_option("registers", shape.registers, 0, 64, "extra tokens that nothing reads (timm: reg_tokens)"),
      choice_option("positions", "learned", {"learned", "sincos"}, "sincos: fixed sines and cosines, as MAE"),
      real_option("drop_path", shape.drop_path, 0, 0.99,
                  "share of images that skip the last block's branches in training; linear from 0 in the first block"),
  };
}

VitShape shape_from(const Settings& settings) {
  VitShape out;
  out.patch_size = settings.integer("patch_size");
  out.image_size = settings.integer("image_size");
  out.dim = settings.integer("dim");
  out.depth = settings.integer("depth");
  out.heads = settings.integer("heads");
  out.mlp_ratio = settings.real("mlp_ratio");
  out.mean_pooling = settings.text("pooling") == "mean";
  out.class_token = settings.flag("class_token");
  out.registers = settings.integer("registers");
  out.sincos_positions = settings.text("positions") == "sincos";
  out.drop_path = settings.real("drop_path");
  return out;
}

}  // namespace

BackboneEntry vit_entry(std::string name, std::string summary, const VitShape& shape) {
  return {.name = std::move(name),
          .summary = std::move(summary),
          .paper = "arXiv:2010.11929",
          .options = options(shape),
          .tiny = {{"dim", 16}, {"depth", 2}, {"heads", 2}, {"patch_size", 4}, {"image_size", 32}},
          .head = "head",
          .make = [](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
            return std::make_unique<Vit>(shape_from(settings), generator);
          }};
}

}  // namespace sslbench
