// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/readers/coco/coco_json.h"
#include "datasets/readers/coco/coco_mask.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

json annotation(int id, int image, int category, const json& box, const json& region = json::array()) {
  return {{"id", id},     {"image_id", image}, {"category_id", category}, {"bbox", box}, {"segmentation", region},
          {"iscrowd", 0}, {"area", 4}};
}

class CocoTest : public testing::Test {
 protected:
  CocoTest() {
    write_picture(folder_, "images/a b.jpg", 6, 8, 1);
    set_["categories"] = {{{"id", 90}, {"name", "cat"}}, {{"id", 3}, {"name", "dog"}}};
    set_["images"] = {{{"id", 7}, {"file_name", "a b.jpg"}, {"height", 6}, {"width", 8}}};
    set_["annotations"] = json::array();
  }
  CocoFile read() {
    return read_coco_json(folder_.write("annotations/instances_train2017.json", set_.dump()), faults_);
  }
  ScratchFolder folder_;
  json set_;
  FaultCounts faults_;
};

TEST_F(CocoTest, IdsMayHaveGapsAndClassesComeInTheirOrder) {
  set_["annotations"] = {annotation(5, 7, 90, {1, 1, 4, 3}), annotation(9, 7, 3, {0, 0, 20, 20})};
  const CocoFile file = read();
  EXPECT_THAT(file.classes, ElementsAre("dog", "cat"));
  ASSERT_EQ(file.images.at(0).boxes.size(), 2u);
  EXPECT_EQ(file.images[0].boxes[0].label, 1);
  EXPECT_EQ(file.images[0].boxes[0].x1, 5);
  EXPECT_EQ(file.images[0].boxes[1].x1, 8) << "cut to the image";
  EXPECT_EQ(faults_.count("boxes cut to their image"), 1);
}

TEST_F(CocoTest, FaultsOfSingleAnnotationsAreSurvivedAndCounted) {
  set_["annotations"] = {annotation(1, 7, 90, {1, 1, 0, 3}),    annotation(2, 8, 90, {1, 1, 2, 2}),
                         annotation(3, 7, 91, {1, 1, 2, 2}),    annotation(3, 7, 90, {1, 1, 2, 2}),
                         annotation(4, 7, 90, {50, 1, 2, 2}),   annotation(5, 7, 90, {1, 1, -2, 2}),
                         annotation(6, 7, 90, {1, 1, 1e30, 2}), annotation(8, 7, 90, {1, 1, 2, 2}, {{1, 2, 3}})};
  EXPECT_EQ(read().images.at(0).boxes.size(), 2u);
  EXPECT_EQ(faults_.count("zero-area or inverted boxes, left out"), 2);
  EXPECT_EQ(faults_.count("annotations of an unknown image, left out"), 1);
  EXPECT_EQ(faults_.count("annotations of an unknown category, left out"), 1);
  EXPECT_EQ(faults_.count("annotation ids that are used again"), 1);
  EXPECT_EQ(faults_.count("boxes outside their image, left out"), 1);
  EXPECT_EQ(faults_.count("boxes whose corners are no usable numbers, left out"), 1);
  EXPECT_EQ(faults_.count("segmentations that cannot be read, the pixels of whose boxes are without class"), 1);
}

TEST_F(CocoTest, WrongFilesNameThePlace) {
  set_["annotations"] = json::array({annotation(1, 7, 90, {1, 1, 2})});
  EXPECT_THAT(data_failure([&] { read(); }), HasSubstr("annotations[0]: 'bbox' is not"));
  set_["annotations"] = json::array({json::array()});
  EXPECT_THAT(data_failure([&] { read(); }),
              HasSubstr("annotations[0]: 'image_id' is neither a whole number nor a text"));
  set_.erase("images");
  EXPECT_THAT(data_failure([&] { read(); }), HasSubstr("has no list 'images'"));
  const auto text = [&](const std::string& content) {
    return data_failure([&] { read_coco_json(folder_.write("x.json", content), faults_); });
  };
  EXPECT_THAT(text("{\"images\": [1e999"), HasSubstr("x.json: no JSON"));
  EXPECT_THAT(text(std::string(100'000, '[')), HasSubstr("nested deeper than 64"));
}

TEST_F(CocoTest, RunsOfBothKindsAreTheSameMask) {
  std::vector<int64_t> counts;
  ASSERT_TRUE(counts_of_string("52203", counts));  // 5, 2, 2, 0 + 2, 3 + 2
  EXPECT_THAT(counts, ElementsAre(5, 2, 2, 2, 5));
  BinaryMask mask{4, 4, {}};
  ASSERT_TRUE(fill_runs(counts, mask));
  std::vector<int> rows;
  for (const uint8_t inside : mask.inside) rows.push_back(inside);
  EXPECT_THAT(rows, ElementsAre(0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0));
  EXPECT_FALSE(fill_runs({5, 2}, mask)) << "does not cover the picture";
  EXPECT_FALSE(fill_runs({5, -2, 13}, mask));
  EXPECT_FALSE(counts_of_string("52 03", counts));
  EXPECT_FALSE(counts_of_string("ooooooooooooooooo", counts)) << "a number that never ends";
}

TEST_F(CocoTest, RectanglePolygonCoversItsPixels) {
  BinaryMask mask{6, 8, std::vector<uint8_t>(48)};
  ASSERT_TRUE(fill_polygon({1, 1, 5, 1, 5, 4, 1, 4}, mask));
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 8; ++x) {
      EXPECT_EQ(mask.inside[static_cast<size_t>(8 * y + x)], x >= 1 && x < 5 && y >= 1 && y < 4) << x << " " << y;
    }
  }
  EXPECT_FALSE(fill_polygon({1, 1, 2, 2}, mask));
  EXPECT_FALSE(fill_polygon({1, 1, 2, NAN, 3, 3}, mask));
  EXPECT_TRUE(fill_polygon({-1e18, -1e18, 1e18, 0, 0, 1e18}, mask)) << "bounded work";
}

TEST_F(CocoTest, FolderGivesBoxesAndSemanticMasks) {
  json crowd = annotation(2, 7, 3, {0, 0, 2, 6}, {{"size", {6, 8}}, {"counts", {0, 12, 36}}});
  crowd["iscrowd"] = 1;
  set_["annotations"] = {annotation(1, 7, 90, {1, 1, 4, 3}, {{1, 1, 5, 1, 5, 4, 1, 4}}), crowd};
  read();
  EXPECT_EQ(detect_format(folder_.path(), "").name, "coco");
  const FolderContent content = read_format("coco", folder_.path());
  EXPECT_THAT(content.tasks, ElementsAre("detection", "segmentation"));
  EXPECT_THAT(content.mask_classes, ElementsAre("background", "dog", "cat"));
  const Item item = content.sources.at(Split::train)->item(0);
  EXPECT_TRUE(item.boxes.at(1).difficult);
  EXPECT_EQ(item.mask.labels[0], Mask::kIgnore);
  EXPECT_EQ(item.mask.labels[8 + 1], 2) << "objects lie over crowds";
  EXPECT_EQ(item.mask.labels[47], 0);
}

TEST_F(CocoTest, FileNamesStayBelowTheFolder) {
  set_["images"][0]["file_name"] = "/etc/passwd";
  read();
  EXPECT_THAT(data_failure([&] { read_format("coco", folder_.path()); }), HasSubstr("leaves the dataset's folder"));
}

}  // namespace
}  // namespace sslbench
