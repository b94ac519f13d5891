// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_facts.h"

#include <gmock/gmock.h>

namespace sslbench {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RunSpec trained(const std::string& method) {
  RunSpec run;
  run.row = run.method = method;
  run.dataset.name = "shapes";
  run.pretrain = {{"epochs", 4}, {"batch_size", 128}, {"precision", "fp32"}};
  return run;
}

// 4 epochs of that many images.
StageRecord pretraining_of(int64_t images) {
  StageRecord out;
  out.images = 4 * images;
  return out;
}

std::vector<std::string> notes(const RunSpec& run, const StageRecord& pretraining = pretraining_of(1280)) {
  return run_facts(run, pretraining).at("notes");
}

TEST(RunFactsTest, LabelsAreSeenAtTheSettingThatUsesThemOnly) {
  RunSpec run = trained("multitask");
  run.method_settings = {{"targets", "labels"}};
  EXPECT_EQ(run_facts(run, pretraining_of(1280)).at("uses_labels"), true);
  run.method_settings = {{"targets", "pretext"}};
  EXPECT_EQ(run_facts(run, pretraining_of(1280)).at("uses_labels"), false);
  EXPECT_EQ(run_facts(trained("supervised"), pretraining_of(1280)).at("uses_labels"), true);
  EXPECT_EQ(run_facts(trained("simclr"), pretraining_of(1280)).at("uses_labels"), false);
}

TEST(RunFactsTest, ARowThatTrainsSaysWhatItStartedFrom) {
  RunSpec run = trained("simclr");
  EXPECT_EQ(run_facts(run, {}).at("started_from"), "");
  run.pretrain = {{"epochs", 4}, {"batch_size", 128}, {"precision", "fp32"}, {"init", "/models/dino.pth"}};
  EXPECT_EQ(run_facts(run, {}).at("started_from"), "dino.pth");
  run.method = "random_init";
  EXPECT_EQ(run_facts(run, {}).at("started_from"), "");
}

TEST(RunFactsTest, TheBudgetCountsImagesOfTheSetNotViews) {
  const nlohmann::json facts = run_facts(trained("simclr"), pretraining_of(1280));
  EXPECT_EQ(facts.at("budget"), "4 epochs x 1,280 images, batch 128");
  EXPECT_EQ(facts.at("pretraining_set"), "shapes");
  EXPECT_EQ(facts.at("precision"), "fp32");
  EXPECT_EQ(facts.at("kernels"), "library");
  EXPECT_THAT(facts.at("notes"), IsEmpty());
}

TEST(RunFactsTest, WeightsFromElsewhereAreMarkedWithTheNormalisationThatTheyMustFit) {
  RunSpec run = trained("checkpoint");
  const nlohmann::json without = run_facts(run, {});
  EXPECT_EQ(without.at("pretrained_elsewhere"), false);
  EXPECT_EQ(without.at("budget"), "none");
  EXPECT_THAT(without.at("notes"), IsEmpty());
  run.files = {{"weights", std::string(64, '0')}};
  run.views = {{"normalisation", "imagenet"}};
  const nlohmann::json facts = run_facts(run, {});
  EXPECT_EQ(facts.at("pretrained_elsewhere"), true);
  EXPECT_EQ(facts.at("budget"), "elsewhere");
  EXPECT_THAT(notes(run, {}), Contains(HasSubstr("normalised by imagenet, mean 0.485 0.456 0.406")));
}

TEST(RunFactsTest, TheNormalisationThatTheFileAsksForIsSaidToBeItsOwn) {
  RunSpec run = trained("checkpoint");
  run.files = {{"weights", std::string(64, '0')}};
  run.views = {{"normalisation", "auto"}};
  EXPECT_THAT(notes(run, {}), Contains(HasSubstr("normalised by the statistics of shapes")));
  const InputFacts own{Normalisation{{0.5f, 0.4f, 0.3f}, {1, 1, 1}}, 224};
  EXPECT_THAT(run_facts(run, {}, own).at("notes").dump(),
              HasSubstr("normalised by what their file says, mean 0.5 0.4"));
}

TEST(RunFactsTest, AMethodThatTrainsAndReadsAFileIsNotFromElsewhere) {
  RunSpec run = trained("simclr");
  run.files = {{"weights", std::string(64, '0')}};
  EXPECT_EQ(run_facts(run, pretraining_of(1280)).at("pretrained_elsewhere"), false);
}

TEST(RunFactsTest, ABatchLargerThanTheSetIsNoted) {
  EXPECT_THAT(notes(trained("simclr"), pretraining_of(128)), IsEmpty());
  EXPECT_THAT(notes(trained("simclr"), pretraining_of(127)),
              Contains(HasSubstr("batch_size 128 is more than the 127 images of the set")));
}

TEST(RunFactsTest, ReplacedImagesAndReducedDecodingAreNoted) {
  RunSpec run = trained("simclr");
  run.pretrain["decode"] = "scaled";
  StageRecord pretraining = pretraining_of(1280);
  pretraining.measurements = {{.metric = "skipped_images", .value = 0, .n = 1280}};
  EXPECT_THAT(notes(run, pretraining), ElementsAre(HasSubstr("decoded at reduced size")));
  pretraining.measurements[0].value = 3;
  EXPECT_THAT(notes(run, pretraining), Contains(HasSubstr("3 of 1280 images could not be decoded")));
}

TEST(RunFactsTest, AProbesFixedRateIsNoted) {
  RunSpec run = trained("simclr");
  run.protocols = {{.row = "near", .protocol = "knn", .settings = {{"k", 20}}},
                   {.row = "line", .protocol = "linear_probe", .settings = {{"learning_rate", 0.1}}}};
  EXPECT_THAT(notes(run), ElementsAre(HasSubstr("line: one fixed learning rate (0.1)")));
  run.protocols[1].settings = {{"learning_rate", 0.0}, {"learning_rates", {0.1, 0.2}}};
  EXPECT_THAT(notes(run), IsEmpty()) << "chosen";
  run.protocols[1].settings = {{"learning_rate", 0.0}, {"learning_rates", {0.2}}};
  EXPECT_THAT(notes(run), ElementsAre(HasSubstr("line: one fixed learning rate (0.2)")));
}

TEST(RunFactsTest, TheEnvironmentNamesLibTorchAndHowTheRunWasCarriedOut) {
  RunSpec run = trained("simclr");
  run.threads = 3;
  run.commit = "feedbeef";
  run.repository = "https://example.org/we/ours";
  const nlohmann::json environment = run_environment(run);
  EXPECT_EQ(environment.at("threads"), 3);
  EXPECT_EQ(environment.at("device"), "cpu");
  EXPECT_EQ(environment.at("commit"), "feedbeef");
  EXPECT_EQ(environment.at("repository"), "https://example.org/we/ours");
  EXPECT_FALSE(environment.at("libtorch").get<std::string>().empty());
  EXPECT_FALSE(run_environment(trained("simclr")).contains("commit"));
  EXPECT_FALSE(run_environment(trained("simclr")).contains("repository"));
}

}  // namespace
}  // namespace sslbench
