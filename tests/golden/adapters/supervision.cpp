// SPDX-License-Identifier: Apache-2.0
// Reconstruction, metric learning and labels.
#include <array>

#include "methods/multitask.h"
#include "methods/parts/image_decoder.h"
#include "methods/parts/label_loss.h"
#include "methods/triplet.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

bool is_sum(const GoldenCall& call) {
  const std::string reduction = call.choice("reduction", {"sum", "mean"});
  return reduction == "sum";
}

GoldenOutput autoencoder_mse(const GoldenCall& call) {
  return {{"loss", reconstruction_loss(call["reconstruction"], call["target"], is_sum(call))}};
}

GoldenOutput triplet_margin(const GoldenCall& call) {
  return {{"loss", triplet::triplet_margin(call["anchor"], call["positive"], call["negative"], call.real("margin"),
                                           call.real("p"), call.real("eps"), call.flag("swap"), is_sum(call))}};
}

GoldenOutput multitask_ce_mse(const GoldenCall& call) {
  const auto [loss, cross_entropy, mse] =
      multitask::multitask_loss(call["logits"], call["labels"], call["reconstruction"], call["target"],
                                call.real("ce_weight"), call.real("mse_weight"));
  return {{"loss", loss}, {"cross_entropy", cross_entropy}, {"mse", mse}};
}

GoldenOutput cross_entropy(const GoldenCall& call) {
  const int64_t ignored = call.integer("ignore_index");
  return {{"loss", label_cross_entropy(call["logits"], call["labels"], call.real("label_smoothing"), ignored)},
          {"accuracy", label_accuracy(call["logits"], call["labels"], ignored)}};
}

const bool registered = add_golden_ops({{"autoencoder_mse", autoencoder_mse},
                                        {"triplet_margin", triplet_margin},
                                        {"multitask_ce_mse", multitask_ce_mse},
                                        {"cross_entropy", cross_entropy}});

}  // namespace
}  // namespace sslbench
