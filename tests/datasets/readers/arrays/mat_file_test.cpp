// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/arrays/mat_file.h"

#include <gmock/gmock.h>

#include "tests/datasets/readers/arrays/mat_bytes.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MatFileTest : public ::testing::Test {
 protected:
  std::string refused(const std::string& content) const {
    try {
      read_mat_file(folder_.write("x.mat", content), {"X"});
    } catch (const BadArrays& bad) {
      return bad.what();
    }
    return "";
  }
  ScratchFolder folder_;
};

TEST_F(MatFileTest, MatricesPlainAndCompressedAreReadWithTheirSidesInReverse) {
  const std::string x = mat_matrix("X", 9, 2, {2, 3}, bytes_of<uint8_t>({1, 2, 3, 4, 5, 6}));
  const std::string y = mat_matrix("y", 6, 2, {1, 2}, bytes_of<uint8_t>({10, 1}));  // doubles stored as bytes
  const StoredArrays arrays = read_mat_file(folder_.write("x.mat", mat_file(x + mat_compressed(y))), {"X", "y"});
  EXPECT_THAT(arrays.at("X").shape, ElementsAre(3, 2));
  EXPECT_EQ(arrays.at("X").bytes, bytes_of<uint8_t>({1, 2, 3, 4, 5, 6}));
  EXPECT_THAT(integers_of("y", arrays.at("y")), ElementsAre(10, 1));
}

TEST_F(MatFileTest, NumbersThatAreNoIntegersAreRefused) {
  const StoredArray halves{"F64", {2}, bytes_of<double>({1, 1.5})};
  EXPECT_THROW(integers_of("y", halves), BadArrays);
  EXPECT_THAT(integers_of("y", StoredArray{"F64", {2}, bytes_of<double>({1, -3})}), ElementsAre(1, -3));
}

TEST_F(MatFileTest, OtherVersionsAndDamageAreRefused) {
  const std::string x = mat_matrix("X", 9, 2, {2, 3}, bytes_of<uint8_t>({1, 2, 3, 4, 5, 6}));
  EXPECT_THAT(refused("\x89HDF\r\n"), HasSubstr("MATLAB 7.3"));
  EXPECT_THAT(refused("no such file"), HasSubstr("is no MATLAB file"));
  EXPECT_THAT(refused(mat_file(x.substr(0, 30))), HasSubstr("cut off"));
  EXPECT_THAT(refused(mat_file(mat_matrix("X", 9, 2, {200, 3}, "abc"))), HasSubstr("another number of elements"));
  EXPECT_THAT(refused(mat_file(mat_matrix("X", 1, 2, {1, 3}, "abc"))), HasSubstr("no matrix of real numbers"));
  EXPECT_THAT(refused(mat_file(mat_matrix("Z", 9, 2, {1, 3}, "abc"))), HasSubstr("holds Z"));
  std::string packed = mat_compressed(x);
  packed[12] = static_cast<char>(packed[12] ^ 0x55);
  EXPECT_THAT(refused(mat_file(packed)), HasSubstr("damaged"));
}

}  // namespace
}  // namespace sslbench
