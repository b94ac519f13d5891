// SPDX-License-Identifier: Apache-2.0
// Formats of a picture file an example: class_folders, pictures, image_list, tiny_imagenet, pascal_voc, yolo,
// mask_pairs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/readers/image_list.h"
#include "datasets/readers/mask_classes.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class FileFormatsTest : public testing::Test {
 protected:
  FolderContent read(const std::string& format) { return read_format(format, folder_.path()); }
  std::string failure(const std::string& format) {
    return data_failure([&] { read(format); });
  }
  void picture(const std::string& name, int seed = 1) { write_picture(folder_, name, 6, 8, seed); }
  ScratchFolder folder_;
};

TEST_F(FileFormatsTest, ClassFoldersWithSplits) {
  for (const char* name : {"train/cat/1.jpg", "train/dog one/2 ü.png", "valid/cat/3.jpg", "test/dog one/4.JPEG"})
    picture(name);
  folder_.write("train/empty/readme.txt", "nothing");
  folder_.write("train/cat/film.mp4", "a film");
  EXPECT_EQ(detect_format(folder_.path(), "").name, "class_folders");
  const FolderContent content = read("class_folders");
  EXPECT_THAT(content.classes, ElementsAre("cat", "dog one"));
  EXPECT_EQ(content.sources.at(Split::train)->size(), 2);
  EXPECT_EQ(content.sources.at(Split::train)->name(1), "train/dog one/2 ü.png");
  EXPECT_EQ(content.sources.at(Split::test)->item(0).label, 1);
  EXPECT_TRUE(content.present.contains(Split::val));
  EXPECT_THAT(content.faults.lines(), Contains("1 class folders without a picture, left out (empty)"));
}

TEST_F(FileFormatsTest, AClassThatTrainLacksIsAnError) {
  for (const char* name : {"train/a/1.png", "train/b/2.png", "test/c/3.png"}) picture(name);
  EXPECT_THAT(failure("class_folders"), HasSubstr("test/c: is a class that train does not have"));
}

TEST_F(FileFormatsTest, PicturesAnywhereAreASetWithoutLabels) {
  for (const char* name : {"2024/sea/a.jpg", "b.png", ".hidden.png"}) picture(name);
  EXPECT_EQ(detect_format(folder_.path(), "").name, "pictures");
  const FolderContent content = read("pictures");
  EXPECT_EQ(content.sources.at(Split::train)->size(), 2);
  EXPECT_EQ(content.sources.at(Split::train)->item(0).label, -1);
  EXPECT_TRUE(content.classes.empty());
}

TEST_F(FileFormatsTest, NothingKnownListsAllFormats) {
  folder_.write("notes.txt", "x");
  const std::string message = user_error([&] { detect_format(folder_.path(), "photos"); });
  EXPECT_THAT(message, HasSubstr("'photos' has the layout of no known format"));
  EXPECT_THAT(message, HasSubstr("\n  coco: annotations/"));
}

TEST_F(FileFormatsTest, CsvKnowsQuotesLineEndsAndNames) {
  const auto rows = read_csv("\xEF\xBB\xBFpath,label\r\n\"a, \"\"b\"\".png\",x\n\n\"two\nlines\",y", "list.csv");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[1].fields, ElementsAre("a, \"b\".png", "x"));
  EXPECT_THAT(rows[2].fields, ElementsAre("two\nlines", "y"));
  EXPECT_EQ(rows[2].line, 4);
  EXPECT_THAT(data_failure([] { read_csv("a,\"b", "list.csv"); }), HasSubstr("line 1: a quote is never closed"));
}

TEST_F(FileFormatsTest, ImageListHasLabelsAndSplits) {
  for (const char* name : {"p/a b.png", "p/ü.png", "c.jpg"}) picture(name);
  folder_.write("list.csv",
                "split,label,path\ntrain,10,p/a b.png\ntest,9,p/ü.png\n,9,c.jpg\n,9,c.jpg\ntrain,9,missing.png\n,9," +
                    std::string(300, 'n') + ".png\n");  // longer than the file system takes
  EXPECT_EQ(detect_format(folder_.path(), "").name, "image_list");
  const FolderContent content = read("image_list");
  EXPECT_THAT(content.classes, ElementsAre("9", "10"));  // by number, not by alphabet
  EXPECT_EQ(content.sources.at(Split::train)->size(), 2);
  EXPECT_EQ(content.sources.at(Split::train)->item(0).label, 1);
  EXPECT_EQ(content.sources.at(Split::test)->size(), 1);
  EXPECT_EQ(content.faults.count("images that are named but missing"), 2);
  EXPECT_EQ(content.faults.count("images that are named twice, the first counts"), 1);
}

TEST_F(FileFormatsTest, ImageListFaultsNameTheLine) {
  picture("a.png");
  folder_.write("list.csv", "a.png,x\na.png\n");
  EXPECT_THAT(failure("image_list"), HasSubstr("list.csv: line 2: expected path,label"));
  folder_.write("list.csv", "a.png,x,tomorrow\n");
  EXPECT_THAT(failure("image_list"), HasSubstr("the split is 'tomorrow'"));
  folder_.write("list.csv", "../../etc/passwd,x\n");
  EXPECT_THAT(failure("image_list"), HasSubstr("leaves the dataset's folder"));
}

TEST_F(FileFormatsTest, TinyImagenetReadsItsOwnLayout) {
  folder_.write("wnids.txt", "n2\nn1\n");
  folder_.write("words.txt", "n1\tcrane\nn2\tcrane, bird\nn3\tother\n");
  for (const char* name : {"train/n2/images/a.JPEG", "train/n1/images/b.JPEG", "val/images/v.JPEG"}) picture(name);
  folder_.write("val/val_annotations.txt", "v.JPEG\tn1\t0\t0\t5\t5\nw.JPEG\tn1\t0\t0\t5\t5\n");
  EXPECT_EQ(detect_format(folder_.path(), "").name, "tiny_imagenet");
  const FolderContent content = read("tiny_imagenet");
  EXPECT_THAT(content.classes, ElementsAre("crane (n2)", "crane (n1)"));
  EXPECT_EQ(content.sources.at(Split::val)->size(), 1);
  EXPECT_EQ(content.sources.at(Split::val)->item(0).label, 1);
  EXPECT_EQ(content.faults.count("images that are named but missing"), 1);
  folder_.write("val/val_annotations.txt", "v.JPEG\tn9\t0\t0\t5\t5\n");
  EXPECT_THAT(failure("tiny_imagenet"), HasSubstr("line 1: the class 'n9' is not in wnids.txt"));
}

std::string voc_xml(const std::string& name, int width = 8) {
  return "<annotation><size><width>" + std::to_string(width) + "</width><height>6</height></size><object><name>" +
         name +
         "</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>5</ymax></bndbox></object></annotation>";
}

TEST_F(FileFormatsTest, PascalVocFindsClassesSplitsAndMasks) {
  for (const char* id : {"a", "b b", "c"}) {
    picture(std::string("JPEGImages/") + id + ".jpg");
    folder_.write(std::string("Annotations/") + id + ".xml", voc_xml(id[0] == 'c' ? "zebra" : "ant"));
    if (id[0] != 'b')
      write_mask(folder_, std::string("SegmentationClass/") + id + ".png", 6, 8, std::vector<uint8_t>(48, 1));
  }
  folder_.write("ImageSets/Main/train.txt", "a\nb b\nmissing\n");
  folder_.write("ImageSets/Main/val.txt", "c  -1\n");
  EXPECT_EQ(detect_format(folder_.path(), "").name, "pascal_voc");
  const FolderContent content = read("pascal_voc");
  EXPECT_EQ(content.tasks.size(), 2u);
  EXPECT_EQ(content.sources.at(Split::train)->size(), 2) << "one of them without a mask";
  EXPECT_EQ(content.sources.at(Split::val)->item(0).boxes.size(), 1u);
  EXPECT_EQ(content.faults.count("images without mask"), 1);
  EXPECT_EQ(content.faults.count("images that are named but missing"), 1);
  std::filesystem::remove_all(folder_.path() / "SegmentationClass");
  EXPECT_THAT(read("pascal_voc").classes, ElementsAre("ant", "zebra"));
  EXPECT_EQ(read("pascal_voc").sources.at(Split::train)->size(), 2);
}

TEST_F(FileFormatsTest, AnnotationOfAnotherSizeThanItsPictureIsAnError) {
  picture("JPEGImages/a.jpg");
  folder_.write("Annotations/a.xml", voc_xml("ant", 9));
  EXPECT_THAT(data_failure([&] { read("pascal_voc").sources.at(Split::train)->item(0); }),
              HasSubstr("has 8x6 pixels, its annotation says 9x6"));
}

TEST_F(FileFormatsTest, YoloBoxesBecomePixels) {
  picture("images/train/a.jpg");
  picture("images/train/b.jpg", 2);
  folder_.write("labels/train/a.txt", "1 0.5 0.5 0.5 1\n0 0.1 0.1 0.0 0.2\n0 0.25 0.25 0.75 0.25 0.75 0.5\n");
  folder_.write("data.yaml", "path: x\nnames:\n  0: cell\n  1: 'big cell'\nnc: 2\n");
  EXPECT_EQ(detect_format(folder_.path(), "").name, "yolo");
  const FolderContent content = read("yolo");
  EXPECT_THAT(content.classes, ElementsAre("cell", "big cell"));
  const Item item = content.sources.at(Split::train)->item(0);
  ASSERT_EQ(item.boxes.size(), 2u);
  EXPECT_EQ(item.boxes[0].label, 1);
  EXPECT_FLOAT_EQ(item.boxes[0].x0, 2);
  EXPECT_FLOAT_EQ(item.boxes[0].x1, 6);
  EXPECT_FLOAT_EQ(item.boxes[0].y1, 6);
  EXPECT_FLOAT_EQ(item.boxes[1].y1, 3);
  EXPECT_EQ(content.faults.count("images without a label file, taken as empty"), 1);
  EXPECT_EQ(content.faults.count("zero-area or inverted boxes, left out"), 1);
}

TEST_F(FileFormatsTest, YoloFaultsNameTheLine) {
  picture("images/a.jpg");
  folder_.write("classes.txt", "cell\n");
  const auto failure_of = [&](const std::string& text) {
    folder_.write("labels/a.txt", text);
    return failure("yolo");
  };
  EXPECT_THAT(failure_of("0 0.5 0.5 0.5 0.5\n1 0.5 0.5 0.5 0.5\n"),
              HasSubstr("a.txt: line 2: class 1; classes are 0 to 0"));
  EXPECT_THAT(failure_of("0 0.5 0.5 0.5\n"), HasSubstr("expected `class cx cy w h`"));
  EXPECT_THAT(failure_of("0 0.5 x 0.5 0.5\n"), HasSubstr("'x' is not a number"));
  EXPECT_THAT(failure_of("-1 0.5 0.5 0.5 0.5\n"), HasSubstr("line 1: class -1"));
  EXPECT_THAT(failure_of("nan 0.5 0.5 0.5 0.5\n"), HasSubstr("line 1: class nan"));
  folder_.write("labels/a.txt", "0 nan 0.5 0.5 0.5\n0 1e30 0.5 0.5 0.5\n0 5 5 0.1 0.1\n");
  const FolderContent content = read("yolo");
  EXPECT_EQ(content.faults.count("boxes whose corners are no usable numbers, left out"), 2);
  EXPECT_EQ(content.faults.count("boxes outside their image, left out"), 1);
}

TEST_F(FileFormatsTest, MaskFoldersPairByName) {
  picture("images/train/a.jpg");
  picture("images/train/b.jpg", 2);
  picture("images/test/c.jpg", 3);
  std::vector<uint8_t> values(48, 2);
  values[0] = 255, values[1] = 0;
  write_mask(folder_, "masks/train/a.png", 6, 8, values);
  write_mask(folder_, "masks/test/c_mask.png", 6, 8, std::vector<uint8_t>(48, 1));
  EXPECT_EQ(detect_format(folder_.path(), "").name, "mask_pairs");
  const FolderContent content = read("mask_pairs");
  EXPECT_THAT(content.classes, ElementsAre("class 0", "class 1", "class 2"));
  const Item item = content.sources.at(Split::train)->item(0);
  EXPECT_EQ(item.mask.labels[0], Mask::kIgnore);
  EXPECT_EQ(item.mask.labels[47], 2);
  EXPECT_EQ(content.faults.count("images without mask, left out"), 1);
  EXPECT_EQ(content.sources.at(Split::test)->size(), 1);
}

TEST_F(FileFormatsTest, ColourMasksAreReadByTheClassFile) {
  picture("images/a.jpg");
  std::vector<uint8_t> pixels;
  for (int i = 0; i < 48; ++i) pixels.insert(pixels.end(), {128, static_cast<uint8_t>(i == 5 ? 64 : 0), 0});
  std::filesystem::create_directories(folder_.path() / "masks");
  write_png(folder_.path() / "masks/a.png", 6, 8, PNG_COLOR_TYPE_RGB, 8, pixels);
  folder_.write("classes.txt", "void 0 0 0\nroad surface 128 0 0\n128 64 0 sky\n");
  const FolderContent content = read("mask_pairs");
  EXPECT_THAT(content.classes, ElementsAre("road surface", "sky"));
  const Item item = content.sources.at(Split::train)->item(0);
  EXPECT_EQ(item.mask.labels[0], 0);
  EXPECT_EQ(item.mask.labels[5], 1);
  folder_.write("classes.txt", "road 128 0 0\nother 1 2 3\n");
  EXPECT_THAT(data_failure([&] { read("mask_pairs").sources.at(Split::train)->item(0); }),
              HasSubstr("a.png: pixel (5, 0) has the colour 128 64 0"));
}

// Fault matrix: 43
TEST_F(FileFormatsTest, MaskFaultsNameThePixel) {
  picture("images/a.jpg");
  folder_.write("classes.txt", "0 road\n1 sky\n7 void\n");
  std::vector<uint8_t> values(48, 7);
  write_mask(folder_, "masks/a.png", 6, 8, values);
  EXPECT_EQ(read("mask_pairs").sources.at(Split::train)->item(0).mask.labels[0], Mask::kIgnore);
  values[9] = 2;
  write_mask(folder_, "masks/a.png", 6, 8, values);
  const auto read_first = [&] { return data_failure([&] { read("mask_pairs").sources.at(Split::train)->item(0); }); };
  EXPECT_THAT(read_first(), HasSubstr("a.png: pixel (1, 1) has the value 2"));
  write_picture(folder_, "masks/a.png", 6, 8, 1);
  EXPECT_THAT(read_first(), HasSubstr("one class number a pixel"));
  write_mask(folder_, "masks/a.png", 8, 6, std::vector<uint8_t>(48, 1));
  EXPECT_THAT(read_first(), HasSubstr("mask of 6x8 pixels, its image has 8x6"));
}

TEST_F(FileFormatsTest, ClassFilesOfMasksAreChecked) {
  const auto failure_of = [&](const std::string& text) {
    return data_failure([&] { read_mask_classes(folder_.write("classes.txt", text)); });
  };
  EXPECT_THAT(failure_of("a 1 2 3\nb 1 2 3\n"), HasSubstr("line 2: the colour is that of an earlier class"));
  EXPECT_THAT(failure_of("0 a\n0 b\n"), HasSubstr("line 2: the number is that of another class"));
  EXPECT_THAT(failure_of("void\n"), HasSubstr("names no class"));
  EXPECT_THAT(read_mask_classes(folder_.write("c.csv", "name,r,g,b\nRoad,1,2,3\n")).names, ElementsAre("Road"));
}

}  // namespace
}  // namespace sslbench
