// SPDX-License-Identifier: Apache-2.0
// Features from which nothing can be learnt: what comes out is chance, and finite.
#include <gmock/gmock.h>

#include <cmath>

#include "suites/protocols/parts/features.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "tests/suites/protocols/unused_backbone.h"

namespace sslbench {
namespace {

using at::Tensor;

constexpr int64_t kClasses = 10, kTrain = 600, kTest = 1000;

// What a protocol measures on made-up features of the ten classes of shapes.
StageRecord measured_on(const std::string& protocol, const FeatureCache::Extract& extract) {
  const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol);
  const DatasetSpec shapes{"shapes", {{"size", 32}, {"train_images", kTrain}, {"test_images", kTest}}, ""};
  UnusedBackbone backbone;
  ImageSets data{""};
  FeatureCache features{extract};
  StageRecord record;
  record.name = protocol;
  record.metrics = entry.metrics;
  StageContext context{.record = record,
                       .work = "",
                       .earlier = {},
                       .used = [] { return Resources{}; },
                       .progress = [](int64_t, int64_t, double) {},
                       .stop_requested = [] { return false; }};
  Subject subject{backbone, {}, {}, data, features};
  entry.make(Settings(protocol, entry.options, nlohmann::json::object()))->measure(subject, shapes, context);
  for (const Measurement& m : record.measurements) EXPECT_TRUE(std::isfinite(m.value)) << protocol << "." << m.metric;
  return record;
}

double value_of(const StageRecord& record, const std::string& metric, const std::string& split = "test") {
  for (const Measurement& m : record.measurements) {
    if (m.metric == metric && m.split == split) return m.value;
  }
  ADD_FAILURE() << "no " << metric;
  return NAN;
}

Tensor even_labels(Split split) {
  return at::arange(kClasses, at::kLong).repeat((split == Split::train ? kTrain : kTest) / kClasses);
}

// Fault matrix: 36
TEST(OddFeaturesTest, FeaturesThatAreAllEqualGiveChanceAndSaySo) {
  for (const float constant : {0.f, 1.f}) {
    const auto equal = [&](const DatasetSpec&, Split split) {
      const Tensor labels = even_labels(split);
      return Features{at::full({labels.size(0), 8}, constant), labels};
    };
    for (const char* protocol : {"knn", "linear_probe"}) {
      const StageRecord record = measured_on(protocol, equal);
      EXPECT_NEAR(value_of(record, "top1"), 0.1, 1e-6) << protocol << " on features of " << constant;
      EXPECT_EQ(value_of(record, "effective_rank", "train"), 0) << protocol;
    }
  }
}

// The harness has no way round the labels: features that tell the classes apart are worth nothing under shuffled ones.
// Fault matrix: 48
TEST(OddFeaturesTest, ShuffledLabelsGiveChanceAndTrueOnesDoNot) {
  const auto features = [](bool shuffled) {
    return [shuffled](const DatasetSpec&, Split split) {
      const Tensor labels = even_labels(split);
      at::Generator generator = at::detail::createCPUGenerator(split == Split::train ? 1 : 2);
      const Tensor h =
          at::one_hot(labels, kClasses).to(at::kFloat) + 0.2 * at::randn({labels.size(0), kClasses}, generator);
      const Tensor order = at::randperm(labels.size(0), generator, at::kLong);
      return Features{h, shuffled && split == Split::train ? labels.index_select(0, order) : labels};
    };
  };
  const double limit = 3 * std::sqrt(0.1 * 0.9 / kTest);
  for (const char* protocol : {"knn", "linear_probe"}) {
    EXPECT_GT(value_of(measured_on(protocol, features(false)), "top1"), 0.95) << protocol;
    EXPECT_NEAR(value_of(measured_on(protocol, features(true)), "top1"), 0.1, limit) << protocol;
  }
}

}  // namespace
}  // namespace sslbench
