// SPDX-License-Identifier: Apache-2.0
// Patches and their position embeddings.
#include "methods/parts/patchify.h"
#include "methods/parts/position_embedding.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

PatchOrder order_of(const GoldenCall& call) {
  const std::string order = call.text("order");
  if (order != "pqc" && order != "cpq") throw call.unsupported("order");
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
  const std::string variant = call.text("variant");
  if (variant == "timm") return GridResize::timm();
  if (variant == "mae") return GridResize::mae();
  if (variant == "dino") return GridResize::dino();
  if (variant != "dinov2") throw call.unsupported("variant");
  return GridResize::dinov2(call.real("interpolate_offset"), call.flag("antialias"));
}

GoldenOutput resized_positions(const GoldenCall& call) {
  const int64_t old = call.integer("grid");
  const auto& size = call.settings.at("new_grid");
  return {{"pos_embed", pos_embed_resize(call["pos_embed"], call.settings.value("prefix_tokens", 1), old, old, size[0],
                                         size[1], resize_of(call))}};
}

// Two groups of files: square grids of MAE's table (`dim`), and both tables on any grid (`embed_dim`).
GoldenOutput sincos_positions(const GoldenCall& call) {
  const bool cls = call.flag("cls_token");
  if (call.settings.contains("dim")) {
    return {{"pos_embed", sincos_pos_embed(call.integer("dim"), call.integer("grid"), call.integer("grid"), cls)}};
  }
  const std::string variant = call.text("variant");
  if (variant != "mae" && variant != "moco_v3") throw call.unsupported("variant");
  return {{"pos_embed", sincos_pos_embed(call.integer("embed_dim"), call.integer("grid_h"), call.integer("grid_w"), cls,
                                         variant == "mae" ? SincosOrder::mae : SincosOrder::moco_v3)}};
}

const bool registered = add_golden_ops({{"patchify", to_patches},
                                        {"unpatchify", from_patches},
                                        {"pos_embed_resize", resized_positions},
                                        {"sincos_pos_embed", sincos_positions}});

}  // namespace
}  // namespace sslbench
