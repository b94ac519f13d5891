// SPDX-License-Identifier: Apache-2.0
// Patches and their position embeddings.
#include "methods/patches/patchify.h"
#include "methods/patches/position_embedding.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

PatchOrder order_of(const GoldenCall& call) {
  const std::string order = call.choice("order", {"pqc", "cpq"});
  return order == "pqc" ? PatchOrder::pqc : PatchOrder::cpq;
}

GoldenOutput to_patches(const GoldenCall& call) {
  return {{"patches", patchify(call["images"], call.integer("patch_size"), order_of(call))}};
}

GoldenOutput from_patches(const GoldenCall& call) {
  return {{"images", unpatchify(call["patches"], call.integer("patch_size"), call.integer("grid_h"),
                                call.integer("grid_w"), order_of(call))}};
}

GridResize resize_of(const GoldenCall& call) {
  const std::string variant = call.choice("variant", {"timm", "mae", "dino", "dinov2"});
  if (variant == "dinov2") {
    const double offset = call.real("interpolate_offset");
    call.expect("scale_from", {offset == 0 ? "size" : "(new+offset)/old"});
    return GridResize::dinov2(offset, call.flag("antialias"));
  }
  call.expect("antialias", {variant == "timm"});
  call.expect("scale_from", {variant == "dino" ? "(new+0.1)/old" : "size"});
  if (variant == "dino") call.expect("interpolate_offset", {0.1});
  return variant == "timm" ? GridResize::timm() : variant == "mae" ? GridResize::mae() : GridResize::dino();
}

GoldenOutput resized_positions(const GoldenCall& call) {
  call.expect("mode", {"bicubic"});
  call.expect("dim", {call["pos_embed"].size(2)});
  const int64_t old = call.integer("grid");
  const auto& size = call.settings.at("new_grid");
  return {{"pos_embed", pos_embed_resize(call["pos_embed"], call.settings.integer("prefix_tokens", 1), old, old,
                                         size[0], size[1], resize_of(call))}};
}

// Two groups of files: square grids of MAE's table (`dim`), and both tables on any grid (`embed_dim`).
GoldenOutput sincos_positions(const GoldenCall& call) {
  const bool cls = call.flag("cls_token");
  if (call.settings.contains("dim")) {
    return {{"pos_embed", sincos_pos_embed(call.integer("dim"), call.integer("grid"), call.integer("grid"), cls)}};
  }
  const std::string variant = call.choice("variant", {"mae", "moco_v3"});
  return {{"pos_embed", sincos_pos_embed(call.integer("embed_dim"), call.integer("grid_h"), call.integer("grid_w"), cls,
                                         variant == "mae" ? SincosOrder::mae : SincosOrder::moco_v3)}};
}

const bool registered = add_golden_ops({{"patchify", to_patches},
                                        {"unpatchify", from_patches},
                                        {"pos_embed_resize", resized_positions},
                                        {"sincos_pos_embed", sincos_positions}});

}  // namespace
}  // namespace sslbench
