// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "suites/ground/error.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "tests/suites/protocols/unused_backbone.h"

namespace sslbench {
namespace {

using at::Tensor;
using nlohmann::json;
using testing::HasSubstr;

constexpr int64_t kTrain = 40, kTest = 20;

double mean_of(const Image& image) {
  double out = 0;
  for (const uint8_t value : image.pixels) out += value / static_cast<double>(image.pixels.size());
  return out;
}

// Features that say the class while a picture's mean is near that of the clean one, else none: noise leaves the mean,
// contrast and brightness of full strength do not.
Features by_mean(const ImageSet& images, const std::vector<double>& clean_means) {
  Features out{at::zeros({images.size(), 10}, at::kFloat), at::zeros({images.size()}, at::kLong), 1};
  for (int64_t i = 0; i < images.size(); ++i) {
    const auto item = images.item(i);
    out.labels_N[i] = item->label;
    if (std::fabs(mean_of(item->image) - clean_means[static_cast<size_t>(i)]) < 6) out.h_ND[i][item->label] = 1;
  }
  return out;
}

class RobustnessTest : public testing::Test {
 protected:
  StageRecord measure(const json& settings) {
    const ProtocolEntry& entry = Registry<ProtocolEntry>::find("robustness");
    const DatasetSpec shapes{"shapes", {{"size", 32}, {"train_images", kTrain}, {"test_images", kTest}}, ""};
    UnusedBackbone backbone;
    ImageSets data{""};
    std::vector<double> means;
    const ImageSet& test = *data.split(shapes, Split::test).images;
    for (int64_t i = 0; i < test.size(); ++i) {
      means.push_back(mean_of(test.item(i)->image));
    }
    FeatureCache features{[&](const DatasetSpec& set, Split split) {
      const Tensor labels_N = at::zeros({split == Split::train ? kTrain : kTest}, at::kLong);
      for (int64_t i = 0; i < labels_N.size(0); ++i) labels_N[i] = data.split(set, split).images->item(i)->label;
      return Features{at::one_hot(labels_N, 10).to(at::kFloat), labels_N, 1};
    }};
    StageRecord record;
    record.name = "robustness";
    record.metrics = entry.metrics;
    StageContext context{.record = record,
                         .work = "",
                         .earlier = {},
                         .used = [] { return Resources{}; },
                         .progress = [](int64_t, int64_t, double) {},
                         .stop_requested = [] { return false; }};
    Subject subject{backbone, {},       {},
                    data,     features, [&](Backbone&, const ImageSet& images) { return by_mean(images, means); }};
    entry.make(Settings("robustness", entry.options, settings))->measure(subject, shapes, context);
    return record;
  }
  static double value_of(const StageRecord& record, const std::string& metric) {
    for (const Measurement& m : record.measurements) {
      if (m.metric == metric && m.split == "test") return m.value;
    }
    ADD_FAILURE() << "no " << metric;
    return NAN;
  }
};

TEST_F(RobustnessTest, AveragesSeveritiesAndThenCorruptions) {
  const StageRecord record = measure({{"corruptions", {"gaussian_blur", "brightness"}}, {"severities", {1, 5}}});
  EXPECT_EQ(value_of(record, "top1"), 1);
  const double blur = value_of(record, "corrupted_top1/gaussian_blur");
  const double bright = value_of(record, "corrupted_top1/brightness");
  EXPECT_GT(blur, bright);
  EXPECT_NEAR(value_of(record, "corrupted_top1"), (blur + bright) / 2, 1e-12);
  double mean = 0;
  const std::vector<double> replicates = record.replicates.at("corrupted_top1").all();
  for (const double each : replicates) mean += each / 1000;
  EXPECT_NEAR(mean, (blur + bright) / 2, 0.05);
}

TEST_F(RobustnessTest, TakesAsManyTestImagesAsAsked) {
  const StageRecord record = measure({{"corruptions", {"contrast"}}, {"severities", {3}}, {"test_images", 7}});
  for (const Measurement& m : record.measurements) {
    if (m.metric.starts_with("corrupted_top1")) EXPECT_EQ(m.n, 7);
    if (m.metric == "top1" && m.split == "test") EXPECT_EQ(m.n, kTest);
  }
}

TEST_F(RobustnessTest, MistakesAreNamed) {
  const auto mistake = [](const json& settings) {
    const ProtocolEntry& entry = Registry<ProtocolEntry>::find("robustness");
    try {
      entry.make(Settings("robustness", entry.options, settings));
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("no mistake found");
  };
  EXPECT_THAT(mistake({{"corruptions", {"fogg"}}}), HasSubstr("did you mean 'fog'"));
  EXPECT_THAT(mistake({{"severities", {1.5}}}), HasSubstr("whole numbers"));
}

}  // namespace
}  // namespace sslbench
