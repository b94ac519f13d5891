// SPDX-License-Identifier: Apache-2.0
// Methods that compare views cell by cell.
#include "methods/densecl.h"
#include "methods/pixpro.h"
#include "methods/vicregl.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

GoldenOutput densecl_loss(const GoldenCall& call) {
  const auto out = densecl::contrast({call["q"], call["q_grid"], call["q_backbone"]},
                                     {call["k"], call["k_grid"], call["k_backbone"]}, call["queue"],
                                     call["dense_queue"], call.real("temperature"), call.real("loss_lambda"));
  return {{"loss", out.total}, {"loss_global", out.global}, {"loss_dense", out.dense}, {"match", out.match_NS}};
}

GoldenOutput pixpro_loss(const GoldenCall& call) {
  return {{"loss", pixpro::pixpro_loss(call["y1"], call["y2"], call["x1"], call["x2"], call["coord1"], call["coord2"],
                                       call.real("pos_ratio"))}};
}

GoldenOutput pixpro_propagation(const GoldenCall& call) {
  const Tensor y = pixpro::propagate(call["feat"], call["feat"], call.real("gamma"), call.real("clamp_value"));
  return {{"y", y}, {"loss", (call["weight"] * y).sum()}};
}

GoldenOutput vicregl_local(const GoldenCall& call) {
  const std::string order = call.choice("match_order", {"index", "distance"});
  return {
      {"loss", vicregl::local_loss({call["map1"], call["grid1"]}, {call["map2"], call["grid2"]},
                                   {call.real("inv_coeff"), call.real("var_coeff"), call.real("cov_coeff")},
                                   {call.integer("matches1"), call.integer("matches2"),
                                    order == "index" ? vicregl::MatchOrder::index : vicregl::MatchOrder::distance})}};
}

const bool registered = add_golden_ops({{"densecl", densecl_loss},
                                        {"pixpro", pixpro_loss},
                                        {"pixpro_propagation", pixpro_propagation},
                                        {"vicregl_local", vicregl_local}});

}  // namespace
}  // namespace sslbench
