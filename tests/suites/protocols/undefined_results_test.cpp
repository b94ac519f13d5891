// SPDX-License-Identifier: Apache-2.0
// Features and scores that are not finite end the run; what has no value by nature is undefined with a reason.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "suites/ground/error.h"
#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/features.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;
using ::testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Ten pictures, of which the sixth has features with `bad` among them.
class Broken final : public Backbone {
 public:
  explicit Broken(float bad) : bad_(bad) {}
  Tensor features(const Tensor& x_NCHW) const override {
    Tensor out = at::ones({x_NCHW.size(0), 3});
    out[5][1] = bad_;
    return out;
  }
  std::vector<Tensor> feature_maps(const Tensor&) const override { return {}; }
  std::vector<MapLevel> levels() const override { return {{1, 3}}; }

 private:
  float bad_;
};

class TenPictures final : public DataSource {
 public:
  int64_t size() const override { return 10; }
  Item item(int64_t i) const override { return {Image{4, 4, std::vector<uint8_t>(48, static_cast<uint8_t>(i))}, 0}; }
  const std::vector<std::string>& classes() const override { return classes_; }

 private:
  std::vector<std::string> classes_{"a", "b"};
};

std::string failure_with(float bad) {
  Broken backbone(bad);
  const ImageSet images(std::make_unique<TenPictures>());
  try {
    extract_features(backbone, images, 4, {}, at::kCPU, [] { return false; });
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::non_finite);
    return failure.what();
  }
  return "";
}

TEST(ExtractFeaturesTest, FeaturesThatAreNotFiniteEndTheRun) {
  EXPECT_THAT(failure_with(NAN), HasSubstr("the features of 1 of 10 images are not finite (first: image 5, '5')"));
  EXPECT_THAT(failure_with(INFINITY), HasSubstr("not finite"));
  EXPECT_THAT(failure_with(1e30f), HasSubstr("not finite")) << "whose length is not";
  EXPECT_EQ(failure_with(1e15f), "");
}

TEST(AddMeasurementTest, ANumberThatIsNotFiniteIsNoMeasurementButForAReason) {
  StageRecord record;
  record.name = "probe";
  record.metrics = {{.name = "top1"}, {.name = "ap", .undefined_when = "no box"}};
  for (const double bad : {kNan, HUGE_VAL, -HUGE_VAL}) {
    EXPECT_THROW(record.add("top1", Split::test, bad, 1), RunFailure);
  }
  EXPECT_THROW(record.add("ap", Split::test, HUGE_VAL, 1), RunFailure);
  EXPECT_TRUE(record.measurements.empty());
  record.add("ap", Split::test, kNan, 1);
  record.add("ap", Split::test, 0.5, 1);
  EXPECT_EQ(record.measurements[0].reason, "no box");
  EXPECT_FALSE(record.measurements[1].undefined());
}

TEST(AddAccuracyTest, ScoresThatAreNotFiniteEndTheRun) {
  const Tensor labels = at::zeros({2}, at::kLong), scores = at::tensor({1.0, 0.0, kNan, 0.0}, at::kDouble).view({2, 2});
  StageRecord record{.metrics = accuracy_metrics()};
  EXPECT_THROW(add_accuracy(record, scores, labels, labels), RunFailure);
  EXPECT_TRUE(record.measurements.empty());
}

TEST(AddAccuracyTest, AClassWithoutAVoteIsNoHitInTopFive) {
  const Tensor votes = at::zeros({1, 8}, at::kDouble);
  votes[0][7] = 1;
  const Tensor labels = at::zeros({1}, at::kLong);
  const auto top5 = [&](ScoreKind kind) {
    StageRecord record{.metrics = accuracy_metrics()};
    add_accuracy(record, votes, labels, labels, kind);
    return record.measurements.at(1).value;
  };
  EXPECT_EQ(top5(ScoreKind::votes), 0);
  EXPECT_EQ(top5(ScoreKind::any), 1);
}

TEST(AddAccuracyTest, MeanPerClassWeighsSmallClassesLikeLargeOnes) {
  const Tensor scores = at::eye(2, at::kDouble).index_select(0, at::tensor({0, 0, 0, 0}, at::kLong));
  const Tensor labels = at::tensor({0, 0, 0, 1}, at::kLong);
  StageRecord record{.metrics = accuracy_metrics()};
  add_accuracy(record, scores, labels, labels);
  std::map<std::string, double> values;
  for (const Measurement& m : record.measurements) values[m.metric] = m.value;
  EXPECT_EQ(values.at("top1"), 0.75);
  EXPECT_EQ(values.at("mean_per_class"), 0.5);
}

TEST(SpreadOfTest, CountsTheDirectionsOfFeatures) {
  const Tensor even = at::cat({at::eye(4), -at::eye(4)});
  EXPECT_NEAR(spread_of(even).effective_rank, 4, 1e-9);
  EXPECT_NEAR(spread_of(even).deviation, std::sqrt(8.0 / 7), 1e-9);
  const Tensor line = at::arange(1, 9, at::kFloat).unsqueeze(1) * at::tensor({1.f, 2.f, -1.f}).unsqueeze(0);
  EXPECT_NEAR(spread_of(line).effective_rank, 1, 1e-3);
  EXPECT_EQ(spread_of(at::ones({8, 3})).effective_rank, 0);
  EXPECT_EQ(spread_of(at::ones({8, 3})).deviation, 0);
}

// The probe on made-up features of `images` of each of the ten classes of shapes.
StageRecord probed(int64_t images) {
  const ProtocolEntry& entry = Registry<ProtocolEntry>::find("linear_probe");
  const DatasetSpec shapes{"shapes", {{"size", 32}, {"train_images", 10}, {"test_images", 10}}, ""};
  Broken backbone(1);
  ImageSets data{""};
  FeatureCache features{[&](const DatasetSpec&, Split split) {
    const int64_t each = split == Split::train ? images : 2;
    const Tensor labels = at::arange(10, at::kLong).repeat({each});
    at::Generator generator = at::detail::createCPUGenerator(split == Split::train ? 1 : 2);
    return Features{at::one_hot(labels, 10).to(at::kFloat) + 0.1 * at::randn({10 * each, 10}, generator), labels};
  }};
  StageRecord record;
  record.name = "linear_probe";
  record.metrics = entry.metrics;
  StageContext context{.record = record,
                       .work = "",
                       .earlier = {},
                       .used = [] { return Resources{}; },
                       .progress = [](int64_t, int64_t, double) {},
                       .stop_requested = [] { return false; }};
  Subject subject{backbone, {}, {}, data, features};
  entry.make(Settings("probe", entry.options, {{"epochs", 20}}))->measure(subject, shapes, context);
  return record;
}

const Measurement* found(const StageRecord& record, const std::string& metric, const std::string& split) {
  for (const Measurement& m : record.measurements) {
    if (m.metric == metric && m.split == split) return &m;
  }
  return nullptr;
}

TEST(LinearProbeTest, AFewShotSetChoosesItsRateOnSomeOfEveryClass) {
  const StageRecord record = probed(5);
  ASSERT_NE(found(record, "top1", "val"), nullptr);
  EXPECT_EQ(found(record, "top1", "val")->n, 10);
  EXPECT_EQ(found(record, "learning_rate", "val")->n, 10);
  EXPECT_EQ(found(record, "classes_held_out", "val"), nullptr);
}

TEST(LinearProbeTest, OneImageOfEachClassChoosesNothingAndSaysSo) {
  const StageRecord record = probed(1);
  EXPECT_THAT(found(record, "top1", "val")->reason, HasSubstr("none was held out"));
  EXPECT_EQ(found(record, "learning_rate", "val")->value, 0.01);
  EXPECT_EQ(found(record, "classes_held_out", "val")->value, 0);
  EXPECT_GT(found(record, "top1", "test")->value, 0.5);
}

}  // namespace
}  // namespace sslbench
