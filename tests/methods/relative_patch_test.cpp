// SPDX-License-Identifier: Apache-2.0
#include "methods/relative_patch.h"

#include <gtest/gtest.h>

#include "tests/methods/small_method.h"
#include "tests/methods/smooth_batch.h"

namespace sslbench {
namespace {

using namespace relative_patch;

TEST(RelativePatchTest, PatchesLieInsideTheImageInTheirDirectionAndNeverTouch) {
  for (const int64_t size : {32, 64, 224}) {
    const Geometry how = geometry(size, 0.5, 7.0 / 96);
    for (uint32_t sample = 0; sample < 50; ++sample) {
      RandomStream stream(1, RandomUse::pretext, 0, sample);
      const Placement at = place_patches(how, size, stream);
      for (int64_t direction = 0; direction < kDirections; ++direction) {
        const Corner& other = at.neighbours[static_cast<size_t>(direction)];
        for (const int64_t corner : {at.centre.top, at.centre.left, other.top, other.left}) {
          EXPECT_GE(corner, 0);
          EXPECT_LE(corner + how.patch, size);
        }
        const int64_t dy = other.top - at.centre.top, dx = other.left - at.centre.left;
        const int64_t cell = direction < kCentre ? direction : direction + 1, half = (how.patch + how.gap) / 2;
        EXPECT_EQ((dy > half) - (dy < -half), cell / 3 - 1);
        EXPECT_EQ((dx > half) - (dx < -half), cell % 3 - 1);
        EXPECT_GE(std::max(std::abs(dy), std::abs(dx)), how.patch + how.gap - 2 * how.jitter);
      }
    }
  }
}

TEST(RelativePatchTest, ThePaperGeometryFollowsFromItsImage) {
  const Geometry how = geometry(398, 0.5, 7.0 / 96);  // 3 * 96 + 2 * 48 + 2 * 7
  EXPECT_EQ(how.patch, 96);
  EXPECT_EQ(how.gap, 48);
  EXPECT_EQ(how.jitter, 7);
}

TEST(RelativePatchTest, ColoursAreDroppedUnlessAskedFor) {
  const TrainBatch batch = smooth_batch(1, 8);
  TrainBatch gray = batch;
  gray.views[0] = batch.views[0].narrow(1, 0, 1).expand_as(batch.views[0]).contiguous();
  const auto keep = small_method("relative_patch", {{"drop_colours", false}}),
             drop = small_method("relative_patch", {{"drop_colours", true}});
  EXPECT_NE(keep->loss(gray, {}).total.item<float>(), drop->loss(gray, {}).total.item<float>());
}

TEST(RelativePatchTest, TooSmallAnImageIsTheUsersMistake) {
  EXPECT_THROW(small_method("relative_patch", {{"gap", 4.0}}), UserError);
}

}  // namespace
}  // namespace sslbench
