// SPDX-License-Identifier: Apache-2.0
// Published sets whose lists name pictures, read from small folders of exactly their layout.
#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "tests/datasets/known/known_set.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ListedSetsTest : public ::testing::Test {
 protected:
  void pictures(std::initializer_list<const char*> names) const {
    for (const char* name : names) write_picture(folder_, name, 4, 4, 0);
  }
  FolderContent read(const std::string& format, const nlohmann::json& settings = nlohmann::json::object()) const {
    EXPECT_EQ(detect_format(folder_.path(), folder_.path()).name, format);
    return read_format(format, folder_.path(), settings);
  }

  ScratchFolder folder_;
};

TEST_F(ListedSetsTest, Food101) {
  pictures({"images/apple_pie/1.jpg", "images/apple_pie/2.jpg", "images/baklava/3.jpg"});
  folder_.write("meta/classes.txt", "apple_pie\nbaklava\n");
  folder_.write("meta/train.txt", "apple_pie/1\nbaklava/3\n");
  folder_.write("meta/test.txt", "apple_pie/2\n");
  const FolderContent content = read("food101");
  EXPECT_THAT(listed(content, Split::train),
              ElementsAre("images/apple_pie/1.jpg = apple_pie", "images/baklava/3.jpg = baklava"));
  EXPECT_THAT(listed(content, Split::test), ElementsAre("images/apple_pie/2.jpg = apple_pie"));
}

TEST_F(ListedSetsTest, DescribableTexturesTrainOnTrainAndValUnlessValIsKeptApart) {
  pictures({"images/banded/banded_1.jpg", "images/dotted/dotted_1.jpg", "images/dotted/dotted_2.jpg"});
  folder_.write("labels/train1.txt", "banded/banded_1.jpg\n");
  folder_.write("labels/val1.txt", "dotted/dotted_1.jpg\n");
  folder_.write("labels/test1.txt", "dotted/dotted_2.jpg\n");
  EXPECT_EQ(read("dtd").sources.at(Split::train)->size(), 2);
  const FolderContent apart = read("dtd", {{"val", "apart"}});
  EXPECT_THAT(listed(apart, Split::train), ElementsAre("images/banded/banded_1.jpg = banded"));
  EXPECT_THAT(listed(apart, Split::val), ElementsAre("images/dotted/dotted_1.jpg = dotted"));
  EXPECT_THROW(read("dtd", {{"partition", 2}}), RunFailure) << "no list of that partition";
}

TEST_F(ListedSetsTest, AircraftWhoseClassesHaveBlanks) {
  pictures({"data/images/1.jpg", "data/images/2.jpg", "data/images/3.jpg"});
  folder_.write("data/variants.txt", "707-320\nAn 12\n");
  folder_.write("data/families.txt", "Boeing 707\nAn-12\n");
  folder_.write("data/images_variant_train.txt", "1 707-320\n");
  folder_.write("data/images_variant_val.txt", "2 An 12\n");
  folder_.write("data/images_variant_test.txt", "3 An 12\n");
  for (const char* split : {"train", "val", "test"}) {
    folder_.write(std::string("data/images_family_") + split + ".txt", "1 Boeing 707\n");
  }
  EXPECT_THAT(listed(read("fgvc_aircraft"), Split::train),
              ElementsAre("data/images/1.jpg = 707-320", "data/images/2.jpg = An 12"));
  EXPECT_THAT(listed(read("fgvc_aircraft", {{"labels", "family"}}), Split::test),
              ElementsAre("data/images/1.jpg = Boeing 707"));
}

TEST_F(ListedSetsTest, OxfordPetsInTheOrderOfTheirNumbers) {
  pictures({"images/great_dane_1.jpg", "images/Abyssinian_1.jpg", "images/Abyssinian_2.jpg"});
  folder_.write("annotations/trainval.txt", "great_dane_1 2 2 1\nAbyssinian_1 1 1 1\n");
  folder_.write("annotations/test.txt", "Abyssinian_2 1 1 1\n");
  const FolderContent content = read("oxford_pets");
  EXPECT_THAT(content.classes, ElementsAre("Abyssinian", "great_dane"));
  EXPECT_THAT(listed(content, Split::train),
              ElementsAre("images/great_dane_1.jpg = great_dane", "images/Abyssinian_1.jpg = Abyssinian"));
  folder_.write("annotations/trainval.txt", "great_dane_1 2 2 1\nAbyssinian_1 2 1 1\n");
  EXPECT_THAT(data_failure([&] { read("oxford_pets"); }), AllOf(HasSubstr("line 2"), HasSubstr("great_dane")));
}

TEST_F(ListedSetsTest, Sun397) {
  pictures({"SUN397/a/abbey/sun_1.jpg", "SUN397/a/apse/indoor/sun_2.jpg", "SUN397/a/abbey/sun_3.jpg"});
  folder_.write("ClassName.txt", "/a/abbey\n/a/apse/indoor\n");
  folder_.write("Training_01.txt", "/a/abbey/sun_1.jpg\n/a/apse/indoor/sun_2.jpg\n");
  folder_.write("Testing_01.txt", "/a/abbey/sun_3.jpg\n");
  EXPECT_THAT(listed(read("sun397"), Split::train),
              ElementsAre("SUN397/a/abbey/sun_1.jpg = /a/abbey", "SUN397/a/apse/indoor/sun_2.jpg = /a/apse/indoor"));
}

TEST_F(ListedSetsTest, AMissingPictureIsAFaultAndAnUnknownClassIsNamedWithItsLine) {
  pictures({"images/apple_pie/1.jpg"});
  folder_.write("meta/classes.txt", "apple_pie\nbaklava\n");
  folder_.write("meta/train.txt", "apple_pie/1\napple_pie/9\n");
  folder_.write("meta/test.txt", "tart/1\n");
  EXPECT_THAT(data_failure([&] { read("food101"); }),
              AllOf(HasSubstr("test.txt"), HasSubstr("line 1"), HasSubstr("'tart'")));
  folder_.write("meta/test.txt", "apple_pie/1\n");
  EXPECT_FALSE(read("food101").faults.lines().empty());
  folder_.write("meta/test.txt", "../../etc/1\n");
  EXPECT_THROW(read("food101"), RunFailure);
}

}  // namespace
}  // namespace sslbench
