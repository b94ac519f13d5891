// SPDX-License-Identifier: Apache-2.0
// Format mask_pairs: layouts of annotation programs, what values mean, photos that their EXIF block turns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/pictures/image_file.h"
#include "datasets/pictures/orientation.h"
#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/pictures/exif_block.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class MaskPairsTest : public testing::Test {
 protected:
  void picture(const std::string& name) { write_picture(folder_, name, 6, 8, ++seed_); }
  // 6 x 8 pixels, the first of which is `first` and the last `last`.
  void mask(const std::string& name, uint8_t first, uint8_t last) {
    std::vector<uint8_t> values(48, first);
    values.back() = last;
    write_mask(folder_, name, 6, 8, values);
  }
  FolderContent read() { return read_format("mask_pairs", folder_.path()); }
  Item first() { return read().sources.at(Split::train)->item(0); }
  std::string failure() {
    return data_failure([&] { read(); });
  }
  std::string found() { return detect_format(folder_.path(), "").name; }
  ScratchFolder folder_;
  int seed_ = 0;
};

TEST_F(MaskPairsTest, CvatsMasksMeanWhatItsLabelmapSays) {
  for (const char* id : {"a0", "a1"}) {
    picture(std::string("JPEGImages/") + id + ".jpg");
    std::vector<uint8_t> pixels(48 * 3);
    pixels[0] = 250, pixels[1] = 50, pixels[2] = 83;
    for (const char* kind : {"SegmentationClass", "SegmentationObject"}) {
      std::filesystem::create_directories(folder_.path() / kind);
      write_png(folder_.path() / kind / (std::string(id) + ".png"), 6, 8, PNG_COLOR_TYPE_RGB, 8, pixels);
    }
  }
  folder_.write("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncell:250,50,83::\n");
  folder_.write("ImageSets/Segmentation/default.txt", "a0\na1\n");
  EXPECT_EQ(found(), "mask_pairs");
  EXPECT_THAT(read().classes, ElementsAre("background", "cell"));
  EXPECT_EQ(first().mask.labels[0], 1);
  EXPECT_EQ(first().mask.labels[1], 0);
  folder_.write("ImageSets/Segmentation/default.txt", "");
  folder_.write("ImageSets/Segmentation/train.txt", "a0\n");
  folder_.write("ImageSets/Segmentation/val.txt", "a1\n");
  EXPECT_EQ(read().sources.at(Split::val)->name(0), "JPEGImages/a1.jpg");
}

TEST_F(MaskPairsTest, LabelmesMasksMeanWhatItsNamesSay) {
  picture("JPEGImages/a0.jpg");
  mask("SegmentationClassPNG/a0.png", 0, 1);
  picture("SegmentationClassVisualization/a0.jpg");
  folder_.write("class_names.txt", "_background_\ncell\n");
  EXPECT_EQ(found(), "mask_pairs");
  EXPECT_THAT(read().classes, ElementsAre("_background_", "cell"));
  EXPECT_EQ(first().mask.labels.back(), 1);
  std::filesystem::create_directories(folder_.path() / "Annotations");
  EXPECT_EQ(found(), "mask_pairs") << "an empty folder is none of masks";
  folder_.write("class_names.txt", "__ignore__\n_background_\ncell\n");
  EXPECT_THAT(read().classes, ElementsAre("_background_", "cell")) << "what is ignored has no number";
}

TEST_F(MaskPairsTest, FoldersAreFoundByTheNamesThatProgramsGiveThem) {
  for (const auto& [images, masks] : {std::pair("img_dir/train", "ann_dir/train"), std::pair("train", "trainannot"),
                                      std::pair("train_images", "train_masks"), std::pair("Images", "Masks")}) {
    const ScratchFolder folder;
    write_picture(folder, std::string(images) + "/a.png", 6, 8, 1);
    write_mask(folder, std::string(masks) + "/a.png", 6, 8, std::vector<uint8_t>(48, 1));
    EXPECT_EQ(detect_format(folder.path(), "").name, "mask_pairs") << images;
    EXPECT_EQ(read_format("mask_pairs", folder.path()).sources.at(Split::train)->size(), 1) << images;
  }
}

TEST_F(MaskPairsTest, ShadesAreNoNumbersOfClasses) {
  picture("images/a.png");
  mask("masks/a.png", 0, 128);
  EXPECT_THAT(failure(), HasSubstr("its masks hold the values 0, 128 alone, which look like shades"));
  folder_.write("classes.txt", "0 background\n128 road\n");
  EXPECT_EQ(first().mask.labels.back(), 1);
  std::filesystem::remove(folder_.path() / "classes.txt");
  mask("masks/a.png", 0, 5);
  EXPECT_EQ(read().classes.size(), 6u) << "numbers with gaps are classes that no pixel has";
}

TEST_F(MaskPairsTest, ASplitWithoutMasksIsAbsent) {
  for (const char* name : {"images/train/a.png", "images/test/b.png"}) picture(name);
  mask("masks/train/a.png", 0, 1);
  std::filesystem::create_directories(folder_.path() / "masks/test");
  EXPECT_FALSE(read().present.contains(Split::test));
  std::filesystem::remove(folder_.path() / "masks/train/a.png");
  picture("masks/train/a.jpg");
  EXPECT_THAT(failure(), HasSubstr("no picture of train with a mask, which is a PNG of the same name"));
}

TEST_F(MaskPairsTest, CommentsAndQuotesAreNoPartOfClassNames) {
  picture("images/a.png");
  mask("masks/a.png", 0, 1);
  folder_.write("classes.txt", "\xEF\xBB\xBF# the classes\n\"traffic light\"\nroad\r\n");
  EXPECT_THAT(read().classes, ElementsAre("\"traffic light\"", "road"));
  folder_.write("classes.txt", "\xEF\xBB\xBF# the classes\n0,\"traffic light\"\n1,road\r\n");
  EXPECT_THAT(read().classes, ElementsAre("traffic light", "road"));
}

// A photo of 6 x 8 pixels that is to be shown as 8 x 6.
TEST_F(MaskPairsTest, ATurnedPhotoKeepsItsMaskInWhicheverFrameItWasDrawn) {
  write_picture(folder_, "plain.jpg", 6, 8, 3);
  const std::string bytes = read_file(folder_.path() / "plain.jpg");
  folder_.write("images/a.jpg", bytes.substr(0, 2) + exif_segment(6, true) + bytes.substr(2));
  mask("masks/a.png", 0, 1);
  const Item stored = first();
  EXPECT_EQ(stored.image.height, 6);
  EXPECT_EQ(stored.image.pixels, read_image(folder_.path() / "plain.jpg").pixels) << "mask as PIL opens the photo";
  EXPECT_FALSE(read().sources.at(Split::train)->stored_image(0).oriented);
  write_mask(folder_, "masks/a.png", 8, 6, std::vector<uint8_t>(48, 1));
  const Item meant = first();
  EXPECT_EQ(meant.image.height, 8);
  EXPECT_EQ(meant.image.pixels, oriented(stored.image, 6).pixels) << "mask as viewers show the photo";
  EXPECT_TRUE(read().sources.at(Split::train)->stored_image(0).oriented);
  write_mask(folder_, "masks/a.png", 5, 6, std::vector<uint8_t>(30, 1));
  EXPECT_THAT(data_failure([&] { first(); }), HasSubstr("mask of 6x5 pixels, its image has 6x8"));
}

}  // namespace
}  // namespace sslbench
