// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/xcit.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

XcitShape shape_from(XcitShape shape, const Settings& settings) {
  shape.patch_size = settings.integer("patch_size");
  shape.dim = settings.integer("dim");
  shape.depth = settings.integer("depth");
  shape.heads = settings.integer("heads");
  shape.layer_scale = settings.real("layer_scale");
  shape.drop_path = settings.real("drop_path");
  return shape;
}

bool add(const char* name, const char* summary, const XcitShape& shape) {
  std::vector<PublishedConstructor> published;
  for (const int patch_size : {8, 16}) {
    published.push_back({.library = "timm",
                         .model = std::string(name) + "_p" + std::to_string(patch_size) + "_224",
                         .when = {{"patch_size", patch_size}},
                         .free = {"layer_scale", "drop_path"}});
  }
  return Registry<BackboneEntry>::add(
      {.name = name,
       .summary = std::string(summary) + " with timm's parameter names",
       .paper = "arXiv:2106.09681",
       .options = {integer_option("patch_size", shape.patch_size, 8, 16, "side of a patch, px: 8 or 16"),
                   integer_option("dim", shape.dim, 8, 8192, "width of a token; a multiple of 8"),
                   integer_option("depth", shape.depth, 1, 128, "blocks, before the two of the class token"),
                   integer_option("heads", shape.heads, 1, 128, "attention heads; must divide dim"),
                   real_option("layer_scale", shape.layer_scale, 1e-12, 1, "what LayerScale starts from"),
                   real_option("drop_path", 0, 0, 0.99,
                               "share of images that skip a branch in training; the same in every block")},
       .tiny = {{"dim", 16}, {"depth", 2}, {"heads", 2}, {"patch_size", 8}},
       .head = "head",
       .published = published,
       .make = [shape](const Settings& settings, at::Generator& generator) -> std::unique_ptr<Backbone> {
         return std::make_unique<Xcit>(shape_from(shape, settings), generator);
       }});
}

const bool registered = add("xcit_tiny_12", "XCiT-T12", {.dim = 192, .depth = 12, .heads = 4}) &&
                        add("xcit_small_12", "XCiT-S12", {.dim = 384, .depth = 12, .heads = 8}) &&
                        add("xcit_small_24", "XCiT-S24", {.dim = 384, .depth = 24, .heads = 8, .layer_scale = 1e-5}) &&
                        add("xcit_medium_24", "XCiT-M24", {.dim = 512, .depth = 24, .heads = 8, .layer_scale = 1e-5});

}  // namespace
}  // namespace sslbench
