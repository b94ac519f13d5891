// SPDX-License-Identifier: Apache-2.0
// Formats whose images are records in large files: cifar100_binary, cifar10_binary, idx, stl10_binary.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/cifar_files.h"
#include "tests/datasets/image_sets.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

std::string number(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

class RecordFormatsTest : public testing::Test {
 protected:
  void write_cifar100(int records) {
    std::string bytes, fine, coarse;
    for (int i = 0; i < records; ++i) {
      bytes += static_cast<char>(i % 20);
      bytes += static_cast<char>(99 - i % 100);
      bytes += std::string(1024, 'r') + std::string(1024, 'g') + std::string(1024, static_cast<char>(i));
    }
    folder_.write("train.bin", bytes);
    folder_.write("test.bin", bytes.substr(0, 3074));
    for (int k = 0; k < 100; ++k) fine += "f" + std::to_string(k) + "\n";
    for (int k = 0; k < 20; ++k) coarse += "c" + std::to_string(k) + "\n";
    folder_.write("fine_label_names.txt", fine);
    folder_.write("coarse_label_names.txt", coarse);
  }
  void write_idx(const std::string& pixels, const std::string& labels) {
    const auto count = static_cast<uint32_t>(labels.size());
    for (const std::string split : {"train", "t10k"}) {
      folder_.write(split + "-images-idx3-ubyte", number(0x803) + number(count) + number(2) + number(3) + pixels);
      folder_.write(split + "-labels-idx1-ubyte", number(0x801) + number(count) + labels);
    }
  }
  ScratchFolder folder_;
};

TEST_F(RecordFormatsTest, Cifar100HasFineAndCoarseLabels) {
  write_cifar100(3);
  EXPECT_EQ(detect_format(folder_.path(), "").name, "cifar100_binary");
  const auto fine = read_format("cifar100_binary", folder_.path());
  EXPECT_EQ(fine.classes.size(), 100u);
  const Item item = fine.sources.at(Split::train)->item(2);
  EXPECT_EQ(item.label, 97);
  EXPECT_THAT(std::vector<uint8_t>(item.image.pixels.begin(), item.image.pixels.begin() + 3),
              testing::ElementsAre('r', 'g', 2));
  const auto coarse = read_format("cifar100_binary", folder_.path(), {{"labels", "coarse"}});
  EXPECT_EQ(coarse.classes.at(1), "c1");
  EXPECT_EQ(coarse.sources.at(Split::train)->item(2).label, 2);
}

TEST_F(RecordFormatsTest, CutOffRecordsAndWrongLabelsNameTheirPlace) {
  write_cifar100(3);
  std::filesystem::resize_file(folder_.path() / "train.bin", 2 * 3074 + 5);
  EXPECT_THAT(data_failure([&] { read_format("cifar100_binary", folder_.path()); }),
              HasSubstr("train.bin: ends at byte 6153 within record 2"));
  folder_.write("train.bin", std::string(1, 1) + '\x64' + std::string(3072, 'x'));
  EXPECT_THAT(data_failure([&] { read_format("cifar100_binary", folder_.path()); }),
              HasSubstr("record 0 at byte 1 has label 100; labels are 0 to 99"));
}

TEST_F(RecordFormatsTest, Cifar10GivesTheSameRecordsAsItsOwnReader) {
  write_cifar_folder(folder_, 12);
  const auto content = read_format("cifar10_binary", folder_.path());
  EXPECT_EQ(content.sources.at(Split::train)->size(), 60);
  EXPECT_EQ(content.sources.at(Split::test)->item(3).label, 3);
  EXPECT_EQ(content.sources.at(Split::train)->item(13).image.pixels[7], 1);
}

TEST_F(RecordFormatsTest, IdxIsGrayInThreeChannelsPlainOrCompressed) {
  write_idx("abcdefghijkl", std::string("\x01\x00", 2));
  for (int round = 0; round < 2; ++round) {
    const auto content = read_format("idx", folder_.path());
    EXPECT_EQ(content.classes, (std::vector<std::string>{"0", "1"}));
    const Item item = content.sources.at(Split::test)->item(1);
    EXPECT_EQ(item.image.height, 2);
    EXPECT_EQ(item.image.width, 3);
    EXPECT_EQ(item.label, 0);
    EXPECT_EQ(std::string(item.image.pixels.begin(), item.image.pixels.begin() + 4), "gggh");
    ASSERT_EQ(std::system(("gzip -f " + folder_.path().string() + "/*ubyte 2>/dev/null").c_str()),
              round == 0 ? 0 : 256);
  }
}

TEST_F(RecordFormatsTest, IdxFaultsNameTheFile) {
  write_idx("abcdefghijkl", std::string("\x01\x00", 2));
  const auto failure = [&] { return data_failure([&] { read_format("idx", folder_.path()); }); };
  folder_.write("train-labels-idx1-ubyte", number(0x801) + number(3) + "\x01\x01\x01");
  EXPECT_THAT(failure(), HasSubstr("holds 2 images, but there are 3 labels"));
  folder_.write("train-labels-idx1-ubyte", number(0x801) + number(9) + "\x01");
  EXPECT_THAT(failure(), HasSubstr("end at byte 17; the file ends at byte 9"));
  folder_.write("train-images-idx3-ubyte", number(0x803) + number(0xffffffff) + number(0xffffffff) + number(5));
  EXPECT_THAT(failure(), HasSubstr("says images of"));
  folder_.write("train-images-idx3-ubyte", "abc");
  EXPECT_THAT(failure(), HasSubstr("train-images-idx3-ubyte: ends at byte 3"));
}

TEST_F(RecordFormatsTest, StlPlanesLieColumnByColumn) {
  std::string image(27648, '\0');
  image[1] = 7;          // red plane, column 0, row 1
  image[9216 + 96] = 8;  // green plane, column 1, row 0
  folder_.write("train_X.bin", image + image);
  folder_.write("train_y.bin", "\x0a\x01");
  folder_.write("test_X.bin", image);
  folder_.write("test_y.bin", "\x02");
  folder_.write("unlabeled_X.bin", image + image + image);
  const auto content = read_format("stl10_binary", folder_.path());
  const Item item = content.sources.at(Split::train)->item(0);
  EXPECT_EQ(item.label, 9);
  EXPECT_EQ(item.image.pixels[3 * 96], 7);
  EXPECT_EQ(item.image.pixels[3 * 1 + 1], 8);
  const auto all = read_format("stl10_binary", folder_.path(), {{"part", "all"}});
  EXPECT_EQ(all.sources.at(Split::train)->size(), 5);
  EXPECT_EQ(all.sources.at(Split::train)->item(4).label, -1);
  EXPECT_EQ(read_format("stl10_binary", folder_.path(), {{"part", "unlabelled"}}).sources.at(Split::train)->size(), 3);
  folder_.write("train_y.bin", std::string("\x0a\x00", 2));
  EXPECT_THAT(data_failure([&] { read_format("stl10_binary", folder_.path()); }), HasSubstr("labels are 1 to 10"));
}

}  // namespace
}  // namespace sslbench
