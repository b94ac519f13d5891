// SPDX-License-Identifier: Apache-2.0
#include "methods/jigsaw.h"

#include <gtest/gtest.h>

#include "methods/patches/permutations.h"
#include "tests/methods/small_method.h"
#include "tests/methods/smooth_batch.h"

namespace sslbench {
namespace {

using namespace jigsaw;

TEST(JigsawTest, TheIdentityPermutationCutsInReadingOrder) {
  const Tensor x = at::arange(36, at::kFloat).view({1, 1, 6, 6}), identity = at::arange(9, at::kLong).view({1, 9});
  const Tensor tiles = jigsaw_tiles(x, identity, at::zeros({1}, at::kLong), 3);
  EXPECT_TRUE(tiles[0][5].equal(x.narrow(2, 2, 2).narrow(3, 4, 2)[0]));
}

TEST(JigsawTest, PermutationsAreDifferentAndFarApart) {
  const auto method = small_method("jigsaw", {{"grid", 3}, {"permutations", 9}});
  const Tensor permutations_PT = tensor_named(method->state(), "permutations");
  const Tensor distances = hamming_distances(permutations_PT) + 9 * at::eye(9, at::kLong);
  EXPECT_GE(distances.min().item<int64_t>(), 8);  // nine permutations of nine tiles can all differ everywhere
}

TEST(JigsawTest, ThePuzzleFollowsFromImageAndEpoch) {
  const auto method = small_method("jigsaw");
  const auto loss = [&](int64_t epoch) { return method->loss(smooth_batch(1, 8, 0, epoch), {}).total.item<float>(); };
  method->train(false);
  EXPECT_EQ(loss(3), loss(3));
  EXPECT_NE(loss(3), loss(4));
}

TEST(JigsawTest, MorePermutationsThanThereAreIsTheUsersMistake) {
  EXPECT_THROW(small_method("jigsaw", {{"grid", 2}, {"permutations", 25}}), UserError);
}

}  // namespace
}  // namespace sslbench
