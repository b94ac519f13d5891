// SPDX-License-Identifier: Apache-2.0
// Sets of a person's own: found out, inspected, taken in, opened by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "datasets/install/few_shot.h"
#include "datasets/install/installed.h"
#include "suites/files/atomic_file.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;

class OwnSetTest : public testing::Test {
 protected:
  void picture(const std::string& name, int seed) { write_picture(folder_, "from/" + name, 6 + seed % 5, 8, seed); }
  // Two classes of `count` pictures each, in one level.
  void two_classes(int count) {
    for (int i = 0; i < count; ++i) {
      picture("beach/b" + std::to_string(i) + ".jpg", i);
      picture("forest/f" + std::to_string(i) + ".png", 100 + i);
    }
  }
  InstalledDataset add(const AddOptions& options = {}) { return add_dataset("holiday", from_, root_, options); }
  std::unique_ptr<DataSource> open(Split split, const json& settings = json::object(),
                                   const std::string& name = "holiday") {
    return open_dataset(name, settings, split, root_);
  }
  static std::set<std::string> names(const DataSource& source) {
    std::set<std::string> out;
    for (int64_t i = 0; i < source.size(); ++i) out.insert(source.name(i));
    return out;
  }
  ScratchFolder folder_;
  fs::path from_ = folder_.path() / "from", root_ = folder_.path() / "root";
};

TEST_F(OwnSetTest, MixedFolderSaysWhatItFoundAndWhatItDoesNotTake) {
  two_classes(10);
  folder_.write("from/beach/broken.jpg", read_file(from_ / "beach/b1.jpg").substr(0, 200));
  folder_.write("from/beach/empty.png", "");
  folder_.write("from/beach/film.mp4", "no picture");
  const InstalledDataset set = add();
  EXPECT_EQ(set.format, "class_folders");
  EXPECT_EQ(set.images.at("train"), 20);
  EXPECT_THAT(set.inspection.findings, Contains("format: class_folders"));
  EXPECT_THAT(set.inspection.findings, Contains("2 classes: beach, forest"));
  EXPECT_THAT(set.inspection.findings, Contains(HasSubstr("train: 20 images, width 8 / 8 / 8, height 6 / 8 / 10 px")));
  EXPECT_THAT(set.inspection.faults, Contains(HasSubstr("2 image files that cannot be used and are not taken")));
  EXPECT_THAT(set.inspection.faults, Contains(HasSubstr(", beach/empty.png: is empty)")));
  EXPECT_FALSE(fs::exists(root_ / "holiday/beach/broken.jpg"));
  EXPECT_EQ(check_dataset("holiday", root_).digest, set.digest);
  const DatasetEntry entry = dataset_entry("holiday", root_);
  EXPECT_THAT(entry.tasks, testing::ElementsAre("classification"));
  EXPECT_EQ(entry.image_size, 10);
  EXPECT_THAT(own_datasets(root_), testing::ElementsAre("holiday"));
  EXPECT_EQ(dataset_digest("holiday", json::object(), root_), set.digest);
}

TEST_F(OwnSetTest, SplitsAreMadeByHashAndDoNotOverlap) {
  two_classes(20);
  add();
  const auto train = open(Split::train), test = open(Split::test);
  EXPECT_EQ(train->size() + test->size(), 40);
  EXPECT_GT(test->size(), 0);
  std::set<std::string> both = names(*train);
  both.merge(names(*test));
  EXPECT_EQ(both.size(), 40u);
  EXPECT_GT(open(Split::test, {{"test_percent", 60}})->size(), test->size());
  EXPECT_THROW(open(Split::val), UserError);
  const json settings = {{"val_images", 5}, {"train_images", 8}};
  EXPECT_EQ(open(Split::val, settings)->size(), 5);
  EXPECT_EQ(open(Split::train, settings)->size(), 8);
  std::set<std::string> parts = names(*open(Split::val, settings));
  parts.merge(names(*open(Split::train, settings)));
  EXPECT_EQ(parts.size(), 13u);
}

TEST_F(OwnSetTest, ValIsTestWhereThereIsNoTest) {
  for (int i = 0; i < 4; ++i) {
    picture("train/" + std::string(i % 2 == 0 ? "a" : "b") + "/" + std::to_string(i) + ".png", i);
    picture("val/" + std::string(i % 2 == 0 ? "a" : "b") + "/" + std::to_string(i) + ".png", 50 + i);
  }
  add();
  EXPECT_EQ(open(Split::test)->size(), 4);
  EXPECT_EQ(open(Split::train)->size(), 4);
  EXPECT_EQ(open(Split::val, {{"val_images", 1}})->size(), 1);
}

// Fault matrix: 46
TEST_F(OwnSetTest, TestPicturesThatAreInTrainAreRefused) {
  for (int i = 0; i < 4; ++i)
    picture("train/" + std::string(i % 2 == 0 ? "a" : "b") + "/" + std::to_string(i) + ".png", i);
  picture("test/a/copy.png", 2);
  picture("test/b/other.png", 9);
  const std::string message = user_error([&] { add(); });
  EXPECT_THAT(message, HasSubstr("1 of 2 pictures of val and test are in train, too"));
  EXPECT_THAT(message, HasSubstr("test/a/copy.png = train/a/2.png"));
  EXPECT_FALSE(fs::exists(root_ / "holiday"));
  const Inspection inspection = add({.accept_copies = true}).inspection;
  EXPECT_THAT(inspection.findings, Contains(HasSubstr("1 pictures of test that are in train")));
  EXPECT_THAT(inspection.faults, ::testing::IsEmpty()) << "what is taken is not left out";
}

TEST_F(OwnSetTest, EqualPicturesUnderTwoLabelsAreNamed) {
  picture("a/1.png", 1);
  picture("a/2.png", 2);
  picture("a/same.png", 1);
  picture("b/1.png", 1);
  picture("b/3.png", 3);
  const std::vector<std::string> findings = add().inspection.findings;
  EXPECT_THAT(findings, Contains(HasSubstr("2 copies of another picture of the split")));
  EXPECT_THAT(findings, Contains(HasSubstr("1 of these copies have another label than their original (")));
}

TEST_F(OwnSetTest, SaysWhatIsHeldOutWhereThereIsNoTestPart) {
  for (int i = 0; i < 40; ++i) picture(std::string(i % 2 == 0 ? "a" : "b") + "/" + std::to_string(i) + ".png", i);
  const std::vector<std::string> findings = add().inspection.findings;
  const std::string held = std::to_string(open(Split::test)->size());
  EXPECT_THAT(findings, Contains("no test part: " + held +
                                 " of the 40 images, chosen by their names, are held out as test (test_percent = 20)"));
}

TEST_F(OwnSetTest, ASetOfBrokenPicturesIsRefused) {
  folder_.write("from/a/1.jpg", "x");
  folder_.write("from/b/2.jpg", "\xFF\xD8\xFF");
  const std::string message = user_error([&] { add(); });
  EXPECT_THAT(message, HasSubstr("is no whole class_folders dataset: no image of train can be read"));
  EXPECT_THAT(message, HasSubstr("2 image files"));
}

TEST_F(OwnSetTest, AClassWhoseLastPictureIsBrokenIsGone) {
  two_classes(3);
  folder_.write("from/night/n.png", "dark");
  add();
  EXPECT_EQ(open(Split::train)->classes().size(), 2u);
}

// Fault matrix: 41
TEST_F(OwnSetTest, FoldersWithPipesAndLinksAreRefusedWithoutWaiting) {
  two_classes(2);
  ASSERT_EQ(::mkfifo((from_ / "beach/pipe.jpg").c_str(), 0644), 0);
  EXPECT_THAT(user_error([&] { add(); }), HasSubstr("pipe.jpg' is a link or a device"));
  fs::remove(from_ / "beach/pipe.jpg");
  fs::create_directory_symlink(from_, from_ / "loop");
  EXPECT_THAT(user_error([&] { add(); }), HasSubstr("loop' is a link or a device"));
}

TEST_F(OwnSetTest, NamesAndFormatsAreChecked) {
  two_classes(2);
  EXPECT_THAT(user_error([&] { add_dataset("a/b", from_, root_); }), HasSubstr("dataset name: expected a name"));
  EXPECT_THAT(user_error([&] { add_dataset("..", from_, root_); }), HasSubstr("dataset name"));
  EXPECT_THAT(user_error([&] { add({.format = "cocoo"}); }), HasSubstr("did you mean 'coco'"));
  EXPECT_THAT(user_error([&] { add({.format = "coco"}); }), HasSubstr("holds no COCO annotation file"));
  EXPECT_THAT(user_error([&] { add_dataset("mnist", from_, root_); }), HasSubstr("is no whole mnist dataset"));
  EXPECT_EQ(add_dataset("cifar1", from_, root_, {.format = "class_folders"}).images.at("train"), 4);
  EXPECT_THAT(user_error([&] { dataset_entry("holidya", root_); }),
              HasSubstr("`sslbench data add holidya PATH` adds one"));
  EXPECT_THAT(user_error([&] { dataset_entry("cifr1", root_); }), HasSubstr("did you mean 'cifar1'"));
}

TEST_F(OwnSetTest, FolderThatHoldsAnArchiveNamesIt) {
  const fs::path archive = from_ / "mnist.tar.gz";
  write_atomically(archive, "only its name counts here");
  EXPECT_THAT(user_error([&] { add_dataset("mnist", from_, root_); }),
              HasSubstr("it holds an archive: add '" + archive.string() + "'"));
  fs::remove(archive);
  write_atomically(from_ / "leftImg8bit_trainvaltest.zip", "cut off");
  EXPECT_THAT(user_error([&] { add_dataset("cityscapes", from_, root_); }),
              testing::AllOf(HasSubstr("leftImg8bit_trainvaltest.zip"), HasSubstr("no whole tar, zip or 7z archive")));
}

TEST_F(OwnSetTest, DamagedFactsSayWhatToDo) {
  two_classes(2);
  add();
  write_atomically(root_ / "holiday/.sslbench.json", "{\"format\": 3");
  EXPECT_THAT(user_error([&] { open(Split::train); }), HasSubstr("add the dataset again"));
}

TEST_F(OwnSetTest, FewShotPartsAreNestedFixedAndKeepTheTestSplit) {
  two_classes(20);
  add();
  EXPECT_EQ(split_few_shot("holiday", "2-per-class", root_).name, "holiday-2shot");
  split_few_shot("holiday", "5", root_);
  split_few_shot("holiday", "10%", root_);
  const auto small = open(Split::train, json::object(), "holiday-2shot");
  const auto large = open(Split::train, json::object(), "holiday-5shot");
  EXPECT_EQ(small->size(), 4);
  EXPECT_EQ(large->size(), 10);
  const std::set<std::string> few = names(*small), many = names(*large);
  EXPECT_TRUE(std::includes(many.begin(), many.end(), few.begin(), few.end()));
  EXPECT_EQ(names(*open(Split::test, json::object(), "holiday-2shot")), names(*open(Split::test)));
  EXPECT_EQ(dataset_entry("holiday-2shot", root_).mean, dataset_entry("holiday", root_).mean);
  const std::string digest = find_dataset("holiday-2shot", root_).digest;
  EXPECT_EQ(split_few_shot("holiday", "2", root_).digest, digest) << "the same part again";
}

TEST_F(OwnSetTest, FewShotMistakesSayWhatToDo) {
  two_classes(3);
  add();
  EXPECT_THAT(user_error([&] { split_few_shot("holiday", "50-per-class", root_); }),
              HasSubstr("ask for fewer a class"));
  EXPECT_THAT(user_error([&] { split_few_shot("holiday", "0%", root_); }), HasSubstr("expected a share such as 1%"));
  EXPECT_THAT(user_error([&] { split_few_shot("shapes", "1%", root_); }), HasSubstr("is built in"));
  split_few_shot("holiday", "1", root_);
  fs::remove_all(root_ / "holiday");
  EXPECT_THAT(user_error([&] { open(Split::train, json::object(), "holiday-1shot"); }), HasSubstr("holiday"));
}

TEST_F(OwnSetTest, EditedFactsEndARunAndTheCheckSaysSo) {
  two_classes(2);
  add();
  const fs::path file = root_ / "holiday/.sslbench.json";
  const json whole = json::parse(read_file(file));
  EXPECT_NO_THROW(open(Split::train));
  EXPECT_NO_THROW(check_dataset("holiday", root_));
  for (const char* place : {"/entry/mean/0", "/entry/deviation/2"}) {
    json edited = whole;
    edited[json::json_pointer(place)] = 0.125;
    write_atomically(file, edited.dump(1));
    EXPECT_THAT(data_failure([&] { open(Split::train); }),
                HasSubstr(".sslbench.json has changed since the dataset was added"));
    EXPECT_THAT(user_error([&] { check_dataset("holiday", root_); }), HasSubstr(".sslbench.json has changed"));
  }
  write_atomically(file, whole.dump());
  EXPECT_NO_THROW(open(Split::train)) << "the values count, not how they are written";
}

TEST_F(OwnSetTest, FactsFromBeforeTheirChecksumAreRead) {
  two_classes(2);
  add();
  const fs::path file = root_ / "holiday/.sslbench.json";
  json facts = json::parse(read_file(file));
  ASSERT_EQ(facts.erase("checksum"), 1u);
  write_atomically(file, facts.dump(1));
  EXPECT_NO_THROW(open(Split::train));
  EXPECT_NO_THROW(check_dataset("holiday", root_));
}

// The list of files has a line a name.
TEST_F(OwnSetTest, ANameWithALineEndIsRefused) {
  two_classes(2);
  picture("beach/two\nlines.png", 7);
  const std::string message = user_error([&] { add(); });
  EXPECT_THAT(message, HasSubstr("holds the name 'beach/two\\u000alines.png', in which there is a line end"));
  EXPECT_FALSE(fs::exists(root_ / "holiday"));
}

}  // namespace
}  // namespace sslbench
