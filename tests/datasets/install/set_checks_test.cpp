// SPDX-License-Identifier: Apache-2.0
// `data add` of a person's own set: what is refused, what is told of files that are not used, what normalisation sees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/install/installed.h"
#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class SetChecksTest : public testing::Test {
 protected:
  void picture(const std::string& name) { write_picture(folder_, "from/" + name, 48, 64, ++seed_); }
  void two_classes(const std::string& under = "") {
    for (int i = 0; i < 3; ++i) {
      picture(under + "a/" + std::to_string(i) + ".jpg");
      picture(under + "b/" + std::to_string(i) + ".jpg");
    }
  }
  void coco(const std::string& split, int boxes, bool crowd = false) {
    json set = {{"categories", {{{"id", 1}, {"name", "x"}}, {{"id", 2}, {"name", "rare"}}}},
                {"images", json::array()},
                {"annotations", json::array()}};
    for (int i = 0; i < 2; ++i) {
      picture(split + "/" + split + std::to_string(i) + ".jpg");
      set["images"].push_back(
          {{"id", i}, {"file_name", split + std::to_string(i) + ".jpg"}, {"height", 48}, {"width", 64}});
    }
    for (int k = 0; k < boxes; ++k) {
      set["annotations"].push_back(
          {{"id", k}, {"image_id", 0}, {"category_id", 1}, {"bbox", {1 + k, 1, 9, 9}}, {"iscrowd", crowd ? 1 : 0}});
    }
    folder_.write("from/" + split + "/_annotations.coco.json", set.dump());
  }
  void masks(uint8_t first, uint8_t last) {
    std::vector<uint8_t> values(48 * 64, first);
    values.back() = last;
    for (int i = 0; i < 3; ++i) {
      picture("images/" + std::to_string(i) + ".jpg");
      write_mask(folder_, "from/masks/" + std::to_string(i) + ".png", 48, 64, values);
    }
  }
  InstalledDataset add(const AddOptions& options = {}) { return add_dataset("own", from_, root_, options); }
  std::string refusal(const AddOptions& options = {}) {
    const std::string message = user_error([&] { add(options); });
    EXPECT_THAT(message, AllOf(HasSubstr("'" + from_.string()), Not(HasSubstr(".adding-"))));
    EXPECT_FALSE(fs::exists(root_ / "own"));
    return message;
  }
  ScratchFolder folder_;
  fs::path from_ = folder_.path() / "from", root_ = folder_.path() / "root";
  int seed_ = 0;
};

TEST_F(SetChecksTest, ASplitForDetectionWithoutABoxIsRefused) {
  coco("train", 0);
  coco("valid", 1);
  EXPECT_THAT(refusal(), HasSubstr("train holds 2 pictures and not one box"));
  coco("train", 1);
  EXPECT_EQ(add().images.at("val"), 2) << "a listed class without a box is fine";
  fs::remove_all(root_);
  coco("valid", 1, true);
  EXPECT_THAT(refusal(), HasSubstr("val holds 2 pictures and not one box (crowds and difficult ones do not count)"));
  coco("test", 2);
  EXPECT_EQ(add().images.at("test"), 2) << "where val is not what is tested on, it may be without boxes";
}

TEST_F(SetChecksTest, NamesThatNoRecordHoldsAreRefusedBeforeAnythingIsTrained) {
  masks(0, 1);
  folder_.write("from/classes.txt", "road\n" + std::string(60, 'x') + "\n");
  EXPECT_THAT(refusal(), HasSubstr("has 60 bytes, and records hold 59; shorten it"));
  folder_.write("from/classes.txt", "road\n" + std::string(59, 'x') + "\n");
  EXPECT_EQ(add().images.at("train"), 3);
  fs::remove_all(root_);
  folder_.write("from/classes.txt", "road\nroad\n");
  EXPECT_THAT(refusal(), HasSubstr("the class 'road' is there twice"));
}

TEST_F(SetChecksTest, MasksOfOneClassAndVoidAreRefused) {
  masks(0, 255);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("the masks of train hold one class alone, besides 255 or void"),
                               HasSubstr("classes.txt: `0 background` and `255 road`")));
  folder_.write("from/classes.txt", "background\nroad\n");
  EXPECT_THAT(refusal(), HasSubstr("one class alone"));
  folder_.write("from/classes.txt", "0 background\n255 road\n");
  EXPECT_THAT(add().inspection.findings, Contains(HasSubstr("0.00 % of their pixels without class")));
}

TEST_F(SetChecksTest, MasksOfTwoClassesAndVoidAreTaken) {
  masks(0, 1);
  write_mask(folder_, "from/masks/2.png", 48, 64, std::vector<uint8_t>(48 * 64, 255));
  EXPECT_EQ(add().images.at("train"), 3);
}

TEST_F(SetChecksTest, MasksOfNoUseTakeNoBoxesWithThem) {
  for (int i = 0; i < 3; ++i) {
    const std::string id = std::to_string(i);
    picture("JPEGImages/" + id + ".jpg");
    folder_.write(
        "from/Annotations/" + id + ".xml",
        "<annotation><size><width>64</width><height>48</height></size><object><name>cell</name><bndbox><xmin>1"
        "</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>");
    write_mask(folder_, "from/SegmentationClass/placeholder.png", 1, 1, {0});
    write_mask(folder_, "from/SegmentationClass/" + id + ".png", 48, 64, std::vector<uint8_t>(48 * 64, 255));
  }
  EXPECT_THAT(add().inspection.faults,
              Contains(HasSubstr("masks are not used, the set is for detection alone: the masks")));
  EXPECT_THAT(dataset_entry("own", root_).tasks, testing::ElementsAre("detection"));
  EXPECT_TRUE(open_dataset("own", json::object(), Split::train, root_)->item(0).mask.labels.empty());
}

TEST_F(SetChecksTest, FilesThatAreNotUsedAreCountedByKindAndNamed) {
  two_classes();
  for (const char* name : {"notes.txt", "more/b.json", "README", "a/photo.heic"})
    folder_.write(std::string("from/") + name, "x");
  folder_.write("from/.gitattributes", "x");
  picture("loose.jpg");
  EXPECT_THAT(add().inspection.faults,
              testing::UnorderedElementsAre(
                  "1 class folders without a picture, left out (more)", "1 other files that are not read (README)",
                  "1 pictures of kinds that are not read; convert them to JPEG or PNG (a/photo.heic)",
                  "1 pictures outside the class folders, left out (loose.jpg)",
                  "2 text and annotation files that are not read (more/b.json, notes.txt)"));
}

TEST_F(SetChecksTest, WhatSystemsLeaveIsNotTaken) {
  two_classes();
  for (const char* name : {".DS_Store", "a/._0.jpg", "a/Thumbs.db", "__MACOSX/a/0.jpg"}) {
    folder_.write(std::string("from/") + name, "x");
  }
  const InstalledDataset set = add();
  EXPECT_EQ(set.files, 6);
  EXPECT_TRUE(set.inspection.faults.empty());
  write_atomically(set.folder / ".DS_Store", "somebody looked at the folder");
  EXPECT_EQ(check_dataset("own", root_).digest, set.digest);
}

TEST_F(SetChecksTest, ANoteBesideTheOnlyFolderHidesNoLabels) {
  two_classes("set/data/");
  folder_.write("from/README.txt", "about");
  const InstalledDataset set = add();
  EXPECT_EQ(set.format, "class_folders");
  EXPECT_THAT(set.inspection.faults,
              testing::ElementsAre("1 files beside the folder set/data/ of the set, not taken (README.txt)"));
  EXPECT_TRUE(fs::exists(root_ / "own/a/0.jpg"));
}

TEST_F(SetChecksTest, AnnotationsThatNothingReadsAreNotPassedOver) {
  picture("images/a0.jpg");
  picture("b.jpg");
  const auto refused = [&](const std::string& name, const std::string& text) {
    const fs::path file = folder_.write("from/" + name, text);
    const std::string message = refusal();
    EXPECT_THAT(message, AllOf(HasSubstr("(" + name + ")"), HasSubstr("say --format pictures")));
    fs::remove(file);
    return message;
  };
  EXPECT_THAT(refused("annotations.xml", "<annotations><version>1.1</version></annotations>"),
              HasSubstr("let CVAT export COCO"));
  EXPECT_THAT(refused("images/a0.json", "{\"shapes\": []}"), HasSubstr("JSON annotations"));
  EXPECT_THAT(refused("metadata.jsonl", "{\"file_name\": \"a0.jpg\", \"text\": \"x\"}"), HasSubstr("JSON annotations"));
  EXPECT_THAT(refused("labels/train/a0.txt", "0 0.5 0.5 0.2 0.2\n"), HasSubstr("label files as YOLO's"));
  EXPECT_THAT(refused("label_2/a0.txt", "Car 0.00 0 -1.58 587.01 173.33 614.12 200.12\n"), HasSubstr("KITTI's"));
  EXPECT_THAT(refused("list.txt", "images/a0.jpg 3\n"), HasSubstr("lists of pictures"));
  EXPECT_THAT(refused("labels.csv", "file,label\ngone.jpg,a\n"), HasSubstr("tables that speak of pictures"));
  EXPECT_THAT(refused("data.yaml", "names: [a]\n"), HasSubstr("files that name classes"));
  folder_.write("from/annotations.xml", "<annotations/>");
  EXPECT_THAT(add({.format = "pictures"}).inspection.faults,
              Contains("1 text and annotation files that are not read (annotations.xml)"));
}

TEST_F(SetChecksTest, FoldersOfPicturesWithBoxesAreNotTakenForClasses) {
  two_classes();
  folder_.write("from/classes.json", "{\"labels\": [\"a\", \"b\"]}");
  EXPECT_EQ(add().format, "class_folders");
  fs::remove_all(root_);
  folder_.write("from/annotations.xml", "<annotations><image name=\"a/0.jpg\"/></annotations>");
  EXPECT_THAT(refusal(), HasSubstr("--format class_folders where the folders are the labels"));
  EXPECT_THAT(add({.format = "class_folders"}).inspection.faults,
              Contains("2 text and annotation files that are not read (annotations.xml, classes.json)"));
}

TEST_F(SetChecksTest, TextsThatAreNoAnnotationsAreOnlyNamed) {
  picture("a0.jpg");
  folder_.write("from/a0.txt", "a cat on a mat\n");
  folder_.write("from/files.txt", "a0.jpg\n");
  folder_.write("from/about.json", "{\"licence\": \"none\"}");
  const InstalledDataset set = add();
  EXPECT_EQ(set.format, "pictures");
  EXPECT_THAT(set.inspection.faults,
              Contains("3 text and annotation files that are not read (a0.txt, about.json, files.txt)"));
}

TEST_F(SetChecksTest, NamesThatAreNotUtf8AreRefused) {
  two_classes();
  folder_.write("from/a/M\xFCnchen.jpg", "x");
  EXPECT_THAT(refusal(), HasSubstr("holds the name 'a/M\\xFCnchen.jpg', which is not UTF-8"));
}

TEST_F(SetChecksTest, FilesThatAreNotThemselvesAreRecognised) {
  folder_.write("from/a/1.jpg", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
  folder_.write("from/b/2.jpg", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n");
  EXPECT_THAT(refusal(), HasSubstr("'a/1.jpg' is a Git LFS pointer, not the file itself: run `git lfs pull`"));
  fs::remove_all(from_);
  folder_.write("from/train.pt", "PK");
  EXPECT_THAT(refusal(), HasSubstr("'train.pt' is a file of torch.save, a pickle, which is not read"));
  fs::remove_all(from_);
  folder_.write("from", "\x80\x02}q");
  EXPECT_THAT(refusal(), HasSubstr("is a pickle of Python, as torch.save writes"));
}

TEST_F(SetChecksTest, NoMessageNamesTheCopyThatIsRead) {
  two_classes();
  EXPECT_THAT(refusal({.format = "coco"}), HasSubstr("holds no COCO annotation file"));
  EXPECT_THAT(refusal({.format = "image_list"}), HasSubstr("holds not one .csv file"));
}

TEST_F(SetChecksTest, NormalisationSeesNoPictureOfTheImpliedTestSplit) {
  for (int i = 0; i < 30; ++i) {
    for (const char* name : {"a", "b"}) {
      std::vector<uint8_t> pixels(4 * 4 * 3, static_cast<uint8_t>(++seed_ * 3));
      fs::create_directories(from_ / name);
      write_png(from_ / name / (std::to_string(i) + ".png"), 4, 4, PNG_COLOR_TYPE_RGB, 8, pixels);
    }
  }
  add();
  double sum = 0;
  const auto train = open_dataset("own", json::object(), Split::train, root_);
  const auto test = open_dataset("own", json::object(), Split::test, root_);
  ASSERT_GT(test->size(), 0);
  for (int64_t i = 0; i < train->size(); ++i) sum += train->item(i).image.pixels[0] / 255.0;
  EXPECT_NEAR(dataset_entry("own", root_).mean[0], sum / static_cast<double>(train->size()), 1e-6);
}

TEST_F(SetChecksTest, ATableBesideClassFoldersIsNamed) {
  two_classes();
  folder_.write("from/hashes.csv", "path,md5\na/0.jpg,x\n");
  EXPECT_THAT(add().inspection.faults, Contains("1 tables of pictures that are not read; --format image_list reads one "
                                                "as their labels (hashes.csv)"));
}

TEST_F(SetChecksTest, ASetWithoutABoxSaysWhatWasLeftOut) {
  folder_.write("from/data.yaml", "names: [cell]\n");
  for (int i = 0; i < 2; ++i) picture("images/train/a" + std::to_string(i) + ".jpg");
  folder_.write("from/labels/train/a0.txt", "0 nan .5 .2 .2\n");
  folder_.write("from/labels/train/b1.txt", "0 .5 .5 .2 .2\n");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("train holds 2 pictures and not one box"), HasSubstr("a0.txt line 1"),
                               HasSubstr("1 images without a label file, taken as empty (a1.jpg)"),
                               HasSubstr("labels/train/b1.txt")));
}

}  // namespace
}  // namespace sslbench
