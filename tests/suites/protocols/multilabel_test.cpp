// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/suites/protocols/made_up_features.h"

namespace sslbench {
namespace {

using at::Tensor;

// Which classes are in every picture of a split of shapes with several objects.
Tensor shown(Split split) {
  ImageSets data{""};
  const DatasetSpec shapes{
      "shapes",
      {{"size", 32}, {"train_images", kTrainMadeUp}, {"test_images", kTestMadeUp}, {"objects", "several"}},
      ""};
  const ImageSet& images = *data.split(shapes, split).images;
  Tensor out_NC = at::zeros({images.size(), kClassesMadeUp});
  for (int64_t i = 0; i < images.size(); ++i) {
    for (const Box& box : images.item(i)->boxes) out_NC[i][box.label] = 1;
  }
  return out_NC;
}

FeatureCache::Extract seeing(double clear) {
  return [clear](const DatasetSpec&, Split split) {
    at::Generator generator = at::detail::createCPUGenerator(split == Split::train ? 5 : 6);
    const Tensor h_NC = shown(split);
    return Features{clear * h_NC + 0.05 * at::randn(h_NC.sizes(), generator), at::full({h_NC.size(0)}, -1, at::kLong),
                    1};
  };
}

TEST(MultilabelTest, FeaturesThatShowEveryClassGiveOneAndBlindOnesTheShareOfImages) {
  const StageRecord sees = measured_on("multilabel", {.extract = seeing(1), .objects = "several"});
  EXPECT_GT(value_of(sees, "map"), 0.999);
  EXPECT_GT(value_of(sees, "map_area"), 0.999);
  const StageRecord blind = measured_on("multilabel", {.extract = seeing(0), .objects = "several"});
  const double share = shown(Split::test).mean().item<double>();
  EXPECT_LT(value_of(blind, "map"), share + 0.25);
  EXPECT_LT(value_of(blind, "map_step"), share + 0.2);
}

TEST(MultilabelTest, TheMeanIsOverClasses) {
  const StageRecord record = measured_on("multilabel", {.extract = seeing(0.1), .objects = "several"});
  double sum = 0;
  int64_t classes = 0;
  for (const Measurement& m : record.measurements) {
    if (m.metric.starts_with("ap/") && !m.undefined()) sum += m.value, ++classes;
  }
  EXPECT_GT(classes, 5);
  EXPECT_NEAR(value_of(record, "map"), sum / static_cast<double>(classes), 1e-12);
}

TEST(MultilabelTest, WithoutLeaksTestImagesCountAsIfTheyWereNotThere) {
  std::vector<int64_t> leaked;
  for (int64_t i = 70; i < kTestMadeUp; ++i) leaked.push_back(i);
  const auto first_ones = [](const DatasetSpec& set, Split split) {
    Features out = seeing(0.1)(set, split);
    if (split == Split::test) out.h_ND = out.h_ND.narrow(0, 0, 70), out.labels_N = out.labels_N.narrow(0, 0, 70);
    return out;
  };
  const StageRecord both = measured_on("multilabel", {.extract = seeing(0.1), .objects = "several", .leaked = leaked});
  const StageRecord others =
      measured_on("multilabel", {.extract = first_ones, .objects = "several", .test_images = 70});
  for (const std::string metric : {"map", "map_area", "map_step"}) {
    EXPECT_EQ(value_of(both, metric + "/without_leaks"), value_of(others, metric));
    EXPECT_NE(value_of(both, metric), value_of(others, metric));
  }
  for (const Measurement& m : others.measurements)
    EXPECT_FALSE(m.metric.text().ends_with("/without_leaks")) << m.metric;
}

}  // namespace
}  // namespace sslbench
