// SPDX-License-Identifier: Apache-2.0
// Published sets that lie in files of arrays, read from small ones of exactly their layout.
#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "tests/datasets/known/known_set.h"
#include "tests/datasets/readers/arrays/mat_bytes.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ArraySetsTest, MedMnistGrayAndColour) {
  const ScratchFolder folder;
  const auto write = [&](const std::string& shape, size_t bytes) {
    std::vector<std::pair<std::string, std::string>> entries;
    for (const std::string split : {"train", "val", "test"}) {
      std::string pixels;
      for (size_t i = 0; i < bytes; ++i) pixels += static_cast<char>(i);
      entries.emplace_back(split + "_images.npy", npy_file("'|u1'", shape, pixels));
      entries.emplace_back(split + "_labels.npy", npy_file("'|u1'", "(2, 1)", bytes_of<uint8_t>({3, 0})));
    }
    write_npz(folder.path() / "bloodmnist.npz", entries);
  };
  write("(2, 2, 3, 3)", 36);
  const Item colour = read_known("bloodmnist", folder.path()).sources.at(Split::val)->item(1);
  EXPECT_EQ(colour.label, 0);
  EXPECT_EQ(colour.image.height, 2);
  EXPECT_EQ(colour.image.width, 3);
  EXPECT_EQ(colour.image.pixels[0], 18) << "interleaved, the second image";
  EXPECT_EQ(colour.image.pixels[1], 19);
  write("(2, 2, 3)", 12);
  const Item gray = read_known("bloodmnist", folder.path()).sources.at(Split::test)->item(0);
  EXPECT_EQ(gray.label, 3);
  EXPECT_THAT(std::vector<int>(gray.image.pixels.begin(), gray.image.pixels.begin() + 4), ElementsAre(0, 0, 0, 1));
}

TEST(ArraySetsTest, MedMnistOfSeveralLabelsOrUnknownOnesIsRefused) {
  const ScratchFolder folder;
  const auto write = [&](const std::string& shape, const std::string& labels) {
    write_npz(folder.path() / "m.npz", {{"train_images.npy", npy_file("'|u1'", "(1, 2, 2)", "abcd")},
                                        {"train_labels.npy", npy_file("'|u1'", shape, labels)}});
  };
  write("(1, 2)", "ab");
  EXPECT_THAT(data_failure([&] { read_known("bloodmnist", folder.path()); }), HasSubstr("several labels"));
  write("(1, 1)", "\x09");
  EXPECT_THAT(data_failure([&] { read_known("bloodmnist", folder.path()); }), HasSubstr("image 0 has label 9"));
  write("(1, 1)", "\x01");
  EXPECT_THAT(data_failure([&] { read_known("bloodmnist", folder.path()); }), HasSubstr("val_images"));
}

TEST(ArraySetsTest, SvhnWhoseTenIsAZero) {
  const ScratchFolder folder;
  std::vector<uint8_t> pixels(2 * 32 * 32 * 3, 7);
  pixels[3072 + 1] = 9;     // second image, red, row 1, column 0: MATLAB's rows vary fastest
  pixels[3072 + 1024] = 8;  // its green, row 0, column 0
  const std::string file = mat_file(mat_compressed(mat_matrix("X", 9, 2, {32, 32, 3, 2}, bytes_of(pixels))) +
                                    mat_matrix("y", 9, 2, {2, 1}, bytes_of<uint8_t>({1, 10})));
  folder.write("train_32x32.mat", file);
  folder.write("test_32x32.mat", file);
  const Item item = read_known("svhn", folder.path()).sources.at(Split::train)->item(1);
  EXPECT_EQ(item.label, 0);
  EXPECT_EQ(item.image.pixels[32 * 3], 9) << "row 1, column 0";
  EXPECT_EQ(item.image.pixels[1], 8) << "green of the first pixel";
}

TEST(ArraySetsTest, Flowers102ByNumberOfPicture) {
  const ScratchFolder folder;
  for (const char* name : {"jpg/image_00001.jpg", "jpg/image_00002.jpg", "jpg/image_00003.jpg"}) {
    write_picture(folder, name, 4, 4, 0);
  }
  folder.write("imagelabels.mat", mat_file(mat_matrix("labels", 9, 2, {1, 3}, bytes_of<uint8_t>({77, 1, 102}))));
  folder.write("setid.mat", mat_file(mat_matrix("trnid", 6, 9, {1, 1}, bytes_of<double>({3})) +
                                     mat_matrix("valid", 6, 9, {1, 1}, bytes_of<double>({1})) +
                                     mat_matrix("tstid", 6, 9, {1, 1}, bytes_of<double>({2}))));
  const FolderContent joined = read_known("flowers102", folder.path());
  ASSERT_EQ(joined.sources.at(Split::train)->size(), 2);
  EXPECT_EQ(joined.sources.at(Split::train)->label(0), 101);
  EXPECT_EQ(joined.sources.at(Split::train)->label(1), 76);
  EXPECT_EQ(joined.sources.at(Split::test)->name(0), "jpg/image_00002.jpg");
  const FolderContent apart = read_known("flowers102", folder.path(), {{"val", "apart"}});
  EXPECT_EQ(apart.sources.at(Split::val)->label(0), 76);
}

}  // namespace
}  // namespace sslbench
