// SPDX-License-Identifier: Apache-2.0
// MAE, SimMIM, data2vec, I-JEPA.
#include "methods/data2vec.h"
#include "methods/ijepa.h"
#include "methods/mae.h"
#include "methods/patches/gather_patches.h"
#include "methods/patches/multi_block_masks.h"
#include "methods/patches/patch_masks.h"
#include "methods/simmim.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

GoldenOutput mae_masking(const GoldenCall& call) {
  const RandomMasking masking = random_masking(call["noise"], call.real("mask_ratio"));
  return {{"kept", gather_patches(call["x"], masking.ids_keep_NK)},
          {"mask", masking.mask_NL},
          {"ids_shuffle", masking.ids_shuffle_NL},
          {"ids_restore", masking.ids_restore_NL},
          {"ids_keep", masking.ids_keep_NK}};
}

GoldenOutput mae_unshuffle(const GoldenCall& call) {
  const Tensor x = mae::unshuffle(call["x"], call["mask_token"], call["ids_restore"], {}, 1);
  return {{"x", x}, {"loss", (call["weight"] * x).sum()}};
}

GoldenOutput mae_loss(const GoldenCall& call) {
  const Tensor target = mae::pixel_targets(call["images"], call.integer("patch_size"), call.flag("norm_pix_loss"));
  return {{"loss", mae::masked_mse(call["pred"], target, call["mask"])}, {"target", target}};
}

GoldenOutput simmim_loss(const GoldenCall& call) {
  return {
      {"loss", simmim::masked_l1(call["images"], call["reconstruction"], call["mask"], call.integer("patch_size"))}};
}

GoldenOutput simmim_mask(const GoldenCall& call) {
  return {{"mask", unit_masks(call["order"].unsqueeze(0), call.integer("input_size"), call.integer("mask_patch_size"),
                              call.integer("model_patch_size"), call.real("mask_ratio"))[0]}};
}

GoldenOutput data2vec_loss(const GoldenCall& call) {
  const std::string reduction = call.choice("reduction", {"mean", "sum_scaled"});
  const Tensor targets = data2vec::targets(call["layers"].unbind(0), call.integer("top_k"),
                                           call.flag("layer_norm_each"), call.flag("layer_norm_mean"));
  return {
      {"loss", data2vec::regression(call["pred"], targets, call["mask"], call.real("beta"), reduction == "sum_scaled")},
      {"targets", targets}};
}

GoldenOutput apply(const GoldenCall& call) { return {{"x", apply_masks(call["x"], call["masks"])}}; }

GoldenOutput ijepa_loss(const GoldenCall& call) {
  const Tensor targets = ijepa::targets(call["features"], call["masks_pred"], call.integer("num_enc"));
  return {{"loss", ijepa::regression(call["pred"], targets)}, {"targets", targets}};
}

GoldenOutput ijepa_blocks(const GoldenCall& call) {
  const BlockGeometry geometry{.grid = {call.integer("height"), call.integer("width")},
                               .prediction = {call.integer("pred_h"), call.integer("pred_w")},
                               .context = {call.integer("enc_h"), call.integer("enc_w")},
                               .allow_overlap = call.flag("allow_overlap")};
  const MultiBlockMasks masks = block_masks(call.host("pred_corners"), call.host("enc_corners"), geometry);
  return {{"masks_pred", masks.predictions_MBK}, {"masks_enc", masks.contexts_EBK}};
}

const bool registered = add_golden_ops({{"mae_masking", mae_masking},
                                        {"mae_unshuffle", mae_unshuffle},
                                        {"mae_loss", mae_loss},
                                        {"simmim", simmim_loss},
                                        {"simmim_mask", simmim_mask},
                                        {"data2vec", data2vec_loss},
                                        {"apply_masks", apply},
                                        {"ijepa", ijepa_loss},
                                        {"ijepa_blocks", ijepa_blocks}});

}  // namespace
}  // namespace sslbench
