// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/lidar_views.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "suites/tensors/aten.h"
#include "tests/suites/protocols/unused_backbone.h"

namespace sslbench {
namespace {

constexpr int64_t kImages = 6, kViews = 4;

// What the network is shown, and the mean colours of it in the place of features.
struct Shown {
  std::vector<std::vector<uint8_t>> pixels;
  std::vector<int32_t> labels;
  Lidar lidar;
};

Shown shown() {
  Shown out;
  const DatasetSpec shapes{"shapes", {{"size", 32}, {"train_images", 4}, {"test_images", 12}, {"objects", "one"}}, ""};
  UnusedBackbone backbone;
  ImageSets data{""};
  FeatureCache features{[](const DatasetSpec&, Split) { return Features{}; }};
  const auto extract = [&](Backbone&, const ImageSet& images) {
    std::vector<at::Tensor> rows;
    for (int64_t i = 0; i < images.size(); ++i) {
      const auto item = images.item(i);
      out.pixels.push_back(item->image.pixels);
      out.labels.push_back(item->label);
      const auto n = static_cast<int64_t>(item->image.pixels.size());
      rows.push_back(at::tensor(at::ArrayRef<uint8_t>(item->image.pixels)).view({n / 3, 3}).to(at::kFloat).mean(0));
    }
    return Features{at::stack(rows), {}, 1};
  };
  Subject subject{backbone, {}, {}, data, features, extract};
  out.lidar = lidar_of_views(subject, *data.split(shapes, Split::test).images, {kImages, kViews});
  return out;
}

TEST(LidarViewsTest, EveryImageIsShownInItsOwnViews) {
  const Shown seen = shown();
  ASSERT_EQ(std::ssize(seen.pixels), kImages * kViews);
  EXPECT_EQ(std::set(seen.pixels.begin(), seen.pixels.end()).size(), seen.pixels.size()) << "no view comes twice";
  for (int64_t i = 0; i < kImages * kViews; ++i) {
    EXPECT_EQ(seen.labels[static_cast<size_t>(i)], seen.labels[static_cast<size_t>(i / kViews * kViews)]);
  }
  EXPECT_GE(seen.lidar.lidar, 1);
  EXPECT_LE(seen.lidar.lidar, 3);
}

TEST(LidarViewsTest, TheViewsAreTheSameInEveryRun) {
  const Shown one = shown(), other = shown();
  EXPECT_EQ(one.pixels, other.pixels);
  EXPECT_EQ(one.lidar.lidar, other.lidar.lidar);
}

}  // namespace
}  // namespace sslbench
