// SPDX-License-Identifier: Apache-2.0
// Format pascal_voc: names, encodings, sizes, lists, masks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string xml(const std::string& name, const std::string& xmin = "11",
                const std::string& size = "<size><width>64</width><height>48</height></size>") {
  return "<annotation>" + size + "<object><name>" + name + "</name><bndbox><xmin>" + xmin +
         "</xmin><ymin>11</ymin><xmax>30</xmax><ymax>30</ymax></bndbox></object></annotation>";
}

class VocFolderTest : public testing::Test {
 protected:
  void example(const std::string& id, const std::string& annotation = xml("cell")) {
    write_picture(folder_, "JPEGImages/" + id + ".jpg", 48, 64, ++seed_);
    folder_.write("Annotations/" + id + ".xml", annotation);
  }
  void list(const std::string& name, const std::string& text) { folder_.write("ImageSets/" + name + ".txt", text); }
  void mask(const std::string& id) {
    std::vector<uint8_t> values(48 * 64);
    values[0] = 1;
    write_mask(folder_, "SegmentationClass/" + id + ".png", 48, 64, values);
  }
  FolderContent read() { return read_format("pascal_voc", folder_.path()); }
  std::string failure() {
    return data_failure([&] { read(); });
  }
  static std::vector<std::string> names(const FolderContent& content, Split split) {
    std::vector<std::string> out;
    for (int64_t i = 0; i < content.sources.at(split)->size(); ++i) out.push_back(content.sources.at(split)->name(i));
    return out;
  }
  ScratchFolder folder_;
  int seed_ = 0;
};

TEST_F(VocFolderTest, BlanksAndLineEndsAreNoPartOfNamesAndNumbers) {
  example("a0", xml(" cell\n", "\n 11 "));
  example("a1", xml("cell "));
  example("a2", xml("red\n cell"));
  const FolderContent content = read();
  EXPECT_THAT(content.classes, ElementsAre("cell", "red cell"));
  EXPECT_EQ(content.sources.at(Split::train)->item(0).boxes.at(0).x0, 10);
}

TEST_F(VocFolderTest, ObjectsWithoutANameAreCountedAndMakeNoClass) {
  example("a0", xml(" "));
  example("a1");
  const FolderContent content = read();
  EXPECT_THAT(content.classes, ElementsAre("cell"));
  EXPECT_EQ(content.faults.count("objects without a name, left out"), 1);
}

TEST_F(VocFolderTest, NamesAreReadInTheEncodingThatTheFileDeclares) {
  example("a0", "<?xml version=\"1.0\" encoding=\"GBK\"?>" + xml("\xCF\xB8\xB0\xFB"));
  example("a1", "\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>" + xml("Gefäß"));
  example("a2", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + xml("Gef\xE4\xDF"));
  example("a3", "<?xml version=\"1.0\" encoding=\"GBK\"?>" + xml("细胞"));  // UTF-8, whatever it says
  EXPECT_THAT(read().classes, ElementsAre("Gefäß", "细胞"));
  example("a4", xml("Gef\xE4\xDF"));
  EXPECT_THAT(failure(), HasSubstr("a4.xml: line 1: is not UTF-8"));
  example("a4", "<?xml version=\"1.0\" encoding=\"x-none\"?>" + xml("Gef\xE4\xDF"));
  EXPECT_THAT(failure(), HasSubstr("a4.xml: is not in 'x-none', which it declares"));
}

TEST_F(VocFolderTest, AMissingSizeIsThatOfThePicture) {
  example("a0", xml("cell", "11", ""));
  example("a1", xml("cell", "11", "<size><width>0</width><height>0</height></size>"));
  example("a2");
  const FolderContent content = read();
  for (int64_t i = 0; i < 3; ++i) EXPECT_EQ(content.sources.at(Split::train)->item(i).boxes.size(), 1u);
  EXPECT_EQ(content.faults.count("annotations without a size, which is taken from the picture"), 2);
}

TEST_F(VocFolderTest, TrainvalIsTrainWhereThereIsNoTrain) {
  for (const char* id : {"a0", "a1", "a2", "a3"}) example(id);
  list("Main/trainval", "a0\na1\n");
  list("Main/test", "a2\n");
  list("Main/cell_train", "a3 1\n");
  EXPECT_THAT(names(read(), Split::train), ElementsAre("JPEGImages/a0.jpg", "JPEGImages/a1.jpg"));
  EXPECT_THAT(names(read(), Split::test), ElementsAre("JPEGImages/a2.jpg"));
  list("Main/val", "a1\n");
  EXPECT_THAT(names(read(), Split::train), ElementsAre("JPEGImages/a0.jpg")) << "less val";
}

TEST_F(VocFolderTest, WhereNoListNamesTrainItIsWhatTheOthersDoNot) {
  for (const char* id : {"a0", "a1", "a2"}) example(id);
  list("Main/test", "a2\n");
  EXPECT_THAT(names(read(), Split::train), ElementsAre("JPEGImages/a0.jpg", "JPEGImages/a1.jpg"));
}

TEST_F(VocFolderTest, ListsMayHoldPathsAndBeCalledDefault) {
  for (const char* id : {"a0", "a1", "sub/a2"}) example(id);
  list("Main/default", "\xEF\xBB\xBFJPEGImages/a0.jpg\r\na1.jpg\ndata\\JPEGImages\\sub\\a2.jpg\n");
  EXPECT_THAT(names(read(), Split::train),
              ElementsAre("JPEGImages/a0.jpg", "JPEGImages/a1.jpg", "JPEGImages/sub/a2.jpg"));
}

TEST_F(VocFolderTest, ASplitWhosePicturesAreNotThereIsNone) {
  for (const char* id : {"a0", "a1"}) example(id);
  list("Main/train", "a0\na1\n");
  list("Main/test", "b0\nb1\n");
  const FolderContent content = read();
  EXPECT_FALSE(content.present.contains(Split::test));
  EXPECT_EQ(content.faults.count("splits of which no image is there, left out"), 1);
}

TEST_F(VocFolderTest, DetectionGoesByMainAndSegmentationByItsOwnLists) {
  for (const char* id : {"a0", "a1", "a2", "a3", "a4", "a5", "a6"}) example(id);
  for (const char* id : {"a0", "a1", "a5", "a6"}) mask(id);
  list("Main/train", "a0\na1\na2\na3\n");
  list("Main/val", "a4\na5\n");
  list("Segmentation/train", "a0\na6\n");
  list("Segmentation/val", "a5\na2\n");
  const FolderContent content = read();
  const auto serving = [&](Split split, const char* task) {
    std::vector<std::string> out;
    const DataSource& source = *content.sources.at(split);
    for (int64_t i = 0; i < source.size(); ++i) {
      if (source.serves(i, task)) out.push_back(source.name(i).substr(11, 2));
    }
    return out;
  };
  EXPECT_THAT(serving(Split::train, "detection"), ElementsAre("a0", "a1", "a2", "a3"));
  EXPECT_THAT(serving(Split::val, "detection"), ElementsAre("a4", "a5"));
  EXPECT_THAT(serving(Split::train, "segmentation"), ElementsAre("a0", "a6")) << "a1's mask is on no list";
  EXPECT_THAT(serving(Split::val, "segmentation"), ElementsAre("a5"));
  EXPECT_EQ(content.faults.count("masks listed in another split than their image, not used"), 1) << "a2";
  EXPECT_TRUE(content.sources.at(Split::train)->item(1).mask.labels.empty());
}

TEST_F(VocFolderTest, MaskNumbersWithoutAClassAreErrors) {
  example("a0");
  write_mask(folder_, "SegmentationClass/a0.png", 48, 64, std::vector<uint8_t>(48 * 64, 7));
  EXPECT_THAT(data_failure([&] { read().sources.at(Split::train)->item(0); }), HasSubstr("holds the value 7"));
}

TEST_F(VocFolderTest, ALabelmapNamesTheColoursOfMasks) {
  example("a0");
  std::vector<uint8_t> pixels(48 * 64 * 3);
  pixels[0] = 250, pixels[1] = 50, pixels[2] = 83;
  std::filesystem::create_directories(folder_.path() / "SegmentationClass");
  write_png(folder_.path() / "SegmentationClass/a0.png", 48, 64, PNG_COLOR_TYPE_RGB, 8, pixels);
  folder_.write("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncell:250,50,83::\n");
  const FolderContent content = read();
  EXPECT_THAT(content.mask_classes, ElementsAre("background", "cell"));
  const Item item = content.sources.at(Split::train)->item(0);
  EXPECT_EQ(item.mask.labels[0], 1);
  EXPECT_EQ(item.mask.labels[1], 0);
}

TEST_F(VocFolderTest, PicturesAndAnnotationsMayLieInOtherFoldersOrSideBySide) {
  const auto one = [&](const std::string& image, const std::string& annotation) {
    write_picture(folder_, image, 48, 64, ++seed_);
    folder_.write(annotation, xml("cell"));
  };
  one("images/a0.png", "annotations/a0.xml");
  EXPECT_EQ(detect_format(folder_.path(), "").name, "pascal_voc");
  EXPECT_EQ(read().sources.at(Split::train)->item(0).boxes.size(), 1u);
  std::filesystem::remove_all(folder_.path() / "images");
  std::filesystem::remove_all(folder_.path() / "annotations");
  one("train/a0.jpg", "train/a0.xml");
  one("valid/b0.jpg", "valid/b0.xml");
  EXPECT_EQ(detect_format(folder_.path(), "").name, "pascal_voc");
  EXPECT_EQ(read().sources.at(Split::val)->item(0).boxes.size(), 1u);
}

TEST_F(VocFolderTest, ObjectsWithoutNamesAreWhyThereIsNoClass) {
  write_picture(folder_, "JPEGImages/a0.jpg", 48, 64, ++seed_);
  folder_.write("Annotations/a0.xml", xml(""));
  EXPECT_THAT(data_failure([&] { read(); }), testing::HasSubstr("Annotations: name no object (1 annotations whose "
                                                                "objects have no <name> (Annotations/a0.xml))"));
}

}  // namespace
}  // namespace sslbench
