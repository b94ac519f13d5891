// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/pascal_voc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/pictures/picture_writer.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kClasses{"RBC", "WBC"};

std::string object(const std::string& name, const std::string& corners, const std::string& extra = "") {
  return "<object><name>" + name + "</name>" + extra + "<bndbox>" + corners + "</bndbox></object>";
}
std::string corners(const std::string& xmin, const std::string& ymin, const std::string& xmax,
                    const std::string& ymax) {
  return "<xmin>" + xmin + "</xmin><ymin>" + ymin + "</ymin><xmax>" + xmax + "</xmax><ymax>" + ymax + "</ymax>";
}
std::string annotation(const std::string& objects) {
  return "<annotation><size><width>20</width><height>10</height></size>" + objects + "</annotation>";
}

class PascalVocTest : public testing::Test {
 protected:
  VocAnnotation read(const std::string& xml) {
    return read_voc_annotation(folder_.write("Annotations/a.xml", xml), kClasses);
  }
  void write_image(const std::string& id, int height, int width) {
    std::filesystem::create_directories(folder_.path() / "JPEGImages");
    write_jpeg(folder_.path() / "JPEGImages" / (id + ".jpg"), height, width, JCS_RGB, 3,
               std::vector<uint8_t>(static_cast<size_t>(height * width * 3), 100));
  }
  ScratchFolder folder_;
};

TEST_F(PascalVocTest, InclusiveCornersFromOneBecomeAHalfOpenBoxFromZero) {
  const VocAnnotation out = read(annotation(object("WBC", corners("1", "3", "20", "7"))));
  ASSERT_EQ(out.boxes.size(), 1u);
  const Box& box = out.boxes[0];
  EXPECT_EQ(box.x0, 0);
  EXPECT_EQ(box.y0, 2);
  EXPECT_EQ(box.x1, 20);
  EXPECT_EQ(box.y1, 7);
  EXPECT_EQ(box.label, 1);
  EXPECT_FALSE(box.difficult);
}

TEST_F(PascalVocTest, DifficultIsKept) {
  EXPECT_TRUE(
      read(annotation(object("RBC", corners("1", "1", "5", "5"), "<difficult>1</difficult>"))).boxes[0].difficult);
}

// Fault matrix: 44
TEST_F(PascalVocTest, BoxesWithoutAreaAreLeftOutAndCounted) {
  const VocAnnotation out =
      read(annotation(object("RBC", corners("5", "5", "5", "5")) + object("RBC", corners("9", "2", "4", "8")) +
                      object("RBC", corners("30", "2", "40", "8")) + object("RBC", corners("2", "2", "4", "8"))));
  EXPECT_EQ(out.boxes.size(), 1u);
  EXPECT_EQ(out.empty, 3);
}

// Fault matrix: 44
TEST_F(PascalVocTest, BoxIsCutToTheImage) {
  const Box box = read(annotation(object("RBC", corners("0", "1", "25", "12")))).boxes.at(0);
  EXPECT_EQ(box.x0, 0);
  EXPECT_EQ(box.x1, 20);
  EXPECT_EQ(box.y1, 10);
}

TEST_F(PascalVocTest, FaultsNameFileAndObject) {
  const auto failure = [&](const std::string& xml) { return data_failure([&] { read(xml); }); };
  EXPECT_THAT(
      failure(annotation(object("RBC", corners("1", "1", "2", "2")) + object("XBC", corners("1", "1", "2", "2")))),
      HasSubstr("a.xml: object 2: unknown class 'XBC'"));
  EXPECT_THAT(failure(annotation(object("RBC", corners("1", "one", "2", "2")))),
              HasSubstr("<ymin> is 'one', not a number"));
  EXPECT_THAT(failure(annotation(object("RBC", ""))), HasSubstr("<xmin> is '', not a number"));
  EXPECT_THAT(failure("<annotation></annotation>"), HasSubstr("no <size>"));
  EXPECT_THAT(failure("<annotation><size>"), HasSubstr("no well-formed XML"));
}

TEST_F(PascalVocTest, ListsNameTheImagesOfASplit) {
  for (const char* id : {"a", "b", "c"}) {
    write_image(id, 10, 20);
    folder_.write(std::string("Annotations/") + id + ".xml", annotation(object("RBC", corners("1", "1", "5", "5"))));
  }
  folder_.write("ImageSets/Main/train.txt", "a\r\nb  1\n\n");
  folder_.write("ImageSets/Main/test.txt", "c\na\n");
  const auto train = open_voc(folder_.path(), "train", kClasses, 0);
  ASSERT_EQ(train->size(), 2);
  EXPECT_EQ(train->item(1).image.width, 20);
  EXPECT_EQ(train->item(1).label, -1);
  EXPECT_EQ(open_voc(folder_.path(), "train", kClasses, 1)->size(), 1);
  const Inspection seen = inspect_voc(folder_.path(), {"train", "test"}, kClasses);
  EXPECT_THAT(seen.findings, ElementsAre("train: 2 images, boxes RBC 2 WBC 0", "test: 2 images, boxes RBC 2 WBC 0"));
  EXPECT_THAT(seen.faults, ElementsAre("image a is in train and in test"));
}

TEST_F(PascalVocTest, ImageOfAnotherSizeThanItsAnnotationIsAnError) {
  write_image("a", 11, 20);
  read(annotation(""));
  folder_.write("ImageSets/Main/train.txt", "a\n");
  const auto source = open_voc(folder_.path(), "train", kClasses, 0);
  EXPECT_THAT(data_failure([&] { source->item(0); }), HasSubstr("a.xml: says 20x10, the image has 20x11"));
}

TEST_F(PascalVocTest, ImageNamesDoNotLeaveTheFolder) {
  folder_.write("ImageSets/Main/train.txt", "../../etc/passwd\n");
  EXPECT_THAT(data_failure([&] { open_voc(folder_.path(), "train", kClasses, 0); }), HasSubstr("holds a '/'"));
}

}  // namespace
}  // namespace sslbench
