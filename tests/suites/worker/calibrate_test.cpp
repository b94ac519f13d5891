// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/calibrate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "suites/protocols/protocol.h"
#include "suites/training/meters/cpu_allocator.h"
#include "suites/training/train_settings.h"
#include "tests/methods/foreign/fixture.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

// A row on 300 + 40 rendered images, of which two protocols take features.
RunSpec small_row(const std::string& method) {
  RunSpec run;
  run.suite = "quick", run.row = run.method = method, run.id = "0123456789ab";
  run.dataset = {"shapes", {{"size", 32}, {"train_images", 300}, {"test_images", 40}}, ""};
  run.backbone = "convnet";
  run.pretrain = Settings("pretrain", pretrain_options(), {{"epochs", 2}, {"batch_size", 100}}).values();
  run.protocols = {{"near", "knn", 1, run.dataset, nlohmann::json::object(), "k1"},
                   {"line", "linear_probe", 1, run.dataset, nlohmann::json::object(), "k2"}};
  return run;
}

nlohmann::json calibrated(const RunSpec& run, int64_t memory = int64_t{1} << 40) {
  return nlohmann::json::parse(calibrate(run, memory));
}

double seconds_of(const nlohmann::json& found, const std::string& row) {
  return found.at("stages").at(row).at("seconds").get<double>();
}

TEST(CalibrateTest, ARowThatTrainsNothingCostsItsProtocols) {
  const nlohmann::json found = calibrated(small_row("random_init"));
  EXPECT_EQ(seconds_of(found, "pretrain"), 0);
  EXPECT_GT(seconds_of(found, "near"), 0);
  EXPECT_GT(seconds_of(found, "line"), 0);
  EXPECT_LT(seconds_of(found, "near"), 30);
  EXPECT_GT(found.at("stages").at("near").at("process_bytes"), 1 << 20);
  EXPECT_GT(found.at("disk_bytes"), 1000);
}

TEST(CalibrateTest, ATrainedRowCostsItsSteps) {
  const nlohmann::json found = calibrated(small_row("simclr"));
  EXPECT_EQ(found.at("steps"), 6);
  EXPECT_GE(seconds_of(found, "pretrain"), found.at("step_seconds").get<double>());
}

// 300 images: one step of 256, or two of 128, or four of 64.
TEST(CalibrateTest, ABatchThatDoesNotFitIsForetoldFromAPartOfIt) {
  install_cpu_allocator();
  RunSpec run = small_row("simclr");
  run.pretrain["batch_size"] = 256;
  run.protocols.clear();
  const auto whole = calibrated(run), part = calibrated(run, whole.at("batch_bytes").get<int64_t>() * 2 / 3);
  EXPECT_EQ(whole.at("steps"), 2);
  EXPECT_GT(part.at("steps"), 2) << "of a smaller batch";
  const auto bytes = [](const nlohmann::json& found) { return found.at("batch_bytes").get<double>(); };
  EXPECT_GT(bytes(whole), 1 << 20);
  EXPECT_NEAR(bytes(part) / bytes(whole), 1, 0.15);
  EXPECT_NEAR(part.at("image_bytes").get<double>() * 256 / bytes(whole), 1, 0.15);
  EXPECT_THROW(calibrated(run, 1 << 16), UserError);
}

TEST(CalibrateTest, WhatIsKnownIsLeftOut) {
  RunSpec run = small_row("simclr");
  run.reuse = {{"pretrain", ""}, {"near", ""}};
  const nlohmann::json found = calibrated(run);
  EXPECT_FALSE(found.at("stages").contains("pretrain"));
  EXPECT_FALSE(found.at("stages").contains("near"));
  EXPECT_GT(seconds_of(found, "line"), 0) << "with the features that it now pays for";
}

// 40 batches, of which four are taken.
TEST(CalibrateTest, FeaturesOfManyImagesCostWhatAFewBatchesForetell) {
  const auto features = [](int64_t images) {
    RunSpec run = small_row("random_init");
    run.dataset.settings["train_images"] = images;
    run.protocols = {{"near", "knn", 1, run.dataset, nlohmann::json::object(), "k"}};
    return seconds_of(calibrated(run), "near");
  };
  EXPECT_GT(features(256 * 40), 4 * features(256 * 4));
}

// 600 steps at one rate; 3 x 480 + 600 where three are tried.
TEST(CalibrateTest, ProtocolsThatTrainCostTheirTrialsToo) {
  RunSpec run = small_row("random_init");
  const auto seconds = [&](const nlohmann::json& rates) {
    const DatasetSpec shapes{
        "shapes", {{"size", 32}, {"train_images", 600}, {"test_images", 8}, {"objects", "several"}}, ""};
    const ProtocolEntry& entry = Registry<ProtocolEntry>::find("segmentation");
    nlohmann::json settings{{"epochs", 4}, {"batch_size", 4}, {"channels", 4}, {"min_stride", 8}};
    settings.update(rates);
    run.protocols = {{"dense", "segmentation", 1, shapes, Settings("dense", entry.options, settings).values(), "k"}};
    return seconds_of(calibrated(run), "dense");
  };
  // Of several, what other programs disturbed least.
  const auto least = [&](const nlohmann::json& rates) {
    return std::min({seconds(rates), seconds(rates), seconds(rates)});
  };
  const double one = least({{"learning_rate", 0.01}}), tried = least({{"learning_rates", {0.01, 0.02, 0.03}}});
  EXPECT_GT(one, 0);
  EXPECT_GT(tried, 1.7 * one) << "3.4 times as many steps";
  EXPECT_LT(tried, 7 * one);
}

TEST(CalibrateTest, TheSearchForLeaksCostsAllTrainingImagesOfWhichAFewThousandAreLookedAt) {
  const auto seconds = [](int64_t images) {
    RunSpec run = small_row("random_init");
    run.dataset.settings["train_images"] = images;
    run.protocols = {{"leaks", "leaks", 1, run.dataset, nlohmann::json::object(), "k1"}};
    return seconds_of(calibrated(run), "leaks");
  };
  EXPECT_GT(seconds(4'000'000), 100 * seconds(4'000)) << "looked at for long, the test would time out";
}

// It counts images, sixteen at a time.
TEST(CalibrateTest, AProtocolWhoseFirstStepsComeTogetherCostsNoMoreThanItTakes) {
  RunSpec run = small_row("random_init");
  const DatasetSpec shapes{
      "shapes", {{"size", 32}, {"train_images", 320}, {"test_images", 8}, {"objects", "several"}}, ""};
  const ProtocolEntry& entry = Registry<ProtocolEntry>::find("dense_knn");
  run.protocols = {
      {"near", "dense_knn", 1, shapes, Settings("near", entry.options, nlohmann::json::object()).values(), "k"}};
  const auto seconds = seconds_of(calibrated(run), "near");
  EXPECT_GT(seconds, 0);
  EXPECT_LT(seconds, 60);
}

TEST(CalibrateTest, ImagesThatAreOnlyAskedCostTheirPart) {
  RunSpec run = small_row("random_init");
  const ProtocolEntry& entry = Registry<ProtocolEntry>::find("dense_knn");
  const auto seconds = [&](int64_t test_images) {
    const DatasetSpec shapes{
        "shapes", {{"size", 32}, {"train_images", 640}, {"test_images", test_images}, {"objects", "several"}}, ""};
    run.protocols = {
        {"near", "dense_knn", 1, shapes, Settings("near", entry.options, nlohmann::json::object()).values(), "k"}};
    return seconds_of(calibrated(run), "near");
  };
  EXPECT_GT(seconds(6400), 2 * seconds(64));
}

TEST(CalibrateTest, AFrozenModelFromElsewhereCostsItsFeaturesToo) {
  RunSpec run = small_row("checkpoint");
  run.backbone = "traced", run.backbone_settings = {{"file", fixture("attention.ts")}};
  EXPECT_GT(seconds_of(calibrated(run), "near"), 0);
}

}  // namespace
}  // namespace sslbench
