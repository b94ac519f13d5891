// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/cifar_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/cifar_files.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kClasses(10, "class");

std::shared_ptr<RecordImages> read(const ScratchFolder& folder, const std::string& name) {
  return read_cifar_records(folder.path(), {name}, kClasses);
}

TEST(CifarRecordsTest, PlanesBecomePixels) {
  std::string record(3073, '\0');
  record[1] = 10, record[1 + 1024] = 20, record[1 + 2048] = 30;            // pixel 0
  record[1 + 33] = 11, record[1 + 1024 + 33] = 21, record[1 + 2081] = 31;  // row 1, column 1
  const ScratchFolder folder;
  folder.write("test_batch.bin", record);
  const Image image = read(folder, "test_batch.bin")->item(0).image;
  EXPECT_EQ(image.pixels[0], 10);
  EXPECT_EQ(image.pixels[1], 20);
  EXPECT_EQ(image.pixels[2], 30);
  EXPECT_EQ(image.pixels[33 * 3], 11);
  EXPECT_EQ(image.pixels[33 * 3 + 2], 31);
}

TEST(CifarRecordsTest, RecordsComeInOrderFileByFile) {
  const ScratchFolder folder;
  folder.write("data_batch_1.bin", cifar_bytes({3, 9, 0}));
  folder.write("data_batch_2.bin", cifar_bytes({7}));
  const auto records = read_cifar_records(folder.path(), {"data_batch_1.bin", "data_batch_2.bin"}, kClasses);
  std::vector<int> labels;
  for (int64_t i = 0; i < records->size(); ++i) labels.push_back(records->label(i));
  EXPECT_EQ(labels, (std::vector{3, 9, 0, 7}));
}

TEST(CifarRecordsTest, XzFileGivesTheSameRecords) {
  const ScratchFolder folder;
  folder.write("test_batch.bin", cifar_bytes({1, 2}));
  ASSERT_EQ(std::system(("xz " + (folder.path() / "test_batch.bin").string()).c_str()), 0);
  ASSERT_FALSE(std::filesystem::exists(folder.path() / "test_batch.bin"));
  EXPECT_EQ(read(folder, "test_batch.bin")->size(), 2);
}

TEST(CifarRecordsTest, TruncatedFileNamesFileRecordAndByte) {
  const ScratchFolder folder;
  folder.write("data_batch_2.bin", cifar_bytes({1, 2}).substr(0, 3073 + 100));
  EXPECT_THAT(data_failure([&] { read(folder, "data_batch_2.bin"); }),
              HasSubstr("data_batch_2.bin: ends at byte 3173 within record 1"));
}

// Fault matrix: 42
TEST(CifarRecordsTest, LabelAboveNineNamesRecordAndByte) {
  const ScratchFolder folder;
  folder.write("data_batch_2.bin", cifar_bytes({1, 10}));
  EXPECT_THAT(data_failure([&] { read(folder, "data_batch_2.bin"); }), HasSubstr("record 1 at byte 3073 has label 10"));
}

// Fault matrix: 41
TEST(CifarRecordsTest, EmptyAndMissingFilesAreErrors) {
  const ScratchFolder folder;
  folder.write("data_batch_1.bin", "");
  EXPECT_THAT(data_failure([&] { read(folder, "data_batch_1.bin"); }), HasSubstr("ends at byte 0"));
  EXPECT_THAT(data_failure([&] { read(folder, "data_batch_4.bin"); }), HasSubstr("data_batch_4.bin: cannot be read"));
}

TEST(CifarRecordsTest, DamagedXzIsAnError) {
  const ScratchFolder folder;
  folder.write("test_batch.bin", cifar_bytes({1, 2, 3, 4}));
  ASSERT_EQ(std::system(("xz " + (folder.path() / "test_batch.bin").string()).c_str()), 0);
  const auto file = folder.path() / "test_batch.bin.xz";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_THAT(data_failure([&] { read(folder, "test_batch.bin"); }), HasSubstr("test_batch.bin.xz: "));
}

}  // namespace
}  // namespace sslbench
