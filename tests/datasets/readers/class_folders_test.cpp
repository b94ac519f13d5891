// SPDX-License-Identifier: Apache-2.0
// What is a set of class folders, and what only looks like one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ClassFoldersTest : public testing::Test {
 protected:
  void picture(const std::string& name) { write_picture(folder_, name, 6, 8, ++seed_); }
  void pictures(const std::string& folder, int count) {
    for (int i = 0; i < count; ++i) picture(folder + "/" + std::to_string(i) + ".jpg");
  }
  void mask(const std::string& name) { write_mask(folder_, name, 6, 8, std::vector<uint8_t>(48, 1)); }
  std::string found() { return detect_format(folder_.path(), "set").name; }
  std::string refusal() {
    return user_error([&] { found(); });
  }
  FolderContent read() { return read_format("class_folders", folder_.path()); }
  ScratchFolder folder_;
  int seed_ = 0;
};

TEST_F(ClassFoldersTest, AStrayPictureTakesNoLabels) {
  for (const char* folder : {"train/a", "train/b", "val/a", "val/b"}) pictures(folder, 3);
  picture("train/loose.jpg");
  EXPECT_EQ(found(), "class_folders");
  const FolderContent content = read();
  EXPECT_EQ(content.sources.at(Split::train)->size(), 6);
  EXPECT_EQ(content.sources.at(Split::val)->size(), 6);
  EXPECT_THAT(content.faults.lines(), ElementsAre("1 pictures outside the class folders, left out (loose.jpg)"));
}

TEST_F(ClassFoldersTest, WhereMostPicturesLieOutsideTheFoldersAreNoClasses) {
  pictures("a", 2);
  pictures("b", 2);
  pictures(".", 9);
  EXPECT_EQ(found(), "pictures");
  EXPECT_EQ(read_format("pictures", folder_.path()).faults.count("folders whose names are not taken as labels"), 2);
}

TEST_F(ClassFoldersTest, ASplitWithoutClassFoldersHasNoLabelsAndIsAbsent) {
  for (const char* folder : {"train/a", "train/b", "test"}) pictures(folder, 3);
  const FolderContent content = read();
  EXPECT_FALSE(content.present.contains(Split::test));
  EXPECT_FALSE(content.sources.contains(Split::test));
  EXPECT_EQ(content.faults.count("pictures of test/ without a class folder: the split has no labels and is left out"),
            3);
}

TEST_F(ClassFoldersTest, NamesOfClassesKeepNoBlanks) {
  pictures("cat ", 2);
  pictures("dog", 2);
  EXPECT_THAT(read().classes, ElementsAre("cat", "dog"));
}

TEST_F(ClassFoldersTest, MasksAreNoPicturesOfAClass) {
  for (int i = 0; i < 2; ++i) picture("rgb/" + std::to_string(i) + ".jpg"), mask("seg/" + std::to_string(i) + ".png");
  EXPECT_THAT(refusal(), HasSubstr("'rgb' and 'seg' are pictures and their masks by name"));
  std::filesystem::rename(folder_.path() / "rgb", folder_.path() / "one");
  std::filesystem::rename(folder_.path() / "seg", folder_.path() / "two");
  EXPECT_THAT(refusal(), HasSubstr("'two' holds a PNG of few values for every picture of 'one'"));
  std::filesystem::remove(folder_.path() / "two/1.png");
  EXPECT_EQ(found(), "class_folders") << "other names: gray pictures of a class";
}

TEST_F(ClassFoldersTest, FoldersOfKnownLayoutsAreNoClasses) {
  pictures("SegmentationObject", 2);
  pictures("other", 2);
  EXPECT_THAT(refusal(), HasSubstr("'SegmentationObject' holds masks as Pascal VOC, CVAT and labelme name them"));
  std::filesystem::rename(folder_.path() / "SegmentationObject", folder_.path() / "obj_train_data");
  EXPECT_THAT(refusal(), HasSubstr("'obj_train_data' is of a YOLO (darknet) set"));
}

}  // namespace
}  // namespace sslbench
