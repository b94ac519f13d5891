// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/vit.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

std::vector<Option> options(const VitShape& shape) {
  std::vector<Option> out = vit_size_options(shape);
  const Option drop_path = out.back();
  out.pop_back();
  return joined(
      {out,
       {choice_option("pooling", "cls", {"cls", "mean"}, "features: the class token, or the mean of the patch tokens"),
        flag_option("class_token", shape.class_token, "false: patches only, as I-JEPA; needs pooling = \"mean\""),
        integer_option("registers", shape.registers, 0, 64, "extra tokens that nothing reads (timm: reg_tokens)"),
        choice_option("positions", "learned", {"learned", "sincos"}, "sincos: fixed sines and cosines, as MAE"),
        drop_path}});
}

std::vector<PublishedConstructor> constructors(const std::string& timm_name) {
  PublishedConstructor cls = timm_vit(timm_name, {{"pooling", "cls"}, {"class_token", true}});
  cls.passed.push_back({"registers", "reg_tokens"});
  cls.free.push_back("positions");  // their values are in the file
  PublishedConstructor mean = cls, patches_only = cls;
  mean.when["pooling"] = patches_only.when["pooling"] = "mean";
  mean.arguments = {"global_pool='avg'", "fc_norm=False"};
  patches_only.when["class_token"] = false;
  patches_only.arguments = {"global_pool='avg'", "fc_norm=False", "class_token=False"};
  return {cls, mean, patches_only};
}

VitShape shape_from(const VitShape& defaults, const Settings& settings) {
  VitShape out = with_vit_sizes(defaults, settings);
  out.mean_pooling = settings.text("pooling") == "mean";
  out.class_token = settings.flag("class_token");
  out.registers = settings.integer("registers");
  out.sincos_positions = settings.text("positions") == "sincos";
  return out;
}

}  // namespace

std::vector<Option> vit_size_options(const VitShape& shape) {
  return {
      integer_option("patch_size", shape.patch_size, 1, 256, "side of a patch, px"),
      integer_option("image_size", shape.image_size, 1, 4096,
                     "px, the grid that position embeddings are stored for; other sizes resize them (bicubic)"),
      integer_option("dim", shape.dim, 1, 8192, "width of a token"),
      integer_option("depth", shape.depth, 1, 128, "blocks"),
      integer_option("heads", shape.heads, 1, 128, "attention heads; must divide dim"),
      real_option("mlp_ratio", shape.mlp_ratio, 0.1, 16, "hidden width of a block's MLP over dim"),
      real_option("drop_path", shape.drop_path, 0, 0.99,
                  "share of images that skip the last block's branches in training; linear from 0 in the first block"),
  };
}

VitShape with_vit_sizes(VitShape shape, const Settings& settings) {
  shape.patch_size = settings.integer("patch_size");
  shape.image_size = settings.integer("image_size");
  shape.dim = settings.integer("dim");
  shape.depth = settings.integer("depth");
  shape.heads = settings.integer("heads");
  shape.mlp_ratio = settings.real("mlp_ratio");
  shape.drop_path = settings.real("drop_path");
  return shape;
}

nlohmann::json tiny_vit() { return {{"dim", 16}, {"depth", 2}, {"heads", 2}, {"patch_size", 4}, {"image_size", 32}}; }

PublishedConstructor timm_vit(const std::string& name, nlohmann::json when, std::vector<std::string> arguments) {
  return {.library = "timm",
          .model = name,
          .arguments = std::move(arguments),
          .passed = {{"image_size", "img_size"}, {"patch_size", "patch_size"}},
          .when = std::move(when),
          .free = {"drop_path", "layer_scale"}};
}

BackboneEntry vit_entry(std::string name, std::string summary, const VitShape& shape, const std::string& timm_name) {
  return {.name = std::move(name),
          .summary = std::move(summary),
          .paper = "arXiv:2010.11929",
          .options = options(shape),
          .tiny = tiny_vit(),
          .head = "head",
          .published = constructors(timm_name),
          .make = [shape](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
            return std::make_unique<Vit>(shape_from(shape, settings), generator);
          }};
}

}  // namespace sslbench
