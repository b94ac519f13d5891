// SPDX-License-Identifier: Apache-2.0
// What the protocols on frozen features say of features that tell the classes apart, of labels without a meaning, and
// of settings that cannot work.
#include <gmock/gmock.h>

#include <numeric>
#include <tuple>

#include "tests/suites/protocols/made_up_features.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

// The metric that each is known by.
const std::map<std::string, std::string> kTop = {{"logistic_regression", "top1"},
                                                 {"few_shot", "top1"},
                                                 {"calibration", "top1"},
                                                 {"clustering", "accuracy"},
                                                 {"retrieval", "hit_at/1"}};

TEST(FrozenProtocolsTest, FeaturesThatTellTheClassesApartGiveOne) {
  for (const auto& [protocol, metric] : kTop) {
    EXPECT_NEAR(value_of(measured_on(protocol, {corners(0.02)}), metric), 1, 1e-12) << protocol;
  }
}

TEST(FrozenProtocolsTest, ShuffledLabelsGiveChance) {
  for (const auto& [protocol, metric] : kTop) {
    const double chance = value_of(measured_on(protocol, {corners(0.1, /*shuffled=*/true)}), metric);
    EXPECT_LT(chance, 0.35) << protocol << " (a matching of clusters to labels lies above a tenth)";
  }
}

TEST(FrozenProtocolsTest, RepeatBitForBit) {
  for (const auto& [protocol, metric] : kTop) {
    const StageRecord first = measured_on(protocol, {corners(0.5)}), second = measured_on(protocol, {corners(0.5)});
    ASSERT_EQ(first.measurements.size(), second.measurements.size());
    for (size_t i = 0; i < first.measurements.size(); ++i) {
      EXPECT_EQ(first.measurements[i].value, second.measurements[i].value) << protocol << first.measurements[i].metric;
    }
  }
}

// Test features alone change: whatever is chosen on training images stays as it was.
TEST(FrozenProtocolsTest, NothingIsChosenOnTheTestSet) {
  const auto other_test = [](const DatasetSpec& set, Split split) {
    Features out = corners(0.5)(set, split);
    if (split == Split::test) out.h_ND = -3 * out.h_ND;
    return out;
  };
  for (const char* protocol : {"logistic_regression", "calibration", "few_shot", "clustering"}) {
    const StageRecord one = measured_on(protocol, {corners(0.5)}), two = measured_on(protocol, {other_test});
    for (size_t i = 0; i < one.measurements.size(); ++i) {
      const Measurement& m = one.measurements[i];
      if (m.split != "test") EXPECT_EQ(m.value, two.measurements.at(i).value) << protocol << " " << m.metric;
    }
  }
}

TEST(FewShotTest, MeanLiesAmongTheTriesAndDrawsFollowTheSeed) {
  const auto record = [](uint64_t seed) { return measured_on("few_shot", {.extract = corners(0.4), .seed = seed}); };
  const StageRecord first = record(1);
  EXPECT_LT(value_of(first, "top1_lowest"), value_of(first, "top1"));
  EXPECT_GT(value_of(first, "top1_highest"), value_of(first, "top1"));
  EXPECT_GT(value_of(first, "top1_deviation"), 0);
  EXPECT_EQ(value_of(first, "shots", "train"), 10) << "one of each class";
  EXPECT_NE(value_of(first, "top1"), value_of(record(2), "top1"));
}

TEST(FewShotTest, MoreShotsHelpAndAShareIsOfEveryClass) {
  const auto record = [](const json& settings) { return measured_on("few_shot", {corners(0.4), settings}); };
  EXPECT_GT(value_of(record({{"shots", 10}}), "top1"), value_of(record({{"shots", 1}}), "top1"));
  EXPECT_EQ(value_of(record({{"share", 0.1}}), "shots", "train"), 20);
  EXPECT_EQ(value_of(record({{"share", 0.001}}), "shots", "train"), 10) << "one at least";
  const Measurement alone = [&] {
    for (const Measurement& m : record({{"tries", 1}}).measurements) {
      if (m.metric == "top1_deviation") return m;
    }
    return Measurement{};
  }();
  EXPECT_TRUE(alone.undefined());
  EXPECT_EQ(alone.reason, "one try has no spread");
}

// The first ten test images lie at the corner of another class: only they are wrong.
FeatureCache::Extract ten_misplaced() {
  return [](const DatasetSpec& set, Split split) {
    Features out = corners(0.02)(set, split);
    if (split == Split::test) out.h_ND.narrow(0, 0, 10).copy_(out.h_ND.narrow(0, 10, 10).roll(1, 0));
    return out;
  };
}

TEST(WithoutLeaksTest, LeakedTestImagesDoNotCount) {
  const std::vector<int64_t> leaked{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::vector<std::tuple<std::string, std::string, json>> each{{"few_shot", "top1", json::object()},
                                                                     {"clustering", "accuracy", json::object()},
                                                                     {"clustering", "nmi", json::object()},
                                                                     {"retrieval", "map", json::object()},
                                                                     {"retrieval", "map", {{"gallery", "test"}}}};
  for (const auto& [protocol, metric, settings] : each) {
    const StageRecord record =
        measured_on(protocol, {.extract = ten_misplaced(), .settings = settings, .leaked = leaked});
    EXPECT_LT(value_of(record, metric), 0.95) << protocol;
    EXPECT_NEAR(value_of(record, metric + "/without_leaks"), 1, 1e-9) << protocol;
    for (const Measurement& m : record.measurements) {
      if (m.metric == metric + "/without_leaks") EXPECT_EQ(m.n, kTestMadeUp - 10) << protocol;
    }
  }
}

TEST(WithoutLeaksTest, WhereEveryTestImageLeakedThereIsAReasonAndNoNumber) {
  std::vector<int64_t> all(kTestMadeUp);
  std::iota(all.begin(), all.end(), 0);
  for (const char* protocol : {"knn", "logistic_regression", "few_shot", "clustering", "retrieval"}) {
    const StageRecord record = measured_on(protocol, {.extract = corners(0.1), .leaked = all});
    int64_t undefined = 0;
    for (const Measurement& m : record.measurements) {
      if (!m.metric.text().ends_with("/without_leaks")) continue;
      EXPECT_TRUE(m.undefined() && !m.reason.empty()) << protocol << " " << m.metric;
      ++undefined;
    }
    EXPECT_GT(undefined, 0) << protocol;
  }
}

// Of a probe that is sure of everything and right by chance, the temperature is high and scaling helps.
TEST(CalibrationTest, ScalingHelpsAProbeThatIsTooSure) {
  const json sure = {{"learning_rates", {30.0}}, {"standardise", false}, {"epochs", 50}};
  const StageRecord record = measured_on("calibration", {corners(1.5), sure});
  EXPECT_GT(value_of(record, "temperature", "val"), 1.5);
  EXPECT_GT(value_of(record, "ece"), 0.15);
  for (const char* metric : {"ece", "nll", "brier", "adaptive_ece"}) {
    EXPECT_LT(value_of(record, std::string(metric) + "_scaled"), value_of(record, metric)) << metric;
  }
}

TEST(RetrievalTest, AGalleryOfTestImagesLeavesTheQueryOut) {
  const StageRecord record = measured_on("retrieval", {corners(0.02), {{"gallery", "test"}, {"k", {1, 9, 18}}}});
  EXPECT_NEAR(value_of(record, "map"), 1, 1e-12);
  EXPECT_NEAR(value_of(record, "recall_at/9"), 1, 1e-12) << "all nine others of the class";
  EXPECT_NEAR(value_of(record, "recall_at/1"), 1.0 / 9, 1e-12);
  EXPECT_NEAR(value_of(record, "precision_at/18"), 0.5, 1e-12);
}

// Other sets lie elsewhere, or where the set's own test images lie.
TEST(OodTest, TellsStrangersFromTheSetsOwnImages) {
  const auto with_strangers = [](double offset) {
    return [offset](const DatasetSpec& set, Split split) {
      const bool own = set.settings.value("train_images", int64_t{0}) == kTrainMadeUp;
      Features out = corners(0.1)(set, split);
      if (!own) out.h_ND = at::cat({out.h_ND.slice(1, 0, 5), out.h_ND.slice(1, 5, 10) + offset}, 1);
      return out;
    };
  };
  const StageRecord far = measured_on("ood", {with_strangers(20), {{"k", 10}}});
  EXPECT_NEAR(value_of(far, "auroc_mahalanobis"), 1, 1e-12);
  EXPECT_GT(value_of(far, "auroc"), 0.99);
  EXPECT_LT(value_of(far, "fpr95"), 0.05);
  EXPECT_EQ(far.measurements.front().metric, "auroc") << "what the protocol is known by";
  const StageRecord same = measured_on("ood", {with_strangers(0)});
  for (const char* metric : {"auroc", "auroc_mahalanobis", "auroc_relative_mahalanobis"}) {
    EXPECT_NEAR(value_of(same, metric), 0.5, 1e-9) << "the very same features";
  }
}

TEST(FrozenProtocolsTest, SettingsThatCannotWorkAreRefusedInOneClearLine) {
  const auto of = [](const char* protocol, const json& settings) {
    return refusal([&] { measured_on(protocol, {corners(0.1), settings}); });
  };
  EXPECT_THAT(of("few_shot", {{"shots", 21}}), AllOf(HasSubstr("shots = 21"), HasSubstr("has 20 training images")));
  EXPECT_THAT(of("clustering", {{"clusters", 500}}), AllOf(HasSubstr("clusters = 500"), HasSubstr("200 training")));
  EXPECT_THAT(of("retrieval", {{"k", {1.5}}}), HasSubstr("k takes whole numbers, got 1.5"));
  EXPECT_THAT(of("representation", {{"alpha_from", 50}, {"alpha_to", 50}}), HasSubstr("two ranks or more"));
  EXPECT_THAT(of("ood", {{"other_sets", {"no_such_set"}}}), HasSubstr("no_such_set"));
  EXPECT_THAT(of("ood", {{"other_sets", json::array()}}), HasSubstr("name one set or more"));
  EXPECT_THAT(of("logistic_regression", {{"c", json::array()}}), HasSubstr("c: expected a number or a list"));
  EXPECT_THAT(of("multilabel", {{"c", 0}}), HasSubstr("c: expected a number or a list"));
}

}  // namespace
}  // namespace sslbench
