// SPDX-License-Identifier: Apache-2.0
// Published lists as parts; shares and numbers a class are in own_set_test.cpp.
#include "datasets/install/few_shot.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FewShotTest : public testing::Test {
 protected:
  FewShotTest() {
    for (int i = 0; i < 6; ++i) {
      write_picture(folder_, "from/train/beach/b" + std::to_string(i) + ".jpg", 6, 8, i);
      write_picture(folder_, "from/train/forest/f" + std::to_string(i) + ".png", 6, 8, 100 + i);
    }
    write_picture(folder_, "from/train/forest/b1.jpg", 6, 8, 77);
    write_picture(folder_, "from/val/beach/v.jpg", 6, 8, 78);
    add_dataset("holiday", folder_.path() / "from", root_);
  }
  std::string list(const std::string& text) const { return folder_.write("1percent.txt", text).string(); }
  std::string mistake(const std::string& text) const {
    return user_error([&] { split_few_shot("holiday", list(text), root_); });
  }
  ScratchFolder folder_;
  std::filesystem::path root_ = folder_.path() / "root";
};

TEST_F(FewShotTest, APublishedListIsAPartUnderItsName) {
  const InstalledDataset set = split_few_shot("holiday", list("b3.jpg\ntrain/forest/b1.jpg\n\nf0.png\n"), root_);
  EXPECT_EQ(set.name, "holiday-1percent");
  const auto part = open_dataset(set.name, nlohmann::json::object(), Split::train, root_);
  std::vector<std::string> names;
  for (int64_t i = 0; i < part->size(); ++i) names.push_back(part->name(i));
  EXPECT_THAT(names, ElementsAre("train/beach/b3.jpg", "train/forest/b1.jpg", "train/forest/f0.png"));
  EXPECT_EQ(open_dataset(set.name, nlohmann::json::object(), Split::test, root_)->size(), 1);
}

TEST_F(FewShotTest, ALineThatNamesNoOnePictureIsToldWithItsNumber) {
  EXPECT_THAT(mistake("b3.jpg\nb99.jpg\n"), HasSubstr("1percent.txt' line 2: 'b99.jpg' is no picture of train"));
  EXPECT_THAT(mistake("b1.jpg\n"), HasSubstr("'b1.jpg' is the name of several pictures; write their paths"));
  EXPECT_THAT(mistake("b3.jpg\ntrain/beach/b3.jpg\n"), HasSubstr("line 2: 'train/beach/b3.jpg' is listed a second"));
  EXPECT_THAT(mistake("\n"), HasSubstr("names no picture"));
  EXPECT_THAT(user_error([&] { split_few_shot("holiday", "gone.txt", root_); }),
              HasSubstr("there is no list 'gone.txt'"));
}

}  // namespace
}  // namespace sslbench
