// SPDX-License-Identifier: Apache-2.0
// Losses that predict one view's projection from another's.
#include "methods/byol.h"
#include "methods/fastsiam.h"
#include "methods/simsiam.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

GoldenOutput byol_loss(const GoldenCall& call) {
  const std::string reduction = call.choice("reduction", {"sum", "mean"});
  return {{"loss", byol::regression_loss(call["p1"], call["p2"], call["z1"], call["z2"], reduction == "sum")}};
}

GoldenOutput simsiam_loss(const GoldenCall& call) {
  return {{"loss", simsiam::symmetric_cosine(call["p1"], call["p2"], call["z1"], call["z2"])}};
}

GoldenOutput fastsiam_loss(const GoldenCall& call) {
  return {{"loss", fastsiam::mean_target_cosine(call["p"], call["z"])}};
}

const bool registered = add_golden_ops({{"byol", byol_loss}, {"simsiam", simsiam_loss}, {"fastsiam", fastsiam_loss}});

}  // namespace
}  // namespace sslbench
