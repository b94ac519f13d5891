// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/image_sets.h"

#include <gtest/gtest.h>

#include "datasets/install/installed.h"
#include "suites/protocols/parts/without_leaks.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/protocols/unused_backbone.h"

namespace sslbench {
namespace {

// A Pascal VOC set of six pictures, two of which have masks.
class ImageSetsTest : public testing::Test {
 protected:
  ImageSetsTest() {
    for (int i = 0; i < 6; ++i) {
      const std::string id = "a" + std::to_string(i);
      write_picture(folder_, "from/JPEGImages/" + id + ".jpg", 6, 8, i);
      folder_.write(
          "from/Annotations/" + id + ".xml",
          "<annotation><size><width>8</width><height>6</height></size><object><name>cell</name><bndbox><xmin>1"
          "</xmin><ymin>1</ymin><xmax>4</xmax><ymax>5</ymax></bndbox></object></annotation>");
    }
    for (const char* id : {"a0", "a5"}) {
      std::vector<uint8_t> values(48, 0);
      values[3] = 1;
      write_mask(folder_, std::string("from/SegmentationClass/") + id + ".png", 6, 8, values);
    }
    folder_.write("from/ImageSets/Main/train.txt", "a0\na1\na2\na3\n");
    folder_.write("from/ImageSets/Main/val.txt", "a4\na5\n");
    folder_.write("from/ImageSets/Segmentation/train.txt", "a0\n");
    folder_.write("from/ImageSets/Segmentation/val.txt", "a5\n");
    add_dataset("some", folder_.path() / "from", folder_.path() / "root");
  }
  ScratchFolder folder_;
  ImageSets sets_{folder_.path() / "root"};
  const DatasetSpec some_{.name = "some"};
};

TEST_F(ImageSetsTest, ATaskSeesTheExamplesThatServeIt) {
  EXPECT_EQ(sets_.split(some_, Split::train, "detection").images->size(), 4);
  EXPECT_EQ(sets_.split(some_, Split::test, "detection").images->size(), 2);
  const LoadedSplit& masked = sets_.split(some_, Split::train, "segmentation");
  EXPECT_EQ(masked.images->size(), 1);
  EXPECT_EQ(masked.images->name(0), "JPEGImages/a0.jpg");
  EXPECT_EQ(masked.mask_classes.size(), 2u);
  EXPECT_EQ(sets_.split(some_, Split::test, "segmentation").images->name(0), "JPEGImages/a5.jpg");
}

// Corrupt images are known and noted by the numbers of the whole set, whoever meets them.
TEST_F(ImageSetsTest, WhatIsKnownOfCorruptImagesKeepsTheNumbersOfTheWholeSet) {
  std::vector<int64_t> noted;
  ImageSetPolicy policy;
  policy.on_corrupt = OnCorrupt::skip;
  policy.known_corrupt = {{0, "known"}, {3, "not among those with masks"}};
  policy.on_skip = [&](int64_t image, const std::string&) { noted.push_back(image); };
  ImageSets sets{folder_.path() / "root"};
  sets.set_policy(some_, Split::test, std::move(policy));
  const ImageSetPolicy& masked = sets.split(some_, Split::test, "segmentation").images->policy();
  EXPECT_TRUE(masked.known_corrupt.empty()) << "the one image with a mask is number 1 of the whole set";
  masked.on_skip(0, "");
  EXPECT_EQ(noted, std::vector<int64_t>{1});
}

TEST_F(ImageSetsTest, LeakedImagesAreFoundByTheNumbersOfTheWholeSet) {
  UnusedBackbone backbone;
  FeatureCache features{[](const DatasetSpec&, Split) { return Features{}; }};
  const auto kept = [&](int64_t leaked_image, const char* task) {
    const LeakedImages leaked{{{leaked_image, 0, 1}}};
    Subject subject{backbone, {}, {}, sets_, features, {}};
    subject.leaked = [&](const DatasetSpec&) -> const LeakedImages& { return leaked; };
    return places_without_leaks(subject, some_, task).value();
  };
  EXPECT_EQ(kept(0, "detection"), std::vector<int64_t>{1});
  EXPECT_EQ(kept(0, "segmentation"), std::vector<int64_t>{0}) << "the one with a mask is number 1 of the whole set";
  EXPECT_EQ(kept(1, "segmentation"), std::vector<int64_t>{});
}

TEST_F(ImageSetsTest, ASplitThatServesATaskWholeIsOpenedOnce) {
  EXPECT_EQ(&sets_.split(some_, Split::train, "detection"), &sets_.split(some_, Split::train));
  EXPECT_EQ(&sets_.split(some_, Split::train, "segmentation"), &sets_.split(some_, Split::train, "segmentation"));
}

TEST_F(ImageSetsTest, ASplitThatServesATaskNowhereIsAnError) {
  std::filesystem::remove_all(folder_.path() / "from/SegmentationClass");
  add_dataset("boxes", folder_.path() / "from", folder_.path() / "root");
  const std::string message = data_failure([&] { sets_.split({.name = "boxes"}, Split::train, "segmentation"); });
  EXPECT_NE(message.find("has no image of train for segmentation"), std::string::npos) << message;
}

}  // namespace
}  // namespace sslbench
