// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/fine_tuning/chosen_rate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

class Pictures final : public DataSource {
 public:
  explicit Pictures(int64_t size) : size_(size) {}
  int64_t size() const override { return size_; }
  Item item(int64_t) const override { return {Image{2, 2, std::vector<uint8_t>(12)}, 0}; }
  const std::vector<std::string>& classes() const override { return classes_; }

 private:
  int64_t size_;
  std::vector<std::string> classes_{"a"};
};

class ChosenRateTest : public testing::Test {
 protected:
  // Asks among these rates, whose trials score what `score` says of them.
  double chosen(std::vector<double> rates, const std::function<double(double)>& score) {
    const RateTrial trial = [&](const ImagePart& kept, const ImagePart& out, const TrainSettings& training,
                                StageContext& context) {
      tried.push_back(training.learning_rate);
      epochs.push_back(training.epochs);
      kept_images.push_back(kept.numbers), out_images.push_back(out.numbers);
      context.progress(1, 99, 0);
      return score(training.learning_rate);
    };
    record = StageRecord{.name = "detection", .key = "key", .metrics = rate_metrics("ap")};
    StageContext context{.record = record,
                         .work = folder.path(),
                         .earlier = {},
                         .used = [] { return Resources{.wall_seconds = 5}; },
                         .progress =
                             [&](int64_t step, int64_t steps, double) {
                               told = {step, steps};
                             },
                         .stop_requested = [] { return false; },
                         .note = [&](const std::string& note) { notes.push_back(note); }};
    TrainSettings training;
    training.epochs = 4, training.batch_size = 2;
    choose_rate(all_of(images), {std::move(rates), trial_epochs, 0.3}, "ap", trial, training, context);
    earlier = context.earlier;
    context.progress(0, 1, 0);
    return training.learning_rate;
  }
  double value_of(const std::string& metric) const {
    for (const Measurement& m : record.measurements) {
      if (m.metric == metric && m.split == "val") return m.value;
    }
    ADD_FAILURE() << "no " << metric;
    return kNan;
  }

  ScratchFolder folder;
  ImageSet images{std::make_unique<Pictures>(10)};
  int64_t trial_epochs = 0;
  StageRecord record;
  Resources earlier;
  std::vector<double> tried;
  std::vector<int64_t> epochs;
  std::vector<std::vector<int64_t>> kept_images, out_images;
  std::pair<int64_t, int64_t> told;
  std::vector<std::string> notes;
};

double closeness_to_a_hundredth(double rate) { return 1 / (1 + std::fabs(rate - 0.01)); }

TEST_F(ChosenRateTest, TakesTheRateThatIsBestOnTheSameHeldOutImages) {
  EXPECT_EQ(chosen({0.001, 0.01, 0.1}, closeness_to_a_hundredth), 0.01);
  EXPECT_THAT(tried, ElementsAre(0.001, 0.01, 0.1));
  for (size_t k = 0; k < tried.size(); ++k) {
    EXPECT_EQ(out_images[k], out_images[0]);
    EXPECT_EQ(out_images[k].size(), 3u);
    std::vector<int64_t> all = kept_images[k];
    all.insert(all.end(), out_images[k].begin(), out_images[k].end());
    std::ranges::sort(all);
    EXPECT_THAT(all, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)) << "each on one side";
  }
  EXPECT_EQ(value_of("learning_rate"), 0.01);
  EXPECT_EQ(value_of("trial_ap/0.01"), 1);
  EXPECT_EQ(value_of("trial_ap/0.1"), closeness_to_a_hundredth(0.1));
  EXPECT_EQ(record.measurements[0].n, 3);
}

TEST_F(ChosenRateTest, ProgressCountsEveryTrialAndTheTrainingAfterThem) {
  trial_epochs = 2;
  chosen({0.01, 0.1}, closeness_to_a_hundredth);
  EXPECT_THAT(epochs, ElementsAre(2, 2));
  // Steps: 3 an epoch of 7 images (the rest of a batch is left out), 5 of all 10.
  EXPECT_EQ(told, std::pair(int64_t{2 * 2 * 3}, int64_t{2 * 2 * 3 + 4 * 5}));
}

TEST_F(ChosenRateTest, ASingleRateIsTakenUntried) {
  EXPECT_EQ(chosen({0.5}, closeness_to_a_hundredth), 0.5);
  EXPECT_TRUE(tried.empty());
  EXPECT_TRUE(record.measurements.empty());
  EXPECT_EQ(told, std::pair(int64_t{0}, int64_t{1}));
}

TEST_F(ChosenRateTest, OfEqualTrialsTheSmallerRateIsTaken) {
  EXPECT_EQ(chosen({0.001, 0.01, 0.1}, [](double rate) { return rate < 0.01 ? 0.2 : 0.7; }), 0.01);
}

double diverging_above_a_twentieth(double rate) {
  if (rate > 0.05) throw RunFailure(FailureKind::non_finite, "loss is inf");
  return 0.1;
}

TEST_F(ChosenRateTest, ATrialThatDivergesIsNeverTaken) {
  EXPECT_EQ(chosen({0.001, 0.1}, diverging_above_a_twentieth), 0.001);
  EXPECT_TRUE(std::isnan(value_of("trial_ap/0.1")));
  EXPECT_EQ(record.measurements[1].reason, "training at this rate diverged");
}

TEST_F(ChosenRateTest, WhereEveryTrialDivergesTheRunHasFailed) {
  EXPECT_THROW(chosen({0.1, 0.2}, diverging_above_a_twentieth), RunFailure);
}

TEST_F(ChosenRateTest, WhereNothingCanBeScoredTheMiddleOfTheGridIsTaken) {
  EXPECT_EQ(chosen({0.001, 0.01, 0.1}, [](double) { return kNan; }), 0.01);
  EXPECT_THAT(record.measurements[0].reason, HasSubstr("nothing to score"));
}

TEST(ChosenRateOfTwoImagesTest, NothingIsHeldOutAndTheMiddleIsTaken) {
  const ImageSet images(std::make_unique<Pictures>(2));
  StageRecord record{.name = "detection", .metrics = rate_metrics("ap")};
  std::string told;
  StageContext context{.record = record, .earlier = {}, .note = [&](const std::string& note) { told = note; }};
  const RateTrial trial = [](const ImagePart&, const ImagePart&, const TrainSettings&, StageContext&) -> double {
    throw InternalError("nothing is to be tried");
  };
  TrainSettings training;
  training.epochs = training.batch_size = 1;
  choose_rate(all_of(images), {{0.001, 0.01, 0.1}}, "ap", trial, training, context);
  EXPECT_EQ(training.learning_rate, 0.01);
  EXPECT_THAT(told, HasSubstr("of 2 training images none can be held out"));
  EXPECT_EQ(record.measurements.at(0).n, 0);
}

TEST_F(ChosenRateTest, AFinishedTrialIsNotDoneAgainAndItsCostCounts) {
  bool stopped = false;
  const auto stopping = [&](double rate) {
    if (rate > 0.05 && !std::exchange(stopped, true)) throw Interrupted{};
    return closeness_to_a_hundredth(rate) / 3;
  };
  EXPECT_THROW(chosen({0.001, 0.01, 0.1}, stopping), Interrupted);
  tried.clear();
  EXPECT_EQ(chosen({0.001, 0.01, 0.1}, stopping), 0.01);
  EXPECT_THAT(tried, ElementsAre(0.1));
  EXPECT_EQ(value_of("trial_ap/0.001"), closeness_to_a_hundredth(0.001) / 3) << "to the last bit";
  EXPECT_EQ(earlier.wall_seconds, 5);
}

TEST_F(ChosenRateTest, ADamagedTrialFileIsToldAndTheTrialDoneAgain) {
  chosen({0.001, 0.01}, closeness_to_a_hundredth);
  folder.write("detection+0.json", "{\"key\": \"ke");
  tried.clear();
  EXPECT_EQ(chosen({0.001, 0.01}, closeness_to_a_hundredth), 0.01);
  EXPECT_THAT(tried, ElementsAre(0.001));
  EXPECT_THAT(notes, ElementsAre(HasSubstr("detection+0.json is damaged")));
}

std::string refused(const json& given) {
  try {
    rate_choice(Settings("protocol 'detection'", rate_options({0.001, 0.01}), given), "detection", {0.001, 0.01});
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(RateChoiceTest, RatesThatContradictEachOtherAreRefused) {
  EXPECT_THAT(refused({{"learning_rates", {0.1, 0.01, 0.1}}}), HasSubstr("learning_rates names 0.1 twice"));
  EXPECT_THAT(refused({{"learning_rate", 0.1}, {"learning_rates", {0.1, 0.2}}}), HasSubstr("set one of the two"));
  EXPECT_EQ(refused({{"learning_rate", 0.1}}), "");
  EXPECT_EQ(refused({{"learning_rates", {0.1}}}), "");
}

TEST(RateChoiceTest, OneRateTriesNothingAndSeveralAreSorted) {
  const auto choice = [](const json& given) {
    return rate_choice(Settings("protocol 'detection'", rate_options({0.001, 0.01}), given), "detection",
                       {0.001, 0.01});
  };
  EXPECT_THAT(choice({{"learning_rate", 0.1}}).rates, ElementsAre(0.1));
  EXPECT_FALSE(choice({{"learning_rates", {0.1}}}).tries());
  EXPECT_THAT(choice({{"learning_rates", {0.3, 0.1}}}).rates, ElementsAre(0.1, 0.3));
  EXPECT_TRUE(choice(json::object()).tries());
}

}  // namespace
}  // namespace sslbench
