// SPDX-License-Identifier: Apache-2.0
// The real archives, taken in and read whole. SSLBENCH_TEST_DATA names the folder that holds them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

#include "datasets/installed.h"
#include "tests/suites/spec/scratch_folder.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using testing::ElementsAre;

class RealDataTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("SSLBENCH_TEST_DATA") == nullptr) GTEST_SKIP() << "SSLBENCH_TEST_DATA is not set: not run";
  }
  InstalledDataset add(const std::string& name, const std::string& path) {
    return add_dataset(name, fs::path(std::getenv("SSLBENCH_TEST_DATA")) / path, folder_.path());
  }
  std::unique_ptr<DataSource> open(const std::string& name, Split split, const json& settings = json::object()) {
    return open_dataset(name, settings, split, folder_.path());
  }
  ScratchFolder folder_;
};

TEST_F(RealDataTest, BccdHasItsPublishedCounts) {
  const InstalledDataset set = add("bccd", "bccd/bccd.tar");
  // 4,888 boxes as published, less two RBC without area.
  EXPECT_THAT(set.inspection.findings, ElementsAre("train: 205 images, boxes RBC 2381 WBC 214 Platelets 209",
                                                   "val: 87 images, boxes RBC 967 WBC 87 Platelets 83",
                                                   "test: 72 images, boxes RBC 805 WBC 71 Platelets 69"));
  ASSERT_EQ(set.inspection.faults.size(), 1u);
  EXPECT_THAT(set.inspection.faults[0], testing::StartsWith("2 zero-area boxes left out"));
  EXPECT_EQ(open("bccd", Split::train)->size(), 292);
  EXPECT_EQ(open("bccd", Split::train, {{"train_split", "train"}})->size(), 205);
  EXPECT_EQ(open("bccd", Split::val, {{"train_split", "train"}})->size(), 87);
  EXPECT_THROW(open("bccd", Split::val), UserError);
  const Item item = open("bccd", Split::test, {{"test_images", 3}})->item(2);
  EXPECT_EQ(item.image.width, 640);
  EXPECT_EQ(item.image.height, 480);
}

TEST_F(RealDataTest, CamvidHasItsPublishedCounts) {
  const InstalledDataset set = add("camvid", "camvid/camvid.tar");
  EXPECT_THAT(set.inspection.findings, ElementsAre("train: 367 images with masks, 3.95 % of the pixels without class",
                                                   "val: 101 images with masks, 1.70 % of the pixels without class",
                                                   "test: 233 images with masks, 3.83 % of the pixels without class"));
  EXPECT_TRUE(set.inspection.faults.empty());
  const Item item = open("camvid", Split::val)->item(100);
  EXPECT_EQ(item.mask.width, 480);
  EXPECT_EQ(item.mask.height, 360);
}

TEST_F(RealDataTest, CifarHasItsPublishedMeanAndDeviation) {
  const InstalledDataset set = add("cifar10", "cifar-10-batches-bin");
  EXPECT_THAT(
      set.inspection.findings[0],
      "train: 50000 images, 5000 a class; mean 0.49139968 0.48215841 0.44653091, deviation 0.24703223 0.24348513 "
      "0.26158784");
  EXPECT_THAT(set.inspection.findings[1], testing::StartsWith("test: 10000 images, 1000 a class"));
  const auto train = open("cifar10", Split::train, {{"train_images", 1000}});
  EXPECT_EQ(train->size(), 1000);
  std::array<int, 10> labels{};
  for (int64_t i = 0; i < train->size(); ++i) ++labels.at(static_cast<size_t>(train->item(i).label));
  for (const int count : labels) EXPECT_NEAR(count, 100, 4.5 * 9.5);
}

}  // namespace
}  // namespace sslbench
