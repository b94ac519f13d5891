// SPDX-License-Identifier: Apache-2.0
// Masks are never training pictures: names of files and folders tell them.
#include "datasets/install/mask_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

using Names = std::vector<std::string>;

TEST(MaskNamesTest, APictureCalledAsAnotherWithAWordForMasksIsItsMask) {
  for (const Names& pair : std::vector<Names>{{"a0.jpg", "a0_mask.png"},
                                              {"benign/benign (0).png", "benign/benign (0)_mask.png"},
                                              {"benign/benign (0).png", "benign/benign (0)_mask_1.png"},
                                              {"x/I_0.jpg", "y/I_0_segmentation.png"},
                                              {"12.jpg", "12-seg.png"},
                                              {"12_sat.jpg", "12_mask.png"},
                                              {"image_7.png", "mask_7.png"},
                                              {"s1/image.png", "s1/mask.png"},
                                              {"7.png", "7_GT.PNG"},
                                              {"7.png", "7_ground_truth.png"},
                                              {"7.png", "7GroundTruth.png"},
                                              {"7.png", "7.annotation.png"},
                                              {"0007.png", "0007mask.png"},
                                              {"7_leftImg8bit.png", "7_leftImg8bit_gtFine_labelIds.png"},
                                              {"7.png", "7_L.png"}}) {
    EXPECT_THAT(why_masks_by_name(pair), HasSubstr("'" + pair[1] + "' is the mask of '" + pair[0] + "' by its name"));
  }
}

TEST(MaskNamesTest, WordsForMasksAloneMakeNone) {
  for (const Names& pictures : std::vector<Names>{{"with_mask/with_mask_1.jpg", "without_mask/without_mask_1.jpg"},
                                                  {"mask/1.jpg", "face/1.jpg"},
                                                  {"mask/mask_1.jpg", "1/1.jpg"},
                                                  {"label/label_1.jpg", "ticket/ticket_1.jpg"},
                                                  {"1-with-mask.jpg", "1.jpg"},
                                                  {"shop.jpg", "mask.jpg"},
                                                  {"a_l.jpg", "a_r.jpg"}}) {
    EXPECT_THAT(why_masks_by_name(pictures), IsEmpty()) << pictures.front();
  }
}

TEST(MaskNamesTest, OneOfManyPicturesIsChance) {
  Names pictures{"0_mask.jpg"};
  for (int i = 0; i < 18; ++i) pictures.push_back(std::to_string(i) + ".jpg");
  EXPECT_THAT(why_masks_by_name(pictures), HasSubstr("'0_mask.jpg'"));
  for (int i = 18; i < 40; ++i) pictures.push_back(std::to_string(i) + ".jpg");
  EXPECT_THAT(why_masks_by_name(pictures), IsEmpty());
}

class MaskFoldersTest : public testing::Test {
 protected:
  void pictures(const std::string& folder, const std::string& behind) {
    for (int i = 0; i < 3; ++i) write_picture(folder_, folder + "/I_" + std::to_string(i) + behind, 6, 8, ++seed_);
  }
  std::string found() { return detect_format(folder_.path(), "set").name; }
  std::string refusal() {
    return user_error([&] { found(); });
  }
  ScratchFolder folder_;
  int seed_ = 0;
};

TEST_F(MaskFoldersTest, FoldersOfInputsAndTruthsAreRefusedWithAWayOut) {
  pictures("ISIC_Input", ".jpg");
  pictures("ISIC_GroundTruth", "_segmentation.png");
  EXPECT_THAT(refusal(), HasSubstr("'ISIC_Input' and 'ISIC_GroundTruth' are pictures and their masks by name"));
  EXPECT_THAT(refusal(), HasSubstr("lay them out as images/ and masks/ with equal names"));
  EXPECT_THAT(refusal(), HasSubstr("--format class_folders where the folders are the labels"));
  EXPECT_EQ(read_format("class_folders", folder_.path()).classes.size(), 2u) << "what is said counts";
}

TEST_F(MaskFoldersTest, FoldersWithinClassesAreLookedInto) {
  for (const char* name : {"COVID", "Normal"}) {
    pictures(std::string(name) + "/images", ".png");
    pictures(std::string(name) + "/masks", ".png");
  }
  EXPECT_THAT(refusal(), HasSubstr("'images' and 'masks' are pictures and their masks by name"));
}

TEST_F(MaskFoldersTest, AFolderOfMasksMayLieAmongItsPictures) {
  pictures("a", ".jpg");
  pictures("b", ".jpg");
  pictures("a/masks", ".png");
  EXPECT_THAT(refusal(), HasSubstr("'masks' holds masks of the pictures beside it by name"));
  std::filesystem::rename(folder_.path() / "a/masks", folder_.path() / "a/striped");
  EXPECT_EQ(found(), "class_folders");
}

TEST_F(MaskFoldersTest, MasksBesidePicturesOfClassesOrNoneAreRefused) {
  pictures("benign", ".png");
  pictures("malignant", ".png");
  EXPECT_EQ(found(), "class_folders");
  pictures("benign", "_mask.png");
  EXPECT_THAT(refusal(), HasSubstr("'benign/I_0_mask.png' is the mask of 'benign/I_0.png' by its name, and 2 more of "
                                   "the 9 pictures are masks, too"));
  std::filesystem::remove_all(folder_.path() / "malignant");
  EXPECT_THAT(refusal(), HasSubstr("'benign/I_0_mask.png' is the mask of 'benign/I_0.png'"));
}

TEST_F(MaskFoldersTest, AClassMayBeCalledAsMasksAre) {
  for (const char* car : {"Ford GT Coupe 2006", "Audi R8 Coupe 2012", "Fiat 500 2012"}) pictures(car, ".jpg");
  EXPECT_EQ(found(), "class_folders");
  std::filesystem::rename(folder_.path() / "Ford GT Coupe 2006", folder_.path() / "mask");
  EXPECT_EQ(found(), "class_folders");
}

TEST_F(MaskFoldersTest, MasksWithASuffixAreReadFromAFolderOfMasks) {
  pictures("images", ".jpg");
  for (int i = 0; i < 3; ++i) {
    write_mask(folder_, "masks/I_" + std::to_string(i) + "_segmentation.png", 6, 8, std::vector<uint8_t>(48, 1));
  }
  EXPECT_EQ(found(), "mask_pairs");
  EXPECT_EQ(read_format("mask_pairs", folder_.path()).sources.at(Split::train)->size(), 3);
}

}  // namespace
}  // namespace sslbench
