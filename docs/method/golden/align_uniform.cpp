// SPDX-License-Identifier: Apache-2.0
#include "align_uniform.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

GoldenOutput align_uniform_loss(const GoldenCall& call) {
  return {{"loss", align_uniform::loss(call["x"], call["y"], call.real("t"), call.real("weight"))}};
}

const bool registered = add_golden_ops({{"align_uniform", align_uniform_loss}});

}  // namespace
}  // namespace sslbench
