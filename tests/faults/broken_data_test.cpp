// SPDX-License-Identifier: Apache-2.0
// Datasets with damage: found when they are added, or by the run that meets it, always with the file's name.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/datasets/cifar_files.h"
#include "tests/datasets/pictures/picture_writer.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr const char* kCifarSuite = R"(# Are the pictures whole?
dataset = "cifar10"
backbone = "convnet"
threads = 1
[pretrain]
epochs = 1
batch_size = 20
[methods.random_init]
[methods.autoencoder]
[protocols.knn]
)";

class BrokenCifarTest : public ::testing::Test {
 protected:
  BrokenCifarTest() { write_cifar_folder(files_, 20); }
  fs::path batch(const fs::path& folder) const { return folder / "data_batch_3.bin"; }
  fs::path installed() const { return suite_.folder() / "data/cifar10"; }
  Ending add() const { return suite_.sslbench({"data", "add", "cifar10", files_.path().string()}); }

  // Every row fails by the damaged file, and the suite ends as a suite with failures.
  void expect_failed_rows() const {
    const Ending end = suite_.run();
    EXPECT_EQ(end.code, 3) << end.errors;
    for (const char* row : {"random_init", "autoencoder"}) {
      EXPECT_EQ(suite_.record(row).status, "failed(data)");
      EXPECT_THAT(suite_.record(row).failure, HasSubstr("data_batch_3.bin")) << row;
    }
    EXPECT_THAT(suite_.markdown(), HasSubstr("data_batch_3.bin"));
  }
  ScratchFolder files_;
  TinySuite suite_{kCifarSuite};
};

TEST_F(BrokenCifarTest, TruncatedFileIsRefusedWhenAdded) {
  fs::resize_file(batch(files_.path()), 20 * 3073 - 100);
  const Ending end = add();
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors, AllOf(HasSubstr("data_batch_3.bin"), HasSubstr("record 19")));
  EXPECT_FALSE(fs::exists(installed()));
  const Ending missing = suite_.run();
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.errors, HasSubstr("sslbench data add cifar10 PATH"));
}

TEST_F(BrokenCifarTest, FileTruncatedLaterFailsTheRunsAndARepairedOneMendsThem) {
  ASSERT_EQ(add().code, 0);
  fs::copy_file(batch(installed()), suite_.folder() / "kept");
  fs::resize_file(batch(installed()), 20 * 3073 - 100);
  expect_failed_rows();
  fs::resize_file(batch(installed()), 10 * 3073);  // whole records: no reader can see that
  expect_failed_rows();
  EXPECT_EQ(suite_.sslbench({"data", "check", "cifar10"}).code, 2);
  fs::copy_file(suite_.folder() / "kept", batch(installed()), fs::copy_options::overwrite_existing);
  EXPECT_EQ(suite_.run().code, 0);
  EXPECT_EQ(suite_.record("autoencoder").attempts, 3);
}

// Fault matrix: 42
TEST_F(BrokenCifarTest, LabelOutOfRangeIsNamedWithItsRecord) {
  std::fstream(batch(files_.path()), std::ios::in | std::ios::out | std::ios::binary).seekp(7 * 3073).put('\x0b');
  const Ending end = add();
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors, AllOf(HasSubstr("data_batch_3.bin"), HasSubstr("record 7")));
}

constexpr const char* kCellSuite = R"(# Are the cells there?
dataset = { name = "shapes", size = 32, train_images = 16, test_images = 16 }
backbone = "convnet"
threads = 1
[methods.random_init]
[protocols.knn]
[protocols.detection]
dataset = "bccd"
height = 32
width = 32
epochs = 1
)";

// A Pascal VOC folder of three pictures with a box each.
void write_cells(const ScratchFolder& folder) {
  fs::create_directories(folder.path() / "JPEGImages");
  for (const std::string id : {"a", "b", "c"}) {
    std::vector<uint8_t> pixels;
    for (int i = 0; i < 48 * 64 * 3; ++i) pixels.push_back(static_cast<uint8_t>(i * 37 + id[0]));
    write_jpeg(folder.path() / "JPEGImages" / (id + ".jpg"), 48, 64, JCS_RGB, 3, pixels);
    folder.write("Annotations/" + id + ".xml",
                 "<annotation><size><width>64</width><height>48</height><depth>3</depth></size><object><name>RBC</name>"
                 "<bndbox><xmin>5</xmin><ymin>6</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>");
  }
  folder.write("ImageSets/Main/train.txt", "a\n");
  folder.write("ImageSets/Main/val.txt", "b\n");
  folder.write("ImageSets/Main/trainval.txt", "a\nb\n");
  folder.write("ImageSets/Main/test.txt", "c\n");
}

TEST(BrokenImageTest, FailsItsStageAndKeepsTheOthers) {
  const TinySuite suite(kCellSuite);
  const ScratchFolder files;
  write_cells(files);
  const Ending added = suite.sslbench({"data", "add", "bccd", files.path().string()});
  ASSERT_EQ(added.code, 0) << added.errors;
  blank(suite.folder() / "data/bccd/JPEGImages/b.jpg");
  const Ending end = suite.run();
  EXPECT_EQ(end.code, 3) << end.errors;
  const Record record = suite.record("random_init");
  EXPECT_EQ(record.status, "failed(data)");
  EXPECT_THAT(record.failure, AllOf(HasSubstr("b.jpg"), HasSubstr("stage detection")));
  ASSERT_EQ(record.stages.size(), 3u);
  EXPECT_EQ(record.stages[1].name, "knn");
  EXPECT_EQ(record.stages[1].status, "ok");
}

TEST(BrokenImageTest, IsRefusedWhenAdded) {
  const TinySuite suite(kCellSuite);
  const ScratchFolder files;
  write_cells(files);
  fs::resize_file(files.path() / "JPEGImages/c.jpg", fs::file_size(files.path() / "JPEGImages/c.jpg") / 2);
  const Ending end = suite.sslbench({"data", "add", "bccd", files.path().string()});
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.errors, HasSubstr("c.jpg"));
}

}  // namespace
}  // namespace sslbench
