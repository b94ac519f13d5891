// SPDX-License-Identifier: Apache-2.0
// ImageNet-1k as people keep it, and the test sets that share its classes.
#include <gmock/gmock.h>

#include "datasets/known/imagenet_wnids.h"
#include "suites/ground/error.h"
#include "tests/datasets/known/known_set.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ImagenetTest : public ::testing::Test {
 protected:
  // A picture a class, which nothing reads, and one of val: as the original archives unpack. Made once.
  static const fs::path& all_in_one() {
    static const ScratchFolder kFolder;
    static const bool made = [] {
      for (const std::string& wnid : imagenet_wnids()) kFolder.write(wnid + "/" + wnid + "_7.JPEG", "");
      kFolder.write("ILSVRC2012_val_00000001.JPEG", "");
      kFolder.write("ILSVRC2012_validation_ground_truth.txt", "490\n");
      return true;
    }();
    EXPECT_TRUE(made);
    return kFolder.path();
  }
  void class_folders(const std::string& place) const {
    fs::create_directories((folder_.path() / place).parent_path());
    fs::create_directory_symlink(all_in_one(), folder_.path() / place);
  }
  void flat_val(const std::string& under, int pictures) const {
    for (int k = 1; k <= pictures; ++k) {
      folder_.write(under + "ILSVRC2012_val_0000000" + std::to_string(k) + ".JPEG", "");
    }
  }
  FolderContent read() const { return read_known("imagenet1k", folder_.path()); }
  std::string failure() const {
    return data_failure([&] { read(); });
  }
  std::string shift_failure(const std::string& set) const {
    const DatasetEntry& entry = Registry<DatasetEntry>::find(set);
    return data_failure([&] {
      Registry<FormatEntry>::find("imagenet_shift").read({folder_.path(), {}, std::nullopt, entry.classes, {}});
    });
  }
  ScratchFolder folder_;
};

TEST_F(ImagenetTest, ClassesStandInTheOrderOfTheirNumbersAndHaveAnId) {
  const std::vector<std::string>& wnids = imagenet_wnids();
  ASSERT_EQ(wnids.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(wnids.begin(), wnids.end()));
  EXPECT_EQ(wnids[0], "n01440764") << "tench";
  EXPECT_EQ(wnids[999], "n15075141") << "toilet tissue";
  // The first pictures of val are 490, 361 and 171: a sea snake, an alp and a Shetland sheepdog.
  EXPECT_EQ(imagenet_wnid_of_id(490), "n01751748");
  EXPECT_EQ(imagenet_wnid_of_id(361), "n09193705");
  EXPECT_EQ(imagenet_wnid_of_id(171), "n02105855");
  EXPECT_EQ(imagenet_wnid_of_id(0), "");
  EXPECT_EQ(imagenet_wnid_of_id(1001), "");
}

TEST_F(ImagenetTest, FoldersOfTrainAndVal) {
  class_folders("train");
  fs::create_directories(folder_.path() / "val");
  for (const std::string& wnid : imagenet_wnids()) {
    fs::create_directory_symlink(all_in_one() / wnid, folder_.path() / "val" / wnid);
  }
  const FolderContent content = read();
  EXPECT_EQ(content.classes, imagenet_wnids());
  EXPECT_EQ(content.sources.at(Split::train)->size(), 1000);
  const DataSource& val = *content.sources.at(Split::val);
  EXPECT_EQ(val.name(999), "val/n15075141/n15075141_7.JPEG");
  EXPECT_EQ(val.label(999), 999);
  EXPECT_FALSE(content.present.contains(Split::test)) << "val is the test split";
}

TEST_F(ImagenetTest, FlatValWithTheListOfTheDevelopmentKit) {
  class_folders("train");
  flat_val("val/", 3);
  folder_.write("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", "490\n361\n171\n");
  EXPECT_THAT(listed(read(), Split::val), ElementsAre("val/ILSVRC2012_val_00000001.JPEG = n01751748",
                                                      "val/ILSVRC2012_val_00000002.JPEG = n09193705",
                                                      "val/ILSVRC2012_val_00000003.JPEG = n02105855"));
  folder_.write("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", "490\n361\n171\n2\n");
  EXPECT_EQ(read().faults.count("images that are named but missing"), 1);
}

TEST_F(ImagenetTest, FlatValWithTheSolutionAsKaggleKeepsBoth) {
  class_folders("ILSVRC/Data/CLS-LOC/train");
  flat_val("ILSVRC/Data/CLS-LOC/val/", 2);
  folder_.write("LOC_val_solution.csv",
                "ImageId,PredictionString\nILSVRC2012_val_00000002,n03995372 85 1 499 272 \n"
                "ILSVRC2012_val_00000001,n01440764 1 2 3 4 n01440764 5 6 7 8 \n");
  EXPECT_THAT(listed(read(), Split::val),
              ElementsAre("ILSVRC/Data/CLS-LOC/val/ILSVRC2012_val_00000002.JPEG = n03995372",
                          "ILSVRC/Data/CLS-LOC/val/ILSVRC2012_val_00000001.JPEG = n01440764"));
}

TEST_F(ImagenetTest, AllInOneFolderAsTheOriginalArchivesUnpack) {
  const FolderContent content = read_known("imagenet1k", all_in_one());
  EXPECT_EQ(content.sources.at(Split::train)->name(0), "n01440764/n01440764_7.JPEG");
  EXPECT_THAT(listed(content, Split::val), ElementsAre("ILSVRC2012_val_00000001.JPEG = n01751748"));
}

TEST_F(ImagenetTest, BrokenListsAreNamedWithTheirLine) {
  class_folders("train");
  flat_val("val/", 1);
  EXPECT_THAT(failure(), AllOf(HasSubstr("LOC_val_solution.csv"), HasSubstr("ILSVRC2012_devkit_t12.tar.gz")));
  const auto truth = [&](const std::string& text) {
    folder_.write("ILSVRC2012_validation_ground_truth.txt", text);
    return failure();
  };
  EXPECT_THAT(truth("490\n1001\n"), HasSubstr("line 2: expected an ILSVRC2012_ID from 1 to 1000, got '1001'"));
  EXPECT_THAT(truth("n01751748\n"), HasSubstr("line 1: expected an ILSVRC2012_ID"));
  const auto solution = [&](const std::string& text) {
    folder_.write("LOC_val_solution.csv", "ImageId,PredictionString\n" + text);
    return failure();
  };
  EXPECT_THAT(solution("ILSVRC2012_val_00000001,n00000001 1 1 2 2\n"),
              HasSubstr("line 2: the class 'n00000001' is none of ImageNet-1k's"));
  EXPECT_THAT(solution("ILSVRC2012_val_00000001\n"), HasSubstr("line 2: expected ILSVRC2012_val_NUMBER,WNID"));
  EXPECT_THAT(solution("ILSVRC2012_val_00000001,n01440764 1\nILSVRC2012_val_00000001,n01440764 1\n"),
              HasSubstr("line 3: names 'ILSVRC2012_val_00000001.JPEG' a second time"));
}

TEST_F(ImagenetTest, AClassThatIsMissingOrNoneIsNamed) {
  folder_.write("train/n01440764/1.JPEG", "");
  const auto failure = [&] { return data_failure([&] { read_format("imagenet1k", folder_.path()); }); };
  EXPECT_THAT(failure(), HasSubstr("train/n01443537: holds no picture"));
  folder_.write("train/n00000001/1.JPEG", "");
  EXPECT_THAT(failure(), HasSubstr("n00000001: is none of the 1,000 classes"));
  fs::remove_all(folder_.path() / "train");
  EXPECT_THAT(failure(), HasSubstr("holds no folder train/n01440764 of pictures"));
}

TEST_F(ImagenetTest, PartsOfAPersonsOwnAreClassFolders) {
  for (const char* wnid : {"n01440764", "n01443537"}) {
    write_picture(folder_, std::string("train/") + wnid + "/1.jpg", 4, 4, 0);
    write_picture(folder_, std::string("val/") + wnid + "/2.jpg", 4, 4, 1);
  }
  EXPECT_EQ(detect_format(folder_.path(), folder_.path()).name, "class_folders");
}

TEST_F(ImagenetTest, ShiftedSetsAreTestAloneAndCallTheirClassesAsImagenet1k) {
  folder_.write("README.txt", "n01443537 goldfish\n");
  for (const char* name : {"n01443537/art_0.jpg", "n15075141/toy_0.jpg", "n15075141/toy_1.jpg"}) {
    write_picture(folder_, name, 4, 4, 0);
  }
  const FolderContent content = read_format("imagenet_shift", folder_.path());
  EXPECT_THAT(content.present, ElementsAre(Split::test));
  EXPECT_THAT(listed(content, Split::test),
              ElementsAre("n01443537/art_0.jpg = n01443537", "n15075141/toy_0.jpg = n15075141",
                          "n15075141/toy_1.jpg = n15075141"));
}

TEST_F(ImagenetTest, NumbersOfImagenetV2AreThoseOfTheSortedClasses) {
  for (const char* name : {"0/a.jpeg", "10/b.jpeg", "2/c.jpeg"}) write_picture(folder_, name, 4, 4, 0);
  EXPECT_THAT(listed(read_format("imagenet_shift", folder_.path()), Split::test),
              ElementsAre("0/a.jpeg = n01440764", "2/c.jpeg = n01484850", "10/b.jpeg = n01530575"));
}

TEST_F(ImagenetTest, ShiftedSetsThatAreNotWholeAreRefused) {
  folder_.write("n01443537/a.jpg", "");
  folder_.write("n15075141/b.jpg", "");
  EXPECT_THAT(shift_failure("imagenet_r"), HasSubstr("holds 2 class folders instead of 200"));
  folder_.write("1000/b.jpg", "");
  EXPECT_THAT(shift_failure("imagenet_v2"), HasSubstr("1000: is no class of ImageNet-1k"));
  fs::remove_all(folder_.path() / "1000");
  folder_.write("1/b.jpg", "");
  EXPECT_THAT(shift_failure("imagenet_v2"), HasSubstr("is the class of '1', too"));
}

}  // namespace
}  // namespace sslbench
