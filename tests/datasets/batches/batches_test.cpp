// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <numeric>

#include "datasets/batches/image_batches.h"
#include "datasets/batches/sample_order.h"
#include "datasets/install/installed.h"

namespace sslbench {
namespace {

TEST(SampleOrderTest, EveryEpochIsAnotherPermutation) {
  const auto first = epoch_order(1, 0, 100), second = epoch_order(1, 1, 100);
  EXPECT_NE(first, second);
  auto sorted = first;
  std::sort(sorted.begin(), sorted.end());
  for (int64_t i = 0; i < 100; ++i) EXPECT_EQ(sorted[static_cast<size_t>(i)], i);
  EXPECT_EQ(first, epoch_order(1, 0, 100));
  EXPECT_NE(first, epoch_order(2, 0, 100));
}

// Fault matrix: 50
TEST(SampleOrderTest, StepsCoverAnEpochAndDropOnlyTheTail) {
  SampleOrder whole(0, 10, 4, false), dropped(0, 10, 4, true);
  EXPECT_EQ(whole.steps_per_epoch(), 3);
  EXPECT_EQ(whole.at(2).samples.size(), 2U);
  EXPECT_EQ(dropped.steps_per_epoch(), 2);
  EXPECT_EQ(SampleOrder(0, 3, 8, true).steps_per_epoch(), 1);
}

TEST(ImageBatchesTest, AViewDoesNotDependOnTheBatchItIsIn) {
  const ImageSet images(open_dataset("shapes", {{"size", 32}, {"train_images", 20}}, Split::train, ""));
  const Settings settings("views", view_options(), {{"local_count", 1}, {"local_size", 16}});
  const ViewPlan plan{view_recipes_from(settings, {2, 32}), {}, 9};
  const TrainBatch together = make_views(images, {4, 11, 7}, 2, plan), alone = make_views(images, {7}, 2, plan);
  EXPECT_TRUE(together.views[1][2].equal(alone.views[1][0]));
  EXPECT_TRUE(together.crops[1][2].equal(alone.crops[1][0]));
  EXPECT_EQ(together.views[2].sizes(), (std::vector<int64_t>{3, 3, 16, 16}));
  EXPECT_FALSE(alone.views[0].equal(alone.views[1]));
  EXPECT_FALSE(alone.views[0].equal(make_views(images, {7}, 3, plan).views[0]));
}

TEST(ImageBatchesTest, EveryImageGivesAShareToTheNext) {
  const ImageSet images(open_dataset("shapes", {{"size", 32}, {"train_images", 20}}, Split::train, ""));
  const Settings settings("views", view_options(), nlohmann::json::object());
  ViewPlan plan{view_recipes_from(settings, {1, 32}), {}, 9};
  const TrainBatch pure = make_views(images, {4, 11, 7}, 2, plan);
  EXPECT_FALSE(pure.own_share_N.defined());
  plan.mixing.mixup = 1;
  const TrainBatch mixed = make_views(images, {4, 11, 7}, 2, plan);
  EXPECT_TRUE(mixed.other_labels_N.equal(pure.labels_N.roll(-1, 0)));
  const at::Tensor share = mixed.own_share_N.view({3, 1, 1, 1});
  const at::Tensor want = share * pure.views[0] + (1 - share) * pure.views[0].roll(-1, 0);
  EXPECT_LT((mixed.views[0] - want).abs().max().item<double>(), 1e-6);
}

TEST(ImageBatchesTest, ABatchDecodedOnTheWayEqualsOneOfImagesInMemory) {
  const auto open = [] { return open_dataset("shapes", {{"size", 32}, {"train_images", 20}}, Split::train, ""); };
  const ImageSet kept(open()), decoded(open(), {.budget = 1});
  ASSERT_TRUE(kept.resident());
  ASSERT_FALSE(decoded.resident());
  const Settings settings("views", view_options(), {{"local_count", 1}, {"local_size", 16}, {"rotation", 10}});
  const ViewPlan plan{view_recipes_from(settings, {2, 32}), {}, 9};
  const TrainBatch a = make_views(kept, {4, 11, 7}, 2, plan), b = make_views(decoded, {4, 11, 7}, 2, plan);
  for (size_t v = 0; v < 3; ++v) {
    EXPECT_TRUE(a.views[v].equal(b.views[v]));
    EXPECT_TRUE(a.crops[v].equal(b.crops[v]));
  }
  EXPECT_TRUE(a.labels_N.equal(b.labels_N));
  EXPECT_TRUE(a.boxes_N5.equal(b.boxes_N5));
  const Items few = take_items(decoded, 3, 4);
  EXPECT_TRUE(labels_of(few).equal(labels_of(take_items(kept, 3, 4))));
  EXPECT_TRUE(uniform(few, 32));
  EXPECT_TRUE(whole_images(few, 16, 16, {}).equal(whole_images(take_items(kept, 3, 4), 16, 16, {})));
}

TEST(ImageBatchesTest, NobodyWaitsForABatchThatIsNotAskedFor) {
  const ImageSet images(open_dataset("shapes", {{"size", 32}, {"train_images", 20}}, Split::train, ""));
  const ViewPlan plan{view_recipes_from(Settings("views", view_options(), nlohmann::json::object()), {2, 32}), {}, 9};
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(make_views(images, {4, 11, 7}, 2, plan, stop.get_token()), Abandoned);
}

TEST(ImageBatchesTest, ABoxFollowsCropAndFlip) {
  ViewParameters view;
  view.top = 10, view.left = 20, view.height = 40, view.width = 80;
  const auto inside = box_in_view({40, 20, 60, 30, 0, false}, view);
  EXPECT_NEAR(inside[0], 0.375f, 1e-5);
  EXPECT_NEAR(inside[1], 0.375f, 1e-5);
  EXPECT_NEAR(inside[2], 0.25f, 1e-5);
  EXPECT_NEAR(inside[3], 0.25f, 1e-5);
  EXPECT_NEAR(inside[4], 1, 1e-5);
  view.flip = true;
  EXPECT_NEAR(box_in_view({40, 20, 60, 30, 0, false}, view)[0], 0.625f, 1e-5);
  view.flip_vertical = true;
  EXPECT_NEAR(box_in_view({40, 20, 60, 30, 0, false}, view)[1], 0.625f, 1e-5);
  EXPECT_EQ(box_in_view({200, 200, 210, 210, 0, false}, view)[4], 0);
}

}  // namespace
}  // namespace sslbench
