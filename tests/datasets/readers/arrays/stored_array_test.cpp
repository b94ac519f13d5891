// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/arrays/stored_array.h"

#include <gmock/gmock.h>
#include <hdf5.h>

#include "suites/files/safetensors_header.h"
#include "tests/datasets/readers/arrays/npz_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class StoredArrayTest : public ::testing::Test {
 protected:
  // What read_arrays() says against a file with this .npy as its entry x.
  std::string refused(const std::string& npy) const {
    write_npz(file_, {{"x.npy", npy}});
    return refusal();
  }
  std::string refusal() const {
    try {
      read_arrays(file_, {"x"});
    } catch (const BadArrays& bad) {
      return bad.what();
    }
    return "";
  }

  ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / "arrays";
};

TEST_F(StoredArrayTest, AnNpzGivesItsWantedArraysWithShapeAndKind) {
  write_npz(file_, {{"x.npy", npy_file("'<f4'", "(2, 1)", bytes_of<float>({1, 2}))},
                    {"other.npy", npy_file("'|O'", "(2,)", "pickle")},
                    {"y.npy", npy_file("'<i8'", "(3,)", bytes_of<int64_t>({7, 8, 9}))}});
  const StoredArrays arrays = read_arrays(file_, {"x", "y", "z"});
  ASSERT_EQ(arrays.size(), 2u);
  EXPECT_EQ(arrays.at("x").dtype, "F32");
  EXPECT_THAT(arrays.at("x").shape, ElementsAre(2, 1));
  EXPECT_EQ(arrays.at("x").bytes, bytes_of<float>({1, 2}));
  EXPECT_EQ(arrays.at("y").dtype, "I64");
  EXPECT_EQ(arrays.at("y").bytes, bytes_of<int64_t>({7, 8, 9}));
}

TEST_F(StoredArrayTest, FortranOrderBecomesCOrder) {
  // [[1, 2, 3], [4, 5, 6]] column by column.
  write_npz(file_, {{"x.npy", npy_file("'|u1'", "(2, 3)", bytes_of<uint8_t>({1, 4, 2, 5, 3, 6}), true)}});
  EXPECT_EQ(read_arrays(file_, {"x"}).at("x").bytes, bytes_of<uint8_t>({1, 2, 3, 4, 5, 6}));
}

TEST_F(StoredArrayTest, AScalarAndAnEmptyArrayAreArraysToo) {
  write_npz(file_,
            {{"x.npy", npy_file("'<f8'", "()", bytes_of<double>({2.5}))}, {"y.npy", npy_file("'<f8'", "(0, 4)", "")}});
  const StoredArrays arrays = read_arrays(file_, {"x", "y"});
  EXPECT_EQ(arrays.at("x").numel(), 1);
  EXPECT_EQ(arrays.at("y").numel(), 0);
}

TEST_F(StoredArrayTest, WhatIsNoArrayOfNumbersIsRefusedByName) {
  EXPECT_THAT(refused(npy_file("'|O'", "(1,)", "x")), AllOf(HasSubstr("'x'"), HasSubstr("Python objects")));
  EXPECT_THAT(refused(npy_file("'>f4'", "(1,)", "abcd")), HasSubstr("byte order of another machine"));
  EXPECT_THAT(refused(npy_file("[('a', '<f4')]", "(1,)", "abcd")), HasSubstr("several fields"));
  EXPECT_THAT(refused(npy_file("'<U3'", "(1,)", "abcdefghijkl")), HasSubstr("type <U3"));
  EXPECT_THAT(refused("no array at all"), HasSubstr("is no NumPy array"));
}

TEST_F(StoredArrayTest, SizesThatTheFileDoesNotHoldAreRefusedBeforeTheyAreAllocated) {
  EXPECT_THAT(refused(npy_file("'<f4'", "(1000000000, 1000000000)", "abcd")), HasSubstr("too large"));
  EXPECT_THAT(refused(npy_file("'<f4'", "(1000000000,)", "abcd")), HasSubstr("cut off"));
  EXPECT_THAT(refused(npy_file("'<f4'", "(1,)", "abcdefgh")), HasSubstr("longer than its shape"));
  EXPECT_THAT(refused(npy_file("'<f4'", "(-1,)", "abcd")), HasSubstr("no shape that can be read"));
  EXPECT_THAT(refused(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12) + "abc"), HasSubstr("has a head of"));
}

TEST_F(StoredArrayTest, AFileWithoutAWantedArrayIsToldByWhatItHolds) {
  write_npz(file_, {{"feats.npy", npy_file("'<f4'", "(1,)", "abcd")}});
  EXPECT_THAT(refusal(), AllOf(HasSubstr("holds feats"), HasSubstr("called x")));
  folder_.write("arrays", npy_file("'<f4'", "(1,)", "abcd"));
  EXPECT_THAT(refusal(), HasSubstr("numpy.savez"));
}

TEST_F(StoredArrayTest, ArraysOfASafetensorsFileAreRead) {
  folder_.write("arrays", safetensors_file(R"({"x":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}})",
                                           bytes_of<int32_t>({3, 4})));
  EXPECT_EQ(read_arrays(file_, {"x"}).at("x").bytes, bytes_of<int32_t>({3, 4}));
}

TEST_F(StoredArrayTest, ArraysOfAnHdf5FileAreReadAndLinksAreNotFollowed) {
  const hid_t file = H5Fcreate(file_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const hsize_t shape[2] = {2, 2};
  const hid_t space = H5Screate_simple(2, shape, nullptr);
  const hid_t set = H5Dcreate2(file, "x", H5T_STD_I16LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  const std::vector<int> values{1, 2, 3, 4};
  H5Dwrite(set, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Lcreate_external("elsewhere.h5", "/x", file, "y", H5P_DEFAULT, H5P_DEFAULT);
  H5Dclose(set), H5Sclose(space), H5Fclose(file);
  const StoredArrays arrays = read_arrays(file_, {"x"});
  EXPECT_EQ(arrays.at("x").dtype, "I64");
  EXPECT_THAT(arrays.at("x").shape, ElementsAre(2, 2));
  EXPECT_EQ(arrays.at("x").bytes, bytes_of<int64_t>({1, 2, 3, 4}));
  EXPECT_THROW(read_arrays(file_, {"y"}), BadArrays);
}

}  // namespace
}  // namespace sslbench
