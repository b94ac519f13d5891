// SPDX-License-Identifier: Apache-2.0
#include "methods/simclr.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

using namespace simclr;

GoldenOutput whole_batch(const GoldenCall& call) {
  const double factor = call.choice("direction_reduction", {"mean", "sum"}) == "sum" ? 2 : 1;
  return {{"loss", factor * nt_xent(call["z1"], call["z2"], call.real("temperature"))}};
}

GoldenOutput one_rank(const GoldenCall& call) {
  const int64_t count = call["z1"].size(0) / call.integer("world_size");
  return {
      {"loss", nt_xent_of_rows(call["z1"], call["z2"], call.real("temperature"), call.integer("rank") * count, count)}};
}

const bool registered = add_golden_ops({{"nt_xent", whole_batch}, {"nt_xent_gathered", one_rank}});

}  // namespace
}  // namespace sslbench
