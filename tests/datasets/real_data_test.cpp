// SPDX-License-Identifier: Apache-2.0
// The real archives, taken in and read whole. SSLBENCH_TEST_DATA names the folder that holds them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

#include "datasets/install/installed.h"
#include "datasets/packed/packed_store.h"
#include "tests/datasets/image_sets.h"
#include "tests/suites/files/scratch_folder.h"

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
  void expect_equal_when_packed(const std::string& name) {
    const fs::path file = folder_.path() / (name + ".h5");
    pack_dataset(name, json::object(), folder_.path(), file);
    add_dataset(name + "-packed", file, folder_.path());
    for (const Split split : {Split::train, Split::test}) {
      const auto a = open(name, split), b = open(name + "-packed", split);
      ASSERT_EQ(a->size(), b->size());
      for (int64_t i = 0; i < a->size(); ++i) ASSERT_TRUE(same_item(a->item(i), b->item(i))) << name << " " << i;
    }
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

TEST_F(RealDataTest, CocoTinyHasItsCountsAndComesBackEqualFromAPackedStore) {
  const InstalledDataset set = add("coco", "coco-tiny/coco-tiny.tar");
  EXPECT_EQ(set.format, "coco");
  ASSERT_EQ(set.inspection.findings.size(), 5u);
  EXPECT_THAT(set.inspection.findings[3], testing::StartsWith("train: 37 images"));
  EXPECT_THAT(set.inspection.findings[3], testing::HasSubstr("318 boxes: 0 to "));
  EXPECT_THAT(set.inspection.findings[3], testing::HasSubstr("3 of them crowds"));
  EXPECT_THAT(set.inspection.findings[4], testing::StartsWith("val: 80 images"));
  EXPECT_THAT(set.inspection.findings[4], testing::HasSubstr("815 boxes: 1 to "));
  EXPECT_THAT(set.inspection.findings[4], testing::HasSubstr("11 of them crowds"));
  EXPECT_TRUE(set.inspection.faults.empty());
  expect_equal_when_packed("coco");
}

TEST_F(RealDataTest, ClassFoldersAndGeneralFormatsComeBackEqualFromPackedStores) {
  EXPECT_THAT(add("jpegs", "cifar-10-jpeg/cifar-10-jpeg.tar.xz").inspection.findings,
              testing::Contains("train: 5000 images, all 32x32 px; labels: 500 a class"));
  expect_equal_when_packed("jpegs");
  EXPECT_EQ(add("blood", "bccd/bccd.tar").format, "pascal_voc");
  expect_equal_when_packed("blood");
  EXPECT_EQ(add("streets", "camvid/camvid.tar").format, "mask_pairs");
  expect_equal_when_packed("streets");
}

TEST_F(RealDataTest, GeneralFormatsGiveTheItemsOfTheKnownSets) {
  add("camvid", "camvid/camvid.tar");
  add("streets", "camvid/camvid.tar");
  const auto known = open("camvid", Split::test), general = open("streets", Split::test);
  ASSERT_EQ(known->size(), general->size());
  for (int64_t i = 0; i < known->size(); i += 10) EXPECT_TRUE(same_item(known->item(i), general->item(i))) << i;
}

}  // namespace
}  // namespace sslbench
