// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/datasets/known/known_set.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Caltech101Test : public ::testing::Test {
 protected:
  void pictures(const std::string& under, int count) const {
    for (int k = 0; k < count; ++k) folder_.write(under + "/image_" + std::to_string(k) + ".jpg", "");
  }
  void classes(const std::string& root) const {
    pictures(root + "BACKGROUND_Google", 3);
    pictures(root + "Faces_easy", 31);
    pictures(root + "accordion", 40);
  }
  FolderContent read(const std::string& root = "") const { return read_format("caltech101", folder_.path() / root); }
  static std::vector<std::string> names(const FolderContent& content, Split split, size_t from) {
    std::vector<std::string> out;
    const DataSource& source = *content.sources.at(split);
    for (int64_t i = 0; i < source.size(); ++i) out.push_back(source.name(i).substr(from));
    return out;
  }
  ScratchFolder folder_;
};

TEST_F(Caltech101Test, ThirtyPicturesOfAClassAreTrainAndTheBackgroundIsNone) {
  classes("101_ObjectCategories/");
  EXPECT_EQ(detect_format(folder_.path(), folder_.path()).name, "caltech101");
  const FolderContent content = read();
  EXPECT_THAT(content.classes, ElementsAre("Faces_easy", "accordion"));
  EXPECT_EQ(content.sources.at(Split::train)->size(), 60);
  EXPECT_EQ(content.sources.at(Split::test)->size(), 11);
  EXPECT_EQ(content.sources.at(Split::test)->label(1), 1);
}

TEST_F(Caltech101Test, TheDrawIsTheSameWhereverTheClassesLie) {
  const std::string wrapped = "a/101_ObjectCategories/";
  classes(wrapped);
  classes("b/");
  const size_t head = std::string("101_ObjectCategories/").size();
  EXPECT_EQ(names(read("a"), Split::train, head), names(read("b"), Split::train, 0));
  EXPECT_EQ(names(read("a"), Split::test, head), names(read("b"), Split::test, 0));
}

TEST_F(Caltech101Test, ClassesWithTooFewPicturesOrMissingOnesAreRefused) {
  classes("101_ObjectCategories/");
  EXPECT_THAT(data_failure([&] { read_known("caltech101", folder_.path()); }), HasSubstr("2 classes instead of 101"));
  pictures("101_ObjectCategories/wrench", 30);
  EXPECT_THAT(data_failure([&] { read(); }), HasSubstr("wrench: holds 30 pictures; 30 of a class are for training"));
}

}  // namespace
}  // namespace sslbench
