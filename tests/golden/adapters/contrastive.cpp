// SPDX-License-Identifier: Apache-2.0
// Losses that tell an image's other view from other images.
#include "tests/golden/golden_op.h"

namespace sslbench {

namespace moco_v2 {
Tensor info_nce_queue(const Tensor& q_ND, const Tensor& k_ND, const Tensor& queue_KD, double tau);
}
namespace moco_v3 {
Tensor symmetric_contrast(const Tensor& q1_ND, const Tensor& q2_ND, const Tensor& k1_ND, const Tensor& k2_ND,
                          double tau);
}
namespace nnclr {
enum class Negatives { cross, nt_xent };
std::pair<Tensor, Tensor> nn_lookup(const Tensor& z_ND, const Tensor& queue_KD);
Tensor nnclr_loss(const Tensor& nn1_ND, const Tensor& nn2_ND, const Tensor& p1_ND, const Tensor& p2_ND, double tau,
                  Negatives negatives);
}  // namespace nnclr
namespace dcl {
Tensor dcl(const Tensor& z1_ND, const Tensor& z2_ND, double tau);
Tensor dclw(const Tensor& z1_ND, const Tensor& z2_ND, double tau, double sigma, bool detach_weights);
}  // namespace dcl
namespace supcon {
enum class Variant { out, in, in_sum };
struct Terms {
  double tau, base_tau;
  bool first_view_only;
  Variant variant;
};
Tensor sup_con(const Tensor& features_NVD, const Tensor& labels_N, const Terms& terms);
}  // namespace supcon

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
