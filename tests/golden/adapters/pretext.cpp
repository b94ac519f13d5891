// SPDX-License-Identifier: Apache-2.0
// Pretext tasks: turns and tiles.
#include "methods/jigsaw.h"
#include "methods/patches/permutations.h"
#include "methods/rotnet.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

GoldenOutput rotate_views(const GoldenCall& call) {
  const auto [images, labels] = rotnet::rotate_views(call["images"]);
  return {{"images", images}, {"labels", labels}};
}

GoldenOutput jigsaw_tiles(const GoldenCall& call) {
  return {{"tiles", jigsaw::jigsaw_tiles(call["images"], call["permutations"], call["choice"], call.integer("grid"))}};
}

GoldenOutput distances(const GoldenCall& call) {
  const Tensor distances_PP = hamming_distances(call["permutations"]);
  const int64_t P = distances_PP.size(0);
  const Tensor others = distances_PP.masked_select(at::eye(P, distances_PP.options().dtype(at::kBool)).logical_not());
  return {{"distances", distances_PP}, {"minimum", others.min()}, {"mean", others.to(call.type).mean()}};
}

GoldenOutput chosen(const GoldenCall& call) {
  return {{"chosen", permutation_set(call.host("candidates"), call.integer("count"), call.integer("first"))}};
}

const bool registered = add_golden_ops({{"rotate_views", rotate_views},
                                        {"jigsaw_tiles", jigsaw_tiles},
                                        {"hamming_distances", distances},
                                        {"permutation_set", chosen}});

}  // namespace
}  // namespace sslbench
