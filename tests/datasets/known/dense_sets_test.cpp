// SPDX-License-Identifier: Apache-2.0
// Published sets with boxes and masks, read from small folders of exactly their layout.
#include <gmock/gmock.h>

#include "datasets/format_set.h"
#include "tests/datasets/known/known_set.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DenseSetsTest : public ::testing::Test {
 protected:
  FolderContent read(const std::string& set, const nlohmann::json& settings = nlohmann::json::object()) const {
    return read_known(set, folder_.path(), settings);
  }
  std::string failure(const std::string& set) const {
    return data_failure([&] { read(set); });
  }
  static std::vector<std::string> names(const FolderContent& content, Split split) {
    std::vector<std::string> out;
    const DataSource& source = *content.sources.at(split);
    for (int64_t i = 0; i < source.size(); ++i) out.push_back(source.name(i));
    return out;
  }
  static std::vector<int> mask(const FolderContent& content, Split split, int64_t i) {
    const Mask mask = content.sources.at(split)->item(i).mask;
    return {mask.labels.begin(), mask.labels.end()};
  }
  void pair(const std::string& image, const std::string& mask, std::vector<uint8_t> values) const {
    write_picture(folder_, image, 2, 2, 0);
    write_mask(folder_, mask, 2, 2, std::move(values));
  }

  // A picture of the challenge with a car, and a difficult dog.
  void voc(const std::string& year, const std::string& id, bool mask = false) const {
    const std::string root = "VOCdevkit/" + year + "/";
    write_picture(folder_, root + "JPEGImages/" + id + ".jpg", 20, 20, 0);
    const std::string box = "<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>10</xmax><ymax>10</ymax></bndbox>";
    folder_.write(root + "Annotations/" + id + ".xml",
                  "<annotation><size><width>20</width><height>20</height></size><object><name>car</name>" + box +
                      "</object><object><name>dog</name><difficult>1</difficult>" + box + "</object></annotation>");
    std::vector<uint8_t> values(400, 7);
    values[0] = 255;
    if (mask) write_mask(folder_, root + "SegmentationClass/" + id + ".png", 20, 20, values);
  }
  void voc_list(const std::string& year, const std::string& name, const std::string& text) const {
    folder_.write("VOCdevkit/" + year + "/ImageSets/" + name + ".txt", text);
  }
  void voc2007() const {
    voc("VOC2007", "000005", true), voc("VOC2007", "000007"), voc("VOC2007", "000001", true);
    voc_list("VOC2007", "Main/train", "000005\n"), voc_list("VOC2007", "Main/val", "000007\n");
    voc_list("VOC2007", "Main/trainval", "000005\n000007\n"), voc_list("VOC2007", "Main/test", "000001\n");
    voc_list("VOC2007", "Main/aeroplane_trainval", "000005  1\n000007 -1\n");
    voc_list("VOC2007", "Segmentation/train", "000005\n"), voc_list("VOC2007", "Segmentation/test", "000001\n");
  }

  // One box and its polygon in the picture `file`.
  void coco(const std::string& split, const std::string& file) const {
    write_picture(folder_, split + "2017/" + file, 20, 20, 0);
    nlohmann::json categories;
    const std::vector<std::string> names = Registry<DatasetEntry>::find("coco2017").classes;
    for (size_t k = 0; k < names.size(); ++k) categories.push_back({{"id", k + 1 + k / 11}, {"name", names[k]}});
    const nlohmann::json annotation = {{"id", 1},
                                       {"image_id", 9},
                                       {"category_id", 3},
                                       {"bbox", {2, 2, 10, 10}},
                                       {"area", 100},
                                       {"iscrowd", 0},
                                       {"segmentation", {{2, 2, 12, 2, 12, 12, 2, 12}}}};
    folder_.write("annotations/instances_" + split + "2017.json",
                  nlohmann::json{{"images", {{{"id", 9}, {"file_name", file}, {"height", 20}, {"width", 20}}}},
                                 {"annotations", {annotation}},
                                 {"categories", categories}}
                      .dump());
    folder_.write("annotations/captions_" + split + "2017.json", R"({"images": [], "annotations": []})");
  }
  ScratchFolder folder_;
};

TEST_F(DenseSetsTest, Voc2007TrainsOnTrainvalUnlessValIsKeptApart) {
  voc2007();
  const FolderContent joined = read("voc2007");
  EXPECT_THAT(names(joined, Split::train), ElementsAre("JPEGImages/000005.jpg", "JPEGImages/000007.jpg"));
  EXPECT_THAT(names(joined, Split::test), ElementsAre("JPEGImages/000001.jpg"));
  EXPECT_FALSE(joined.present.contains(Split::val));
  const DataSource& train = *joined.sources.at(Split::train);
  EXPECT_TRUE(train.serves(0, "segmentation"));
  EXPECT_FALSE(train.serves(1, "segmentation")) << "listed for boxes alone";
  const Item item = train.item(1);
  ASSERT_EQ(item.boxes.size(), 2u);
  EXPECT_EQ(train.classes()[static_cast<size_t>(item.boxes[0].label)], "car");
  EXPECT_TRUE(item.boxes[1].difficult);
  const FolderContent apart = read("voc2007", {{"val", "apart"}});
  EXPECT_THAT(names(apart, Split::val), ElementsAre("JPEGImages/000007.jpg"));
}

TEST_F(DenseSetsTest, ListsOfMasksSplitOtherwiseThanThoseOfBoxes) {
  voc2007();
  voc("VOC2007", "000009", true);
  voc_list("VOC2007", "Main/val", "000007\n000009\n");
  voc_list("VOC2007", "Segmentation/train", "000009\n"), voc_list("VOC2007", "Segmentation/val", "000005\n");
  const FolderContent joined = read("voc2007");
  EXPECT_EQ(joined.faults.count("masks listed in another split than their image, not used"), 0);
  EXPECT_TRUE(joined.sources.at(Split::train)->serves(0, "segmentation"));
  EXPECT_EQ(
      read("voc2007", {{"val", "apart"}}).faults.count("masks listed in another split than their image, not used"), 2);
  const FolderContent masks = read("voc2007", {{"val", "apart"}, {"lists", "segmentation"}});
  EXPECT_THAT(names(masks, Split::train), ElementsAre("JPEGImages/000009.jpg"));
  EXPECT_THAT(names(masks, Split::val), ElementsAre("JPEGImages/000005.jpg"));
  EXPECT_THAT(names(read("voc2007", {{"lists", "segmentation"}}), Split::train),
              ElementsAre("JPEGImages/000009.jpg", "JPEGImages/000005.jpg"));
}

TEST_F(DenseSetsTest, Voc2007OpensTrainAlone) {
  voc2007();
  const DatasetEntry& entry = Registry<DatasetEntry>::find("voc2007");
  const Settings settings("dataset", entry.options, nlohmann::json::object());
  EXPECT_EQ(entry.open(settings, {Split::train, folder_.path()})->size(), 2);
  EXPECT_EQ(entry.open(settings, {Split::test, folder_.path()})->size(), 1);
}

TEST_F(DenseSetsTest, Voc2012IsTestedOnValAndItsVoidIsNoClass) {
  voc("VOC2012", "2008_000002", true), voc("VOC2012", "2008_000003", true);
  voc_list("VOC2012", "Main/aeroplane_trainval", "2008_000002 -1\n2008_000003  1\n");
  for (const char* part : {"Main", "Segmentation"}) {
    voc_list("VOC2012", std::string(part) + "/train", "2008_000002\n");
    voc_list("VOC2012", std::string(part) + "/val", "2008_000003\n");
    voc_list("VOC2012", std::string(part) + "/trainval", "2008_000002\n2008_000003\n");
  }
  const FolderContent content = read("voc2012");
  EXPECT_THAT(content.present, ElementsAre(Split::train, Split::val));
  EXPECT_THAT(content.tasks, ElementsAre("detection", "segmentation"));
  const std::vector<int> values = mask(content, Split::val, 0);
  EXPECT_EQ(values[0], 255);
  EXPECT_EQ(content.mask_classes[static_cast<size_t>(values[1])], "car");
}

TEST_F(DenseSetsTest, SetsOfOnesOwnInFoldersOfTheChallengeAreNotIt) {
  voc2007();
  fs::remove(folder_.path() / "VOCdevkit/VOC2007/ImageSets/Main/aeroplane_trainval.txt");
  EXPECT_EQ(detect_format(folder_.path() / "VOCdevkit/VOC2007", "").name, "pascal_voc");
  EXPECT_FALSE(Registry<FormatEntry>::find("voc2007").fits(folder_.path()));
}

TEST_F(DenseSetsTest, AFolderThatIsNotTheYearSaysWhatIsExpected) {
  voc2007();
  EXPECT_THAT(data_failure([&] { read_format("voc2012", folder_.path()); }),
              HasSubstr("VOCdevkit/VOC2012/ImageSets/Main/trainval.txt"));
}

TEST_F(DenseSetsTest, Coco2017HasBoxesAndMasksOfEightyThings) {
  coco("train", "000000000009.jpg");
  coco("val", "000000000139.jpg");
  const FolderContent content = read("coco2017");
  EXPECT_EQ(content.classes.size(), 80u);
  EXPECT_THAT(content.tasks, ElementsAre("detection", "segmentation"));
  const Item item = content.sources.at(Split::val)->item(0);
  ASSERT_EQ(item.boxes.size(), 1u);
  EXPECT_EQ(content.classes[static_cast<size_t>(item.boxes[0].label)], "car");
  EXPECT_EQ(content.mask_classes[item.mask.labels[5 * 20 + 5]], "car");
  EXPECT_EQ(content.mask_classes[item.mask.labels[0]], "background");
  fs::remove(folder_.path() / "val2017/000000000139.jpg");
  EXPECT_THAT(failure("coco2017"), AllOf(HasSubstr("instances_val2017.json"), HasSubstr("000000000139.jpg")));
}

TEST_F(DenseSetsTest, Ade20kCountsItsClassesFromOneAndZeroIsNone) {
  const std::string root = "ADEChallengeData2016/";
  folder_.write(root + "objectInfo150.txt", "Idx Ratio Train Val Stuff Name\n");
  pair(root + "images/training/ADE_train_00000001.jpg", root + "annotations/training/ADE_train_00000001.png",
       {0, 1, 2, 150});
  pair(root + "images/validation/ADE_val_00000001.jpg", root + "annotations/validation/ADE_val_00000001.png",
       {3, 3, 3, 3});
  write_picture(folder_, root + "images/training/ADE_train_00000002.jpg", 2, 2, 0);
  const FolderContent content = read("ade20k");
  EXPECT_EQ(content.classes.size(), 150u);
  EXPECT_THAT(mask(content, Split::train, 0), ElementsAre(255, 0, 1, 149));
  EXPECT_EQ(content.classes[0], "wall");
  EXPECT_EQ(content.classes[149], "flag");
  EXPECT_THAT(mask(content, Split::val, 0), ElementsAre(2, 2, 2, 2));
  EXPECT_EQ(content.faults.count("images without mask, left out"), 1);
  write_mask(folder_, root + "annotations/training/ADE_train_00000001.png", 2, 2, {0, 1, 151, 2});
  EXPECT_THAT(data_failure([&] { mask(read("ade20k"), Split::train, 0); }),
              AllOf(HasSubstr("ADE_train_00000001.png"), HasSubstr("pixel (0, 1) has the value 151")));
  fs::remove_all(folder_.path() / root / "annotations/validation");
  EXPECT_THAT(failure("ade20k"), HasSubstr("holds no picture that has a mask in annotations/validation"));
}

TEST_F(DenseSetsTest, CityscapesTrainsOnNineteenOfItsIds) {
  const auto scene = [&](const std::string& split, const std::string& city, std::vector<uint8_t> values) {
    const std::string name = split + "/" + city + "/" + city + "_000000_000019_";
    pair("leftImg8bit/" + name + "leftImg8bit.png", "gtFine/" + name + "gtFine_labelIds.png", std::move(values));
    write_mask(folder_, "gtFine/" + name + "gtFine_instanceIds.png", 2, 2, {0, 0, 0, 0});
  };
  scene("train", "aachen", {0, 7, 33, 29});
  scene("val", "frankfurt", {24, 24, 10, 8});
  const FolderContent content = read("cityscapes");
  EXPECT_THAT(mask(content, Split::train, 0), ElementsAre(255, 0, 18, 255)) << "road, bicycle; a caravan is no class";
  EXPECT_THAT(mask(content, Split::val, 0), ElementsAre(11, 11, 255, 1));
  EXPECT_EQ(content.classes[11], "person");
  fs::remove_all(folder_.path() / "gtFine/val");
  EXPECT_THAT(failure("cityscapes"), AllOf(HasSubstr("leftImg8bit/val"), HasSubstr("gtFine_trainvaltest.zip")));
}

}  // namespace
}  // namespace sslbench
