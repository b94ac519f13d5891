// SPDX-License-Identifier: Apache-2.0
#include "suites/training/train_settings.h"

#include <gtest/gtest.h>

#include "methods/weights/load_weights.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;

TrainSettings with(const json& given) {
  return pretrain_settings(Settings("pretrain", pretrain_options(), given), at::kCPU);
}

TEST(TrainSettingsTest, EveryOptionIsReadAndExplained) {
  const Settings settings("pretrain", pretrain_options(), json::object());
  pretrain_settings(settings, at::kCPU);
  image_policy(settings);
  weight_source(settings, "init", "init_");
  EXPECT_TRUE(settings.unread().empty()) << settings.unread().front();
  for (const Option& option : pretrain_options()) EXPECT_FALSE(option.help.empty()) << option.name;
}

TEST(TrainSettingsTest, AGpuIsFedByTheThreadsOfTheRunWithinMemory) {
  const at::Device gpu("cuda:0");
  const TrainSettings chosen = with(json::object());
  EXPECT_EQ(chosen.workers(at::kCPU, 16, 0), 0) << "a CPU makes views no sooner beside a step than before it";
  EXPECT_EQ(chosen.workers(gpu, 4, 0), 4);
  EXPECT_EQ(chosen.workers(gpu, 64, 0), 8);
  EXPECT_EQ(chosen.workers(gpu, 64, int64_t{1} << 30), 2);
  EXPECT_EQ(chosen.workers(gpu, 64, int64_t{1} << 40), 1);
  EXPECT_EQ(with({{"data_workers", 12}}).workers(gpu, 4, int64_t{1} << 40), 12) << "as set";
}

TEST(TrainSettingsTest, Fp16IsRefusedToOptimizersThatCannotSkipAStep) {
  const auto on_gpu = [](json given) {
    given["precision"] = "fp16";
    return pretrain_settings(Settings("pretrain", pretrain_options(), given), at::Device("cuda:0")).precision;
  };
  for (const char* name : {"sgd", "adam", "adamw", "lars"}) EXPECT_EQ(on_gpu({{"optimizer", name}}), Precision::fp16);
  EXPECT_THROW(on_gpu({{"optimizer", "lamb"}}), UserError);
  EXPECT_THROW(on_gpu({{"optimizer", "sgd"}, {"dampening", 0.1}}), UserError);
  EXPECT_THROW(on_gpu({{"optimizer", "lars"}, {"lars_variant", "simclr_popular"}}), UserError);
  EXPECT_EQ(on_gpu({{"optimizer", "adamw"}, {"lars_variant", "simclr_popular"}}), Precision::fp16);
}

TEST(TrainSettingsTest, LockedMemoryIsCountedAsItIsTaken) {
  EXPECT_EQ(locked_bytes(0), 0);
  EXPECT_EQ(locked_bytes(int64_t{1} << 20), int64_t{1} << 20);
  EXPECT_EQ(locked_bytes((int64_t{128} << 20) + 1), int64_t{256} << 20);
}

TEST(TrainSettingsTest, ImagesAreKeptWithinTheBudgetThatIsGiven) {
  const auto policy = [](const json& given) { return image_policy(Settings("pretrain", pretrain_options(), given)); };
  EXPECT_EQ(policy({{"resident_budget", 1.5}}).budget, int64_t{3} << 29);
  EXPECT_GE(policy(json::object()).budget, int64_t{256} << 20);
  EXPECT_EQ(policy(json::object()).decode, DecodeMode::exact);
  EXPECT_EQ(policy({{"decode", "scaled"}}).decode, DecodeMode::scaled);
  EXPECT_EQ(policy(json::object()).on_corrupt, OnCorrupt::fail);
  EXPECT_EQ(policy({{"on_corrupt", "skip"}}).on_corrupt, OnCorrupt::skip);
}

TEST(TrainSettingsTest, TheRateScalesWithTheBatchAndTheWarmupWithTheRate) {
  const TrainSettings settings = with({{"learning_rate", 0.3},
                                       {"learning_rate_scaling", "linear_256"},
                                       {"batch_size", 1024},
                                       {"schedule", "cosine_moco_v3"},
                                       {"warmup_epochs", 2},
                                       {"warmup_start", 0.5}});
  EXPECT_DOUBLE_EQ(settings.learning_rate, 1.2);
  EXPECT_DOUBLE_EQ(settings.rate_at(0, 100, 10), 0.6);
  EXPECT_DOUBLE_EQ(settings.rate_at(10, 100, 10), 0.9);
  EXPECT_DOUBLE_EQ(settings.rate_at(20, 100, 10), 1.2);
  EXPECT_DOUBLE_EQ(settings.rate_at(60, 100, 10), 0.6);
}

TEST(TrainSettingsTest, PartsOfABatchAreAlike) {
  EXPECT_EQ(with({{"batch_size", 512}, {"accumulate", 4}}).accumulate, 4);
  EXPECT_EQ(part_images(Settings("pretrain", pretrain_options(), {{"batch_size", 512}, {"accumulate", 4}})), 128);
  EXPECT_THROW(with({{"batch_size", 512}, {"accumulate", 3}}), UserError);
}

TEST(TrainSettingsTest, NamedCosinesDifferAtWarmupAndEnd) {
  const auto ends = [](const char* schedule) {
    const TrainSettings settings = with({{"learning_rate", 1.0}, {"schedule", schedule}, {"warmup_epochs", 1}});
    return std::vector<double>{settings.rate_at(0, 20, 5), settings.rate_at(4, 20, 5), settings.rate_at(19, 20, 5)};
  };
  const double late = 0.010926199633097156;  // one step before the end of 15
  const auto expect = [&](const char* schedule, std::vector<double> wanted) {
    for (size_t i = 0; i < 3; ++i) EXPECT_NEAR(ends(schedule)[i], wanted[i], 1e-12) << schedule << " " << i;
  };
  expect("cosine", {0.2, 1, late});
  expect("cosine_lightly", {0.2, 1, 0});
  expect("cosine_dino", {0, 1, late});
  expect("cosine_moco_v3", {0, 0.8, late});
}

TEST(TrainSettingsTest, ConstantRatesAndDecayFollowTheirOwnSchedules) {
  const TrainSettings settings =
      with({{"learning_rate", 1.0}, {"weight_decay", 0.04}, {"weight_decay_end", 0.4}, {"warmup_epochs", 1}});
  const StepRates first = settings.rates_at(0, 20, 5), middle = settings.rates_at(10, 20, 5);
  EXPECT_DOUBLE_EQ(first.learning_rate, 0.2);
  EXPECT_DOUBLE_EQ(first.peak_rate, 1);
  EXPECT_DOUBLE_EQ(first.weight_decay, 0.04);
  EXPECT_DOUBLE_EQ(middle.weight_decay, 0.22);
  EXPECT_DOUBLE_EQ(with({{"weight_decay", 0.04}}).rates_at(10, 20, 5).weight_decay, 0.04);
}

TEST(TrainSettingsTest, MilestonesAreSharesOfTheTraining) {
  const TrainSettings settings = with({{"learning_rate", 1.0}, {"schedule", "step"}, {"milestones", {0.5, 0.75}}});
  EXPECT_DOUBLE_EQ(settings.rate_at(9, 20, 5), 1);
  EXPECT_DOUBLE_EQ(settings.rate_at(10, 20, 5), 0.1);
  EXPECT_NEAR(settings.rate_at(19, 20, 5), 0.01, 1e-15);
}

TEST(TrainSettingsTest, TheRateMayChangeOnlyBetweenEpochs) {
  const TrainSettings settings = with({{"learning_rate", 1.0}, {"rate_changes", "epoch"}});
  EXPECT_DOUBLE_EQ(settings.rate_at(9, 20, 5), settings.rate_at(5, 20, 5));
  EXPECT_LT(settings.rate_at(10, 20, 5), settings.rate_at(9, 20, 5));
}

TEST(TrainSettingsTest, LooksComeAtEvenPartsOfEpochsAndAtTheEnd) {
  const auto looks = [](double every) {
    const TrainSettings settings = with({{"evaluate_every", every}});
    std::vector<int64_t> out;
    for (int64_t done = 0; done <= 25; ++done) {
      if (settings.evaluated_after(done, 25, 10)) out.push_back(done);
    }
    return out;
  };
  EXPECT_EQ(looks(0), std::vector<int64_t>{});
  EXPECT_EQ(looks(1), (std::vector<int64_t>{10, 20, 25}));
  EXPECT_EQ(looks(0.75), (std::vector<int64_t>{8, 15, 23, 25}));
  EXPECT_EQ(looks(100), std::vector<int64_t>{25});
  EXPECT_EQ(looks(0.01).size(), 25u) << "not more than one a step";
}

TEST(TrainSettingsTest, NesterovWithoutMomentumIsAMistake) {
  EXPECT_THROW(with({{"optimizer", "sgd"}, {"nesterov", true}, {"momentum", 0.0}}), UserError);
}

}  // namespace
}  // namespace sslbench
