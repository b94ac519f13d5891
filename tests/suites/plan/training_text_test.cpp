// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/training_text.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

using nlohmann::json;

TEST(TrainingTextTest, NamesPresetOptimizerRateAsUsedScheduleAndWarmUp) {
  const json pretrain = {
      {"optimizer", "lars"}, {"batch_size", 512},     {"learning_rate", 0.3}, {"schedule", "cosine"},
      {"epochs", 10},        {"warmup_epochs", 40.0}, {"weight_decay", 1e-6}, {"learning_rate_scaling", "linear_256"}};
  EXPECT_EQ(training_text(pretrain, "imagenet"),
            "preset imagenet: lars, batch 512, peak rate 0.6 (0.3, linear_256), cosine over 10 epochs "
            "with 40 of warm-up, so that the peak is never reached, weight decay 1e-06");
}

TEST(TrainingTextTest, NamesWhatSavesMemory) {
  EXPECT_EQ(training_text({{"batch_size", 512}, {"accumulate", 4}, {"recompute", "blocks"}}, ""),
            "batch 512 in 4 parts, blocks computed again");
  EXPECT_EQ(training_text({{"batch_size", 512}, {"accumulate", 1}, {"recompute", "none"}}, ""), "batch 512");
}

TEST(TrainingTextTest, SaysLessWhereLessIsKnown) {
  EXPECT_EQ(training_text({{"optimizer", "sgd"}, {"learning_rate", 0.1}, {"schedule", "step"}, {"epochs", 2}}, ""),
            "sgd, peak rate 0.1, step over 2 epochs without warm-up");
  EXPECT_EQ(training_text({{"schedule", "step"}, {"epochs", 1}}, ""), "step over 1 epoch without warm-up");
  EXPECT_EQ(training_text({{"learning_rate", "x"}, {"learning_rate_scaling", "y"}, {"optimizer", 3}}, ""), "");
  EXPECT_EQ(training_text(json(), ""), "");
  EXPECT_EQ(
      training_text({{"learning_rate", 0.5}, {"learning_rate_scaling", "of a later program"}, {"batch_size", 8}}, ""),
      "batch 8, peak rate 0.5");
}

TEST(TrainingTextTest, ARowThatTrainsNothingIsFrozenOrRandom) {
  RunSpec run;
  run.pretrain = {{"optimizer", "sgd"}};
  EXPECT_EQ(run_training_text(run, true), "sgd");
  EXPECT_EQ(run_training_text(run, false), "random weights, trains nothing");
  run.method_settings = {{"weights", "/a/dinov2.safetensors"}};
  run.files = {{"weights", "digest"}};
  EXPECT_EQ(run_training_text(run, false), "frozen, weights of dinov2.safetensors");
  run.backbone_settings = {{"file", "/b/mine.pt2"}};
  run.files = {{"backbone.file", "digest"}};
  EXPECT_EQ(run_training_text(run, false), "frozen, weights of mine.pt2");
}

}  // namespace
}  // namespace sslbench
