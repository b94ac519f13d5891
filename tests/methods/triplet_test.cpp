// SPDX-License-Identifier: Apache-2.0
#include "methods/triplet.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"
#include "tests/methods/smooth_batch.h"

namespace sslbench {
namespace {

using namespace triplet;

// Two views of three images on a line: image 0 at 0 and 4, image 1 at 3 and 5, image 2 at 20 and 9.
Tensor on_a_line() { return at::tensor(std::vector<float>{0, 3, 20, 4, 5, 9}).view({6, 1}); }

TEST(TripletTest, SemiHardIsTheNearestThatIsFartherThanThePositive) {
  const Tensor row_M = semi_hard_negatives(on_a_line(), 2);
  EXPECT_EQ(row_M[0].item<int64_t>(), 4);  // 0, positive 4: of 3, 5, 9, 20 the nearest beyond 4
  EXPECT_EQ(row_M[1].item<int64_t>(), 0);  // 3, positive 5: 4 is nearer than it, 0 is not
  EXPECT_EQ(row_M[4].item<int64_t>(), 5);  // 5, positive 3: 9 lies beyond it
}

TEST(TripletTest, WhereAllNegativesAreNearerItTakesTheFarthest) {
  const Tensor far = at::tensor(std::vector<float>{0, 1, 10, 2}).view({4, 1});
  EXPECT_EQ(semi_hard_negatives(far, 2)[0].item<int64_t>(), 3);
}

TEST(TripletTest, HardestIsTheNearestOfAnotherImage) {
  const Tensor row_M = hardest_negatives(on_a_line(), 2);
  const std::vector<int64_t> want = {1, 3, 4, 1, 3, 4};
  for (int64_t m = 0; m < 6; ++m) EXPECT_EQ(row_M[m].item<int64_t>(), want[static_cast<size_t>(m)]) << m;
}

TEST(TripletTest, TheNegativeIsNeverAViewOfTheSameImage) {
  const Tensor e_MD = noise({24, 5}, 3);
  for (const Tensor& row_M : {semi_hard_negatives(e_MD, 3), hardest_negatives(e_MD, 3)}) {
    EXPECT_FALSE(row_M.remainder(8).eq(at::arange(24, at::kLong).remainder(8)).any().item<bool>());
  }
}

TEST(TripletTest, OnTheUnitSphereTheScaleOfTheFeaturesSaysNothing) {
  const auto plain = small_method("triplet", {{"negatives", "one"}, {"unit", false}}),
             unit = small_method("triplet", {{"negatives", "one"}});
  for (const auto* method : {&plain, &unit}) {
    const at::NoGradGuard no_grad;
    for (const auto& [name, parameter] : (*method)->parameters()) {
      if (name.starts_with("fc.")) Tensor(parameter).mul_(100);
    }
  }
  const TrainBatch batch = noise_batch(8);
  EXPECT_GT(plain->loss(batch, {}).embedding_ND.norm(2, {1}).max().item<float>(), 2);
  EXPECT_LT(unit->loss(batch, {}).embedding_ND.norm(2, {1}).max().item<float>(), 1.001f);
}

TEST(TripletTest, ThePlainFormTakesTheNextImageAsNegative) {
  const auto method = small_method("triplet", {{"negatives", "one"}, {"unit", false}});
  const TrainBatch batch = smooth_batch(2, 4);
  const Loss loss = method->loss(batch, {});
  EXPECT_EQ(loss.embedding_ND.size(0), 4);
  const auto mined = small_method("triplet", {{"negatives", "hardest"}, {"unit", false}});
  EXPECT_GE(mined->loss(batch, {}).total.item<float>(), loss.total.item<float>());
}

}  // namespace
}  // namespace sslbench
