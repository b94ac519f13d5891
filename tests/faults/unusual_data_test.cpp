// SPDX-License-Identifier: Apache-2.0
// Sets that are sound but not what a protocol is used to: what comes out must be defined, and said.
#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "tests/datasets/cifar_files.h"
#include "tests/datasets/image_sets.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kFindSuite = R"(# Are objects found where there are some?
dataset = { name = "shapes", size = 32, train_images = 16, test_images = 16 }
backbone = "convnet"
threads = 1
[methods.random_init]
[protocols.detection]
dataset = "sparse"
height = 32
width = 32
epochs = 2
)";

void write_annotated(const ScratchFolder& folder, const std::string& id, const std::string& name) {
  write_picture(folder, "JPEGImages/" + id + ".jpg", 48, 64, id[0]);
  const std::string object = "<object><name>" + name +
                             "</name><bndbox><xmin>5</xmin><ymin>6</ymin><xmax>30</xmax><ymax>40</ymax>"
                             "</bndbox></object>";
  folder.write("Annotations/" + id + ".xml",
               "<annotation><size><width>64</width><height>48</height><depth>3</depth></size>" +
                   (name.empty() ? "" : object) + "</annotation>");
}

// Fault matrix: 45
TEST(UnusualDataTest, PicturesWithoutObjectsAndAClassThatTheTestLacksAreTrainedAndScored) {
  const TinySuite suite(kFindSuite);
  const ScratchFolder files;
  for (const auto& [id, name] : std::vector<std::pair<std::string, std::string>>{
           {"a", "cell"}, {"b", ""}, {"c", ""}, {"d", "plate"}, {"e", "cell"}, {"f", ""}}) {
    write_annotated(files, id, name);
  }
  files.write("ImageSets/Main/train.txt", "a\nb\nc\nd\n");
  files.write("ImageSets/Main/test.txt", "e\nf\n");
  const Ending added = suite.sslbench({"data", "add", "sparse", files.path().string()});
  ASSERT_EQ(added.code, 0) << added.errors;
  const Ending end = suite.run();
  ASSERT_EQ(end.code, 0) << end.errors;
  const Record record = suite.record("random_init");
  const double ap50 = measured(record, "detection", "ap50").value;
  EXPECT_TRUE(ap50 >= 0 && ap50 <= 1) << ap50 << ": a class without ground truth has no AP and no part in the mean";
  EXPECT_EQ(measured(record, "detection", "ap").n, 2);
}

constexpr const char* kNoiseSuite = R"(# Does anything leak from the labels?
dataset = "cifar10"
backbone = "convnet"
threads = 1
[pretrain]
epochs = 1
batch_size = 100
[methods.random_init]
[methods.supervised]
[protocols.knn]
[protocols.linear_probe]
epochs = 5
)";

// Noise has no classes: whatever beats chance on it has seen the test set or its labels.
// Fault matrix: 48
TEST(UnusualDataTest, PicturesOfNoiseAreClassifiedByChance) {
  const TinySuite suite(kNoiseSuite);
  const ScratchFolder files;
  write_cifar_folder(files, 1);
  constexpr int kRecords = 400;
  std::mt19937 random(11);
  for (const char* name : kCifarFiles) {
    std::string bytes;
    for (int i = 0; i < kRecords; ++i) {
      bytes += static_cast<char>(random() % 10);
      for (int pixel = 0; pixel < 3072; ++pixel) bytes += static_cast<char>(random() & 255u);
    }
    files.write(name, bytes);
  }
  ASSERT_EQ(suite.sslbench({"data", "add", "cifar10", files.path().string()}).code, 0);
  const Ending end = suite.run();
  ASSERT_EQ(end.code, 0) << end.errors;
  const double limit = 4 * std::sqrt(0.1 * 0.9 / kRecords);
  for (const char* row : {"random_init", "supervised"}) {
    for (const char* protocol : {"knn", "linear_probe"}) {
      EXPECT_NEAR(measured(suite.record(row), protocol, "top1").value, 0.1, limit) << row << ", " << protocol;
    }
  }
}

constexpr const char* kHolidaySuite = R"(# What does one bad picture do?
dataset = "holiday"
backbone = "convnet"
threads = 1
[pretrain]
epochs = 2
batch_size = 64
resident_budget = 0
[methods.autoencoder]
[protocols.knn]
dataset = { name = "shapes", size = 32, train_images = 16, test_images = 16 }
)";

class HolidayTest : public ::testing::Test {
 protected:
  HolidayTest() {
    for (int i = 0; i < 20; ++i) {
      write_picture(files_, "train/beach/b" + std::to_string(i) + ".jpg", 32, 32, i);
      write_picture(files_, "train/forest/f" + std::to_string(i) + ".jpg", 32, 32, 100 + i);
    }
    write_picture(files_, "test/beach/t.jpg", 32, 32, 50);
    write_picture(files_, "test/forest/t.jpg", 32, 32, 150);
    const Ending added = suite_.sslbench({"data", "add", "holiday", files_.path().string()});
    EXPECT_EQ(added.code, 0) << added.errors;
    blank(suite_.folder() / "data/holiday/train/beach/b7.jpg");
  }
  ScratchFolder files_;
  TinySuite suite_{kHolidaySuite};
};

// Fault matrix: 38
TEST_F(HolidayTest, ACorruptPictureEndsTheRunByItsName) {
  EXPECT_EQ(suite_.run().code, 3);
  EXPECT_EQ(suite_.record("autoencoder").status, "failed(data)");
  EXPECT_THAT(suite_.record("autoencoder").failure, AllOf(HasSubstr("b7.jpg"), HasSubstr("stage pretrain")));
}

// Fault matrix: 38
TEST_F(HolidayTest, UnderSkipItIsReplacedCountedAndSaid) {
  const Ending end = suite_.run({"--set", "pretrain.on_corrupt=skip"});
  ASSERT_EQ(end.code, 0) << end.errors;
  const Measurement& skipped = measured(suite_.record("autoencoder"), "pretrain", "skipped_images");
  EXPECT_EQ(skipped.value, 1);
  EXPECT_EQ(skipped.n, 40);
  EXPECT_THAT(suite_.markdown(), AllOf(HasSubstr("1 of 40 images could not be decoded"),
                                       HasSubstr("batch_size 64 is more than the 40 images")));
}

}  // namespace
}  // namespace sslbench
