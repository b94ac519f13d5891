// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/mask_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/pictures/picture_writer.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kClasses{"sky", "road"};

class MaskListsTest : public testing::Test {
 protected:
  void write_pair(const std::string& name, std::vector<uint8_t> mask) {
    write_png(folder_.path() / (name + "_image.png"), 1, 3, PNG_COLOR_TYPE_RGB, 8, std::vector<uint8_t>(9, 50));
    const int width = static_cast<int>(mask.size());
    write_png(folder_.path() / (name + "_mask.png"), 1, width, PNG_COLOR_TYPE_GRAY, 8, std::move(mask));
  }
  std::unique_ptr<DataSource> open(const std::string& list) {
    folder_.write("train.txt", list);
    return open_mask_lists(mask_folder(), Split::train, 0);
  }
  MaskFolder mask_folder() { return {folder_.path(), &kClasses, 7}; }
  ScratchFolder folder_;
};

// Fault matrix: 43
TEST_F(MaskListsTest, VoidAnd255AreIgnoredPixels) {
  write_pair("a", {1, 7, 255});
  const Item item = open("a_image.png a_mask.png\n")->item(0);
  EXPECT_THAT(item.mask.labels, ElementsAre(1, Mask::kIgnore, Mask::kIgnore));
  EXPECT_EQ(item.image.width, 3);
}

// Fault matrix: 43
TEST_F(MaskListsTest, UnknownClassNamesTheMask) {
  write_pair("a", {1, 2, 0});
  const auto source = open("a_image.png a_mask.png\n");
  EXPECT_THAT(data_failure([&] { source->item(0); }), HasSubstr("a_mask.png: holds the value 2"));
}

// Fault matrix: 43
TEST_F(MaskListsTest, ImageAndMaskMustBeOfOneSize) {
  write_pair("a", {1, 0});
  const auto source = open("a_image.png a_mask.png\n");
  EXPECT_THAT(data_failure([&] { source->item(0); }), HasSubstr("has 2x1 pixels, its image 3x1"));
}

TEST_F(MaskListsTest, ALineIsTwoPathsBelowTheFolder) {
  EXPECT_THAT(data_failure([&] { open("a_image.png\n"); }), HasSubstr("expected `image mask`"));
  EXPECT_THAT(data_failure([&] { open("a b c\n"); }), HasSubstr("expected `image mask`"));
  EXPECT_THAT(data_failure([&] { open("../a b\n"); }), HasSubstr("leaves the dataset's folder"));
  EXPECT_THAT(data_failure([&] { open("a /etc/passwd\n"); }), HasSubstr("leaves the dataset's folder"));
  EXPECT_THAT(data_failure([&] { open("\n"); }), HasSubstr("names no image"));
}

TEST_F(MaskListsTest, InspectionCountsPixelsWithoutClass) {
  write_pair("a", {1, 7, 0});
  write_pair("b", {1, 1, 0});
  folder_.write("train.txt", "a_image.png a_mask.png\n");
  folder_.write("val.txt", "b_image.png b_mask.png\n");
  folder_.write("test.txt", "b_image.png b_mask.png\n");
  const Inspection seen = inspect_mask_lists(mask_folder());
  EXPECT_EQ(seen.findings.at(0), "train: 1 images with masks, 33.33 % of the pixels without class");
  EXPECT_THAT(seen.faults, ElementsAre("image b_image.png is in val and in test"));
}

}  // namespace
}  // namespace sslbench
