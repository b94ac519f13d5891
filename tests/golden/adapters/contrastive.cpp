// SPDX-License-Identifier: Apache-2.0
// Losses that tell an image's other view from other images.
#include "methods/dcl.h"
#include "methods/moco_v2.h"
#include "methods/moco_v3.h"
#include "methods/nnclr.h"
#include "methods/supcon.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

GoldenOutput info_nce_queue(const GoldenCall& call) {
  return {{"loss", moco_v2::info_nce_queue(call["q"], call["k"], call["queue"], call.real("temperature"))}};
}

GoldenOutput moco_v3_loss(const GoldenCall& call) {
  return {
      {"loss", moco_v3::symmetric_contrast(call["q1"], call["q2"], call["k1"], call["k2"], call.real("temperature"))}};
}

GoldenOutput nnclr_loss(const GoldenCall& call) {
  const std::string negatives = call.choice("negatives", {"cross", "nt_xent"});
  return {{"loss", nnclr::nnclr_loss(call["nn1"], call["nn2"], call["p1"], call["p2"], call.real("temperature"),
                                     negatives == "cross" ? nnclr::Negatives::cross : nnclr::Negatives::nt_xent)}};
}

GoldenOutput nn_lookup(const GoldenCall& call) {
  const auto [index_N, neighbours_ND] = nnclr::nn_lookup(call["z"], call["queue"]);
  return {{"index", index_N}, {"neighbours", neighbours_ND}};
}

GoldenOutput dcl_loss(const GoldenCall& call) {
  return {{"loss", dcl::dcl(call["z1"], call["z2"], call.real("temperature"))}};
}

GoldenOutput dclw_loss(const GoldenCall& call) {
  return {{"loss", dcl::dclw(call["z1"], call["z2"], call.real("temperature"), call.real("sigma"),
                             call.flag("detach_weights"))}};
}

GoldenOutput sup_con(const GoldenCall& call) {
  const std::string variant = call.choice("variant", {"out", "in", "in_sum"});
  const std::string mode = call.choice("contrast_mode", {"all", "one"});
  const supcon::Variant which = variant == "out"  ? supcon::Variant::out
                                : variant == "in" ? supcon::Variant::in
                                                  : supcon::Variant::in_sum;
  return {{"loss", supcon::sup_con(call["features"], call["labels"],
                                   {call.real("temperature"), call.real("base_temperature"), mode == "one", which})}};
}

const bool registered = add_golden_ops({{"info_nce_queue", info_nce_queue},
                                        {"moco_v3", moco_v3_loss},
                                        {"nnclr", nnclr_loss},
                                        {"nn_lookup", nn_lookup},
                                        {"dcl", dcl_loss},
                                        {"dclw", dclw_loss},
                                        {"supcon", sup_con}});

}  // namespace
}  // namespace sslbench
