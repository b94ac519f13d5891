// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/cifar10_binary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/cifar_files.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

int64_t count(const std::filesystem::path& folder, const std::string& stem) {
  return read_cifar_batch(folder, stem, [](const CifarRecord&) {});
}

TEST(CifarBinaryTest, PlanesBecomePixels) {
  CifarRecord record;
  record.planes[0] = 10, record.planes[1024] = 20, record.planes[2048] = 30;        // pixel 0
  record.planes[33] = 11, record.planes[1024 + 33] = 21, record.planes[2081] = 31;  // row 1, column 1
  const Image image = cifar_image(record);
  EXPECT_EQ(image.pixels[0], 10);
  EXPECT_EQ(image.pixels[1], 20);
  EXPECT_EQ(image.pixels[2], 30);
  EXPECT_EQ(image.pixels[33 * 3], 11);
  EXPECT_EQ(image.pixels[33 * 3 + 2], 31);
}

TEST(CifarBinaryTest, RecordsComeInOrder) {
  const ScratchFolder folder;
  folder.write("data_batch_1.bin", cifar_bytes({3, 9, 0}));
  std::vector<int> labels;
  const auto records = read_cifar_batch(folder.path(), "data_batch_1",
                                        [&](const CifarRecord& record) { labels.push_back(record.label); });
  EXPECT_EQ(records, 3);
  EXPECT_EQ(labels, (std::vector{3, 9, 0}));
}

TEST(CifarBinaryTest, XzFileGivesTheSameRecords) {
  const ScratchFolder folder;
  folder.write("test_batch.bin", cifar_bytes({1, 2}));
  ASSERT_EQ(std::system(("xz " + (folder.path() / "test_batch.bin").string()).c_str()), 0);
  ASSERT_FALSE(std::filesystem::exists(folder.path() / "test_batch.bin"));
  EXPECT_EQ(count(folder.path(), "test_batch"), 2);
}

TEST(CifarBinaryTest, TruncatedFileNamesFileRecordAndByte) {
  const ScratchFolder folder;
  folder.write("data_batch_2.bin", cifar_bytes({1, 2}).substr(0, 3073 + 100));
  EXPECT_THAT(data_failure([&] { count(folder.path(), "data_batch_2"); }),
              HasSubstr("data_batch_2.bin: ends at byte 3173 within record 1"));
}

// Fault matrix: 42
TEST(CifarBinaryTest, LabelAboveNineNamesRecordAndByte) {
  const ScratchFolder folder;
  folder.write("data_batch_2.bin", cifar_bytes({1, 10}));
  EXPECT_THAT(data_failure([&] { count(folder.path(), "data_batch_2"); }),
              HasSubstr("record 1 at byte 3073 has label 10"));
}

// Fault matrix: 41
TEST(CifarBinaryTest, EmptyAndMissingFilesAreErrors) {
  const ScratchFolder folder;
  folder.write("data_batch_1.bin", "");
  EXPECT_THAT(data_failure([&] { count(folder.path(), "data_batch_1"); }), HasSubstr("ends at byte 0"));
  EXPECT_THAT(data_failure([&] { count(folder.path(), "data_batch_4"); }),
              HasSubstr("data_batch_4.bin: cannot be read"));
}

TEST(CifarBinaryTest, DamagedXzIsAnError) {
  const ScratchFolder folder;
  folder.write("test_batch.bin", cifar_bytes({1, 2, 3, 4}));
  ASSERT_EQ(std::system(("xz " + (folder.path() / "test_batch.bin").string()).c_str()), 0);
  const auto file = folder.path() / "test_batch.bin.xz";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_THAT(data_failure([&] { count(folder.path(), "test_batch"); }), HasSubstr("test_batch.bin.xz: "));
}

}  // namespace
}  // namespace sslbench
