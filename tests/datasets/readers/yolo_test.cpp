// SPDX-License-Identifier: Apache-2.0
// Format yolo: what names classes, where pictures and labels lie, what a line means.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/readers/yolo_set.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class YoloTest : public testing::Test {
 protected:
  FolderContent read() { return read_format("yolo", folder_.path()); }
  std::string found() { return detect_format(folder_.path(), "set").name; }
  void example(const std::string& images, const std::string& labels, const std::string& text = "0 0.3 0.3 0.2 0.2\n") {
    write_picture(folder_, images + ".jpg", 48, 64, ++seed_);
    folder_.write(labels + ".txt", text);
  }
  std::vector<std::string> names(const std::string& yaml) {
    return read_yolo_set(folder_.write("names.yaml", yaml)).names;
  }
  std::string failure(const std::string& yaml) {
    return data_failure([&] { names(yaml); });
  }
  Box first_box() { return read().sources.at(Split::train)->item(0).boxes.at(0); }
  ScratchFolder folder_;
  int seed_ = 0;
};

TEST_F(YoloTest, YamlIsReadAsPythonReadsIt) {
  EXPECT_THAT(names("names:\n  0: cell  # red ones\n  1: platelet # small\n"), ElementsAre("cell", "platelet"));
  EXPECT_THAT(names("names: [cell, # c\n  'plate # let',\n  \"caf\\u00e9\"]\nnc: 3\n"),
              ElementsAre("cell", "plate # let", "café"));
  EXPECT_THAT(names("train: x\nnames: {0: cell, 1: platelet}\n"), ElementsAre("cell", "platelet"));
  EXPECT_THAT(names("names:\r\n  1: platelet\r\n  0: cell\r\n"), ElementsAre("cell", "platelet"));
  EXPECT_THAT(names("\xEF\xBB\xBFnames:\n- cell\n- platelet\n"), ElementsAre("cell", "platelet"));
  EXPECT_THAT(names("base: &n [cell]\nnames: *n\n"), ElementsAre("cell"));
  EXPECT_THAT(names("names: ['a, b', c]\nnc: 2\n"), ElementsAre("a, b", "c"));
  EXPECT_THAT(names("names: [1, 2]\n"), ElementsAre("1", "2"));
}

TEST_F(YoloTest, NamesThatAreNoneSayWhatIsWrong) {
  EXPECT_THAT(failure("names:\n  1: a\n"), HasSubstr("names.yaml: names: expected class 0, got 1"));
  EXPECT_THAT(failure("names: {a: b}\n"), HasSubstr("'a' is not the number of a class"));
  EXPECT_THAT(failure("names:\n  0:\n"), HasSubstr("class 0 has no name"));
  EXPECT_THAT(failure("names: [a]\nnc: 2\n"), HasSubstr("names 1 classes, but `nc` is 2"));
  EXPECT_THAT(failure("nc: 3\n"), HasSubstr("has no `names`"));
  EXPECT_THAT(failure("names: cell\n"), HasSubstr("has no `names`"));
  EXPECT_THAT(failure("a: 1\nnames: [a\n"), HasSubstr("no YAML"));
  EXPECT_THAT(failure("names: [Gef\xE4\xDF]\n"), HasSubstr("line 1: is not UTF-8"));
  EXPECT_THAT(failure("names: &a [*a]\n"), HasSubstr("class 0 has no name")) << "a list that holds itself";
}

TEST_F(YoloTest, ClassesOfOneNameAreToldApart) {
  EXPECT_THAT(names("names: [a, a, b]\n"), ElementsAre("a", "a (1)", "b"));
}

TEST_F(YoloTest, AnyYamlWithNamesIsTheSets) {
  example("images/train/a0", "labels/train/a0");
  folder_.write("coco8.yaml", "path: coco8\ntrain: images/train\nval: images/val\nnames:\n  0: person\n");
  folder_.write("hyp.yaml", "lr0: 0.01\n");
  EXPECT_EQ(found(), "yolo");
  EXPECT_THAT(read().classes, ElementsAre("person"));
  EXPECT_FLOAT_EQ(first_box().x0, 12.8f);
  folder_.write("other.yml", "names: [car]\n");
  EXPECT_THAT(data_failure([&] { read(); }), HasSubstr("names other classes than coco8.yaml"));
}

TEST_F(YoloTest, DarknetLayoutsAreRead) {
  example("obj_train_data/a0", "obj_train_data/a0");
  example("obj_valid_data/b0", "obj_valid_data/b0");
  folder_.write("obj.names", "\xEF\xBB\xBFperson\n");
  EXPECT_EQ(found(), "yolo");
  const FolderContent content = read();
  EXPECT_THAT(content.classes, ElementsAre("person"));
  EXPECT_EQ(content.sources.at(Split::train)->size(), 1);
  EXPECT_EQ(content.sources.at(Split::val)->item(0).boxes.size(), 1u);
}

TEST_F(YoloTest, LabelsMayLieBesideTheirPictures) {
  example("a0", "a0");
  folder_.write("classes.txt", "person\n");
  EXPECT_EQ(found(), "yolo");
  EXPECT_EQ(first_box().label, 0);
  std::filesystem::remove(folder_.path() / "a0.txt");
  folder_.write("a0.txt", "a person walks\n");
  EXPECT_NE(found(), "yolo") << "a caption";
}

TEST_F(YoloTest, LabelStudiosNotesAreNoCocoFile) {
  example("images/a0", "labels/a0");
  folder_.write("classes.txt", "person\n");
  folder_.write("notes.json",
                "{\"categories\": [{\"id\": 0, \"name\": \"person\"}], \"info\": {\"version\": \"1.0\"}}");
  EXPECT_EQ(found(), "yolo");
}

TEST_F(YoloTest, FoldersWithAYearAndThoseThatTheFileNamesAreFound) {
  example("images/train2017/a0", "labels/train2017/a0");
  folder_.write("data.yaml", "names: [person]\n");
  EXPECT_EQ(read().sources.at(Split::train)->size(), 1);
  std::filesystem::remove_all(folder_.path() / "images");
  std::filesystem::remove_all(folder_.path() / "labels");
  example("part/images/b0", "part/labels/b0");
  folder_.write("data.yaml", "train: ../part/images\nnames: [person]\n");
  EXPECT_EQ(found(), "yolo");
  EXPECT_EQ(read().sources.at(Split::train)->name(0), "part/images/b0.jpg");
}

TEST_F(YoloTest, BehindTheBoxStandKeypointsWhereTheFileSaysSo) {
  folder_.write("data.yaml", "kpt_shape: [2, 3]\nnames: [plate]\n");
  for (const char* line :
       {"0 0.3 0.3 0.2 0.2 0.25 0.3 2 0.35 0.3 2", "0 0.3 0.3 0.2 0.2 0.25 0.3 0.35 0.3", "0 0.3 0.3 0.2 0.2"}) {
    example("train/images/a0", "train/labels/a0", line);
    const Box box = first_box();
    EXPECT_FLOAT_EQ(box.x0, 12.8f) << line;
    EXPECT_FLOAT_EQ(box.y0, 9.6f) << line;
    EXPECT_FLOAT_EQ(box.x1, 25.6f) << line;
    EXPECT_NEAR(box.y1, 19.2f, 1e-5f) << line;
  }
  example("train/images/a0", "train/labels/a0", "0 0.3 0.3 0.2 0.2 0.1 0.1\n");
  EXPECT_THAT(data_failure([&] { read(); }), HasSubstr("a0.txt: line 1: expected `class cx cy w h` and 2 keypoints"));
}

TEST_F(YoloTest, WithoutKeypointsMoreNumbersAreAPolygonThatIsCounted) {
  folder_.write("data.yaml", "names: [plate]\n");
  example("train/images/a0", "train/labels/a0", "0 0.25 0.25 0.75 0.25 0.75 0.5 0.25 0.5\n");
  EXPECT_FLOAT_EQ(first_box().x1, 48);
  EXPECT_EQ(read().faults.count("polygons, of which the box around them is taken"), 1);
  example("train/images/a0", "train/labels/a0",
          "0 0.3 0.3 0.2 0.2 0.1 0.1 2 0.1 0.2 0.3\n0 .1 .1 .1 .1 .2 .2 2 .3 .3 2 .1 1 1\n");
  EXPECT_THAT(data_failure([&] { read(); }), HasSubstr("keypoints need `kpt_shape` in data.yaml"));
}

TEST_F(YoloTest, MasksBesideAClassListAreNoLabels) {
  write_picture(folder_, "images/a0.jpg", 6, 8, 1);
  write_mask(folder_, "labels/a0.png", 6, 8, std::vector<uint8_t>(48, 1));
  folder_.write("classes.txt", "road\nsky\n");
  EXPECT_EQ(found(), "mask_pairs");
}

TEST_F(YoloTest, LabelsWithoutNamesOfClassesAreRefusedAndNotTakenForPictures) {
  example("train/images/a0", "train/labels/a0");
  const std::string message = user_error([&] { found(); });
  EXPECT_THAT(message, HasSubstr("label files as YOLO's (no data.yaml, classes.txt or obj.names names their classes)"));
  EXPECT_THAT(message, HasSubstr("(train/labels/a0.txt)"));
  EXPECT_THAT(message, HasSubstr("say --format pictures"));
}

TEST_F(YoloTest, KeypointsWithoutTheirShapeAreNoPolygons) {
  folder_.write("data.yaml", "names: [p]\n");
  example("images/train/a", "labels/train/a", "0 .5 .5 .4 .4 .1 .1 2 .2 .2 2\n");
  example("images/train/b", "labels/train/b", "0 .5 .5 .4 .4 .1 .1 1 .2 .2 0\n0 .5 .5 .4 .4 .1 .1 0 0 0 0\n");
  EXPECT_THAT(data_failure([&] { read(); }),
              HasSubstr("3 of 3 lines of more than 5 numbers (first a.txt line 1) are boxes with keypoints and their "
                        "visibility, not polygons; say `kpt_shape"));
  folder_.write("data.yaml", "names: [p]\nkpt_shape: [2, 3]\n");
  EXPECT_FLOAT_EQ(first_box().x1, 64 * 0.7f);
}

TEST_F(YoloTest, PolygonsMostlyBeyondTheirPictureAreRefused) {
  folder_.write("data.yaml", "names: [p]\n");
  example("images/train/a", "labels/train/a", "0 12 20 40 20 40 30\n0 12 20 40 20 40 31\n0 .1 .1 .4 .1 .4 .4\n");
  EXPECT_THAT(data_failure([&] { read(); }), HasSubstr("2 of 3 lines of more than 5 numbers (first a.txt line 1) are "
                                                       "no polygons within their picture; keypoints need `kpt_shape"));
  example("images/train/b", "labels/train/b", "0 .1 .1 .4 .1 .4 .4\n0 .1 .1 .4 .1 .4 .4\n");
  EXPECT_EQ(read().faults.count("boxes that reach far beyond their image"), 2);
}

TEST_F(YoloTest, PolygonsAlongTheEdgesStayPolygons) {
  folder_.write("data.yaml", "names: [p]\n");
  example("images/train/a", "labels/train/a", "0 0 0 1 0 1 1 0 1 0 0\n0 .1 .1 .6 .1 .6 .7 .3 .8 .1 .5\n");
  EXPECT_FLOAT_EQ(first_box().y1, 48.0f);
}

TEST_F(YoloTest, NamesInATextFileKeepNothingInvisible) {
  folder_.write("classes.txt", "cell\xE2\x80\x8B\n\xE2\x80\x8Eplatelet\n");
  example("images/a", "labels/a");
  EXPECT_THAT(read().classes, ElementsAre("cell", "platelet"));
}

}  // namespace
}  // namespace sslbench
