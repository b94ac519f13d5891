// SPDX-License-Identifier: Apache-2.0
// COCO files as other programs write them.
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

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const json kSquare = {{10, 10, 30, 10, 30, 30, 10, 30}};  // 20 x 20 pixels from (10, 10)

json image(const json& id, const std::string& name) {
  return {{"id", id}, {"file_name", name}, {"width", 64}, {"height", 48}};
}
json annotation(const json& id, const json& of, const json& segmentation = json()) {
  json out = {{"id", id}, {"image_id", of}, {"category_id", 1}, {"bbox", {10, 10, 20, 20}}, {"area", 400}};
  if (!segmentation.is_null()) out["segmentation"] = segmentation;
  return out;
}

class CocoFormsTest : public testing::Test {
 protected:
  CocoFormsTest() {
    for (int i = 0; i < 3; ++i) write_picture(folder_, "images/a" + std::to_string(i) + ".jpg", 48, 64, i);
    set_ = {{"categories", {{{"id", 1}, {"name", "cell"}}}},
            {"images", {image(1, "a0.jpg"), image(2, "a1.jpg"), image(3, "a2.jpg")}},
            {"annotations", json::array()}};
  }
  FolderContent read() {
    folder_.write("annotations/instances_default.json", set_.dump());
    return read_format("coco", folder_.path());
  }
  Item item(int64_t i) { return read().sources.at(Split::train)->item(i); }
  static int64_t pixels(const Item& item, uint8_t value) {
    return std::count(item.mask.labels.begin(), item.mask.labels.end(), value);
  }
  ScratchFolder folder_;
  json set_;
};

TEST_F(CocoFormsTest, AnnotationIdsMayBeginAnewWithEveryPicture) {
  for (int picture = 1; picture <= 3; ++picture) {
    for (int id = 0; id < 3; ++id) set_["annotations"].push_back(annotation(id, picture));
  }
  const FolderContent content = read();
  for (int64_t i = 0; i < 3; ++i) EXPECT_EQ(content.sources.at(Split::train)->item(i).boxes.size(), 3u);
  EXPECT_EQ(content.faults.count("annotation ids that are used again"), 6);
}

TEST_F(CocoFormsTest, TheSameAnnotationTwiceCountsOnce) {
  set_["annotations"] = {annotation(1, 1), annotation(1, 1)};
  EXPECT_EQ(item(0).boxes.size(), 1u);
  EXPECT_EQ(read().faults.count("annotations that are given twice, the first counts"), 1);
}

TEST_F(CocoFormsTest, OneIdForTwoPicturesIsRefused) {
  set_["images"][1]["id"] = 1;
  EXPECT_THAT(data_failure([&] { read(); }), HasSubstr("images[1]: the id 1 is that of 'a0.jpg', too"));
  set_["images"][1] = set_["images"][0];
  EXPECT_EQ(read().sources.at(Split::train)->size(), 2);
}

TEST_F(CocoFormsTest, IdsMayBeTextsAndFractionsThatAreWhole) {
  set_["categories"] = {
      {{"id", "b"}, {"name", " late\n"}}, {{"id", 10}, {"name", "ten"}}, {{"id", "9"}, {"name", "nine"}}};
  set_["images"] = {image("x", "a0.jpg"), image("7", "a1.jpg"), image(8.0, "a2.jpg")};
  set_["annotations"] = {annotation("p", "x"), annotation("q", 7), annotation(3, "8")};
  for (json& each : set_["annotations"]) each["category_id"] = "9";
  const FolderContent content = read();
  EXPECT_THAT(content.classes, ElementsAre("nine", "ten", "late"));
  for (int64_t i = 0; i < 3; ++i) EXPECT_EQ(content.sources.at(Split::train)->item(i).boxes.at(0).label, 0);
}

TEST_F(CocoFormsTest, AnnotationsNeedNoId) {
  set_["annotations"] = json::array({annotation(1, 1)});
  set_["annotations"][0].erase("id");
  EXPECT_EQ(item(0).boxes.size(), 1u);
}

TEST_F(CocoFormsTest, AMissingSizeIsThatOfThePicture) {
  set_["images"][0].erase("width");
  set_["images"][1]["height"] = nullptr;
  set_["images"][2]["width"] = 0, set_["images"][2]["height"] = 0;
  set_["annotations"] = {annotation(1, 1, kSquare), annotation(2, 2), annotation(3, 3)};
  const FolderContent content = read();
  for (int64_t i = 0; i < 3; ++i) EXPECT_EQ(content.sources.at(Split::train)->item(i).boxes.size(), 1u) << i;
  EXPECT_EQ(pixels(content.sources.at(Split::train)->item(0), 1), 400);
  EXPECT_EQ(content.faults.count("images whose size is not said, taken from the picture"), 3);
}

TEST_F(CocoFormsTest, BackslashesAreSlashesWhereThatIsThePicture) {
  set_["images"] = {image(1, "images\\a0.jpg"), image(2, ".\\images\\a1.jpg"), image(3, "\\images\\a2.jpg")};
  set_["annotations"] = {annotation(1, 1), annotation(2, 3)};
  const FolderContent content = read();
  EXPECT_EQ(content.sources.at(Split::train)->size(), 3);
  EXPECT_EQ(content.sources.at(Split::train)->name(0), "images/a0.jpg");
}

TEST_F(CocoFormsTest, AFlatListOfNumbersIsOnePolygon) {
  set_["annotations"] = json::array({annotation(1, 1, kSquare[0])});
  EXPECT_EQ(pixels(item(0), 1), 400);
}

TEST_F(CocoFormsTest, APolygonThatIsNoneTakesNoOtherWithIt) {
  json shape = kSquare;
  shape.push_back({12, 12, 12, 12});
  shape.push_back({1, 2, 3, 4, 5, 6, 7});
  set_["annotations"] = json::array({annotation(1, 1, shape)});
  EXPECT_EQ(pixels(item(0), 1), 400);
  EXPECT_EQ(read().faults.count("polygons of fewer than three points, left out"), 2);
}

TEST_F(CocoFormsTest, PixelsOfAnObjectWhoseSegmentationIsLostAreNotBackground) {
  set_["annotations"] = {annotation(1, 1, json::array({{1, 2, 3}})), annotation(2, 2, kSquare), annotation(3, 3),
                         annotation(4, 3, {{"size", {10, 10}}, {"counts", {100}}})};
  EXPECT_EQ(pixels(item(0), Mask::kIgnore), 400);
  EXPECT_EQ(pixels(item(0), 0), 48 * 64 - 400);
  EXPECT_EQ(pixels(item(1), 1), 400);
  EXPECT_EQ(pixels(item(2), Mask::kIgnore), 400) << "without a segmentation, where others have one";
  const FolderContent content = read();
  EXPECT_EQ(content.faults.count("segmentations that cannot be read, the pixels of whose boxes are without class"), 2);
  EXPECT_EQ(content.faults.count("boxes without a segmentation, whose pixels are without class"), 1);
}

TEST_F(CocoFormsTest, OfASetOfBoxesNoMasksAreMade) {
  set_["annotations"] = {annotation(1, 1), annotation(2, 2, json::array())};
  EXPECT_THAT(read().tasks, ElementsAre("detection"));
  EXPECT_TRUE(item(0).mask.labels.empty());
}

TEST_F(CocoFormsTest, AnObjectWithoutABoxKeepsItsPixels) {
  set_["annotations"] = json::array({annotation(1, 1, kSquare)});
  set_["annotations"][0]["bbox"] = {0, 0, 0, 0};
  EXPECT_TRUE(item(0).boxes.empty());
  EXPECT_EQ(pixels(item(0), 1), 400);
}

// As pycocotools and torchvision see it: a mask in the frame that the file speaks of.
TEST_F(CocoFormsTest, ATurnedPhotoKeepsItsPolygons) {
  const std::string plain = read_file(folder_.path() / "images/a0.jpg");
  const Image stored = decode_image(plain, "a0.jpg");
  const auto turn = [&](int orientation) {
    folder_.write("images/a0.jpg", plain.substr(0, 2) + exif_segment(orientation, true) + plain.substr(2));
  };
  set_["annotations"] = json::array({annotation(1, 1, kSquare)});
  turn(6);
  EXPECT_EQ(item(0).image.pixels, stored.pixels) << "the file says 64 x 48";
  EXPECT_EQ(item(0).mask.labels[64 * 10 + 10], 1);
  set_["images"][0]["width"] = 48, set_["images"][0]["height"] = 64;
  EXPECT_EQ(item(0).image.pixels, oriented(stored, 6).pixels) << "the file says 48 x 64";
  EXPECT_EQ(item(0).mask.labels[48 * 10 + 10], 1);
  set_["images"][0].erase("width");
  EXPECT_EQ(item(0).image.pixels, stored.pixels) << "it says nothing";
  set_["images"][0] = image(1, "a0.jpg");
  turn(3);
  EXPECT_EQ(item(0).image.pixels, stored.pixels) << "upside down, where both fit";
}

TEST_F(CocoFormsTest, AMarkAtTheBeginningIsNoError) {
  set_["annotations"] = json::array({annotation(1, 1)});
  folder_.write("annotations/instances_default.json", "\xEF\xBB\xBF" + set_.dump());
  EXPECT_EQ(read_format("coco", folder_.path()).sources.at(Split::train)->size(), 3);
}

}  // namespace
}  // namespace sslbench
