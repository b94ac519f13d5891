// SPDX-License-Identifier: Apache-2.0
// Format image_list: lists as spreadsheets, pandas and competitions write them.
#include "datasets/readers/image_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ImageListTest : public testing::Test {
 protected:
  ImageListTest() {
    for (int i = 0; i < 4; ++i) picture("img" + std::to_string(i) + ".jpg");
  }
  void picture(const std::string& name) { write_picture(folder_, name, 6, 8, ++seed_); }
  FolderContent read(const std::string& text, const std::string& name = "l.csv") {
    folder_.write(name, text);
    return read_format("image_list", folder_.path());
  }
  std::string failure(const std::string& text) {
    return data_failure([&] { read(text); });
  }
  std::string found() { return detect_format(folder_.path(), "").name; }
  ScratchFolder folder_;
  int seed_ = 0;
};

TEST_F(ImageListTest, ALineOfNamesThatAreNotKnownIsNoImage) {
  for (const char* header : {"image_id,label", "filenames,cats", "Foto,Art"}) {
    const FolderContent content = read(std::string(header) + "\nimg0.jpg,a\nimg1.jpg,b\nimg2.jpg,a\n");
    EXPECT_THAT(content.classes, ElementsAre("a", "b")) << header;
    EXPECT_EQ(content.sources.at(Split::train)->size(), 3) << header;
    EXPECT_TRUE(content.faults.lines().empty()) << header;
  }
}

TEST_F(ImageListTest, AFirstPictureThatIsMissingIsNoLineOfNames) {
  const FolderContent content = read("gone.jpg,c\nimg0.jpg,a\nimg1.jpg,b\n");
  EXPECT_EQ(content.faults.count("images that are named but missing"), 1);
  EXPECT_THAT(content.classes, ElementsAre("a", "b")) << "a class that no image has is none";
}

TEST_F(ImageListTest, BlanksMarksAndEmptyLinesAreNoPartOfAField) {
  const FolderContent content = read("\xEF\xBB\xBF\"path\" , \"label\"\r\n\" img0.jpg \", a \r\nimg1.jpg,b\r\n,\r\n");
  EXPECT_THAT(content.classes, ElementsAre("a", "b"));
  EXPECT_EQ(content.sources.at(Split::train)->size(), 2);
}

TEST_F(ImageListTest, FieldsMayStandBetweenSemicolonsOrTabs) {
  EXPECT_THAT(read("Datei;Klasse\nimg0.jpg;\"x; y\"\nimg1.jpg;b\n").classes, ElementsAre("b", "x; y"));
  std::filesystem::remove(folder_.path() / "l.csv");
  EXPECT_THAT(read("image\tlabel\nimg0.jpg\ta\nimg1.jpg\tb\n", "l.tsv").classes, ElementsAre("a", "b"));
}

TEST_F(ImageListTest, ColumnsMayStandInAnyOrder) {
  EXPECT_THAT(read("a,img0.jpg\nb,img1.jpg\n").classes, ElementsAre("a", "b"));
  const FolderContent content = read("nr,Bild,split,label\n1,img0.jpg,train,a\n2,img1.jpg,test,b\n");
  EXPECT_EQ(content.sources.at(Split::test)->item(0).label, 1);
}

TEST_F(ImageListTest, WindowsPathsAndNamesWithoutEndingAreFound) {
  picture("sub/x.png");
  EXPECT_EQ(read("path,label\nsub\\x.png,a\nimg0.jpg,b\n").sources.at(Split::train)->name(0), "sub/x.png");
  EXPECT_EQ(read("id,breed\nimg0,a\nimg1,b\n").sources.at(Split::train)->name(1), "img1.jpg");
  picture("sub/y.png");
  EXPECT_EQ(read("path,label\nx.png,a\ny.png,b\n").sources.at(Split::train)->name(0), "sub/x.png");
}

TEST_F(ImageListTest, ListsOfSplitsAreReadTogether) {
  folder_.write("train_labels.csv", "file,label\nimg0.jpg,a\nimg1.jpg,b\n");
  folder_.write("sample_submission.csv", "file,label\nimg3.jpg,a\n");
  const FolderContent content = read("file,label\nimg2.jpg,b\n", "test.csv");
  EXPECT_EQ(found(), "image_list");
  EXPECT_THAT(content.classes, ElementsAre("a", "b"));
  EXPECT_EQ(content.sources.at(Split::train)->size(), 2);
  EXPECT_EQ(content.sources.at(Split::test)->item(0).label, 1);
  EXPECT_FALSE(content.accounted->contains("sample_submission.csv"));
}

TEST_F(ImageListTest, WhatIsNoListOfLabelsIsRefused) {
  EXPECT_THAT(failure("filename,class,xmin,ymin,xmax,ymax\nimg0.jpg,a,1,1,5,5\n"),
              HasSubstr("holds boxes (column 'xmin')"));
  EXPECT_THAT(failure("image,cat,dog\nimg0.jpg,1,0\nimg1.jpg,0,1\n"),
              HasSubstr("which column is the label? Call it 'label'; there are 'cat', 'dog'"));
  EXPECT_THAT(failure("image,label\nimg0.jpg,a\nimg0.jpg,b\nimg1.jpg,b\n"),
              HasSubstr("1 pictures are listed with several labels"));
  EXPECT_THAT(failure("path,label\nimg0.jpg,a\nimg1.jpg,a\n"), HasSubstr("of one class, 'a'; at least 2"));
  EXPECT_THAT(failure("path,label\nimg0.jpg,Gef\xE4\xDF\n"), HasSubstr("l.csv: line 2: is not UTF-8"));
}

TEST_F(ImageListTest, ATableThatNamesNoPictureIsNoList) {
  for (const char* name : {"a/1.jpg", "a/2.jpg", "b/3.jpg", "b/4.jpg"}) picture(name);
  for (int i = 0; i < 4; ++i) std::filesystem::remove(folder_.path() / ("img" + std::to_string(i) + ".jpg"));
  folder_.write("cameras.csv", "camera,year\nx,2001\n");
  EXPECT_EQ(found(), "class_folders");
}

TEST_F(ImageListTest, AllPicturesOfOneClassAreToldWithWhatIsMissing) {
  EXPECT_THAT(failure("path,label\nimg0.jpg,a\ngone.jpg,b\nimg1.jpg,a\n"),
              HasSubstr("at least 2 are needed (--format pictures takes them without labels) (1 images that are named "
                        "but missing (gone.jpg))"));
}

TEST_F(ImageListTest, WhatIsAnotherForEveryPictureIsNoLabel) {
  EXPECT_THAT(failure("image,mask\nimg0.jpg,m/img0.png\nimg1.jpg,m/img1.png\n"),
              HasSubstr("its list names pictures for labels ('m/img0.png')"));
  picture("img4.jpg");
  const std::string rows = "\nimg0.jpg,a\nimg1.jpg,b\nimg2.jpg,c\nimg3.jpg,d\nimg4.jpg,e\n";
  EXPECT_THAT(failure("path,md5" + rows), HasSubstr("every listed picture has a label of its own ('img0.jpg' is 'a')"));
  EXPECT_EQ(read("path,label" + rows).classes.size(), 5u) << "it is called so";
}

class TableBesideFoldersTest : public testing::Test {
 protected:
  void pictures(const std::string& folder) {
    for (int i = 0; i < 4; ++i) write_picture(folder_, folder + "/" + std::to_string(i) + ".jpg", 6, 8, ++seed_);
  }
  // A row for every picture of a folder: `label` or, where that is empty, one of its own.
  std::string rows(const std::string& folder, const std::string& label) {
    std::string out;
    for (int i = 0; i < 4; ++i) {
      const std::string picture = folder + "/" + std::to_string(i) + ".jpg";
      out += picture + "," + (label.empty() ? "md5 of " + picture : label) + "\n";
    }
    return out;
  }
  std::string found() { return detect_format(folder_.path(), "").name; }
  std::string failure() {
    return data_failure([&] { found(); });
  }
  ScratchFolder folder_;
  int seed_ = 0;
};

TEST_F(TableBesideFoldersTest, ClassFoldersAreTheLabelsWhateverATableSaysOfPictures) {
  pictures("cat");
  pictures("dog");
  for (const std::string& table : std::vector<std::string>{
           "path,md5\n" + rows("cat", "") + rows("dog", ""), std::string("file,age\ncat/0.jpg,3\ncat/1.jpg,4\n"),
           std::string("file,age\ncat/0.jpg,3\n"), "path,label\n" + rows("cat", "0") + rows("dog", "1"),
           "path,noisy_0,noisy_1,is_valid\ncat/0.jpg,cat,dog,False\ndog/0.jpg,dog,cat,False\n",
           "path,label\n" + rows("cat", "") + rows("dog", "")}) {
    folder_.write("meta.csv", table);
    EXPECT_EQ(found(), "class_folders") << table;
  }
}

TEST_F(TableBesideFoldersTest, TheSameHoldsWithFoldersOfSplits) {
  for (const char* folder : {"train/cat", "train/dog", "val/cat", "val/dog"}) pictures(folder);
  folder_.write("meta.csv", "filename,split,hash,width\ntrain/cat/0.jpg,train,x0,40\nval/dog/1.jpg,val,x1,40\n");
  EXPECT_EQ(found(), "class_folders");
}

TEST_F(TableBesideFoldersTest, OtherLabelsThanTheFoldersAreAQuestion) {
  pictures("cat");
  pictures("dog");
  folder_.write("labels.csv", "path,label\ncat/0.jpg,indoor\ncat/1.jpg,outdoor\ndog/0.jpg,indoor\ndog/1.jpg,outdoor\n");
  EXPECT_THAT(failure(), HasSubstr("its folders say one label and its list another ('cat/0.jpg' is 'indoor' in "
                                   "labels.csv); say which is meant: --format class_folders or --format image_list"));
  EXPECT_THAT(read_format("image_list", folder_.path()).classes, ElementsAre("indoor", "outdoor"));
}

TEST_F(TableBesideFoldersTest, BoxesInATableAreNotLost) {
  pictures("cat");
  pictures("dog");
  folder_.write("boxes.csv", "filename,xmin,ymin,xmax,ymax\ncat/0.jpg,1,1,5,5\n");
  EXPECT_EQ(found(), "image_list");
  EXPECT_THAT(data_failure([&] { read_format("image_list", folder_.path()); }), HasSubstr("holds boxes"));
}

TEST_F(TableBesideFoldersTest, NumberedPartsAreNoClasses) {
  pictures("images_part_1");
  pictures("images_part_2");
  folder_.write("meta.csv", "path,label\nimages_part_1/0.jpg,a\nimages_part_1/1.jpg,b\nimages_part_2/0.jpg,a\n");
  EXPECT_EQ(found(), "image_list");
  folder_.write("meta.csv", "lesion,path,dx\n1,images_part_1/0.jpg,a\n2,images_part_2/0.jpg,b\n");
  EXPECT_EQ(found(), "image_list") << "refused there: which column is the label?";
}

}  // namespace
}  // namespace sslbench
