// SPDX-License-Identifier: Apache-2.0
#include "datasets/image.h"
#include "suites/protocols/parts/segmentation_losses.h"
#include "tests/golden/formula.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

void expect_ignored_label(const GoldenCall& call) { call.expect("ignore_index", {Mask::kIgnore}); }

Tensor resized(const GoldenCall& call, const char* size) {
  return resize_scores(call["logits"], call.settings.at(size).at(0), call.settings.at(size).at(1));
}

GoldenOutput semantic_ce(const GoldenCall& call) {
  expect_ignored_label(call);
  const char* reduction = call.has("class_weights") ? "sum(w_y*ce)/sum(w_y)" : "mean over valid pixels";
  call.expect("reduction", {reduction, "0 when no pixel is valid"});
  const Tensor weights_K = call.has("class_weights")
                               ? call["class_weights"]
                               : at::ones({call["logits"].size(1)}, call["logits"].options().requires_grad(false));
  return {{"loss", semantic_cross_entropy(resized(call, "upsample"), call["labels"], weights_K)}};
}

GoldenOutput dice(const GoldenCall& call) {
  expect_ignored_label(call);
  call.expect("form", {"1 - mean_c (2 sum p y + 1)/(sum p + sum y + 1), sums over batch and valid pixels"});
  return {{"loss", dice_loss(call["logits"], call["labels"], call.real("smooth"))}};
}

GoldenOutput upsample_bilinear(const GoldenCall& call) {
  call.expect("align_corners", {false});
  call.expect("antialias", {false});
  call.expect("loss", {"sum(up * s(998, i))"});
  const Tensor up = resized(call, "size");
  const Tensor head = formula_tensor(up.sizes(), 998, 1, 0).to(call.device, call.type);
  return {{"up", up}, {"argmax", up.argmax(1)}, {"loss", (up * head).sum()}};
}

const bool registered =
    add_golden_ops({{"semantic_ce", semantic_ce}, {"dice_loss", dice}, {"upsample_bilinear", upsample_bilinear}});

}  // namespace
}  // namespace sslbench
