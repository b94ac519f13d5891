// SPDX-License-Identifier: Apache-2.0
// CIFAR-10.1 and CIFAR-10-C: test sets of array files.
#include <gmock/gmock.h>

#include "datasets/install/installed.h"
#include "suites/ground/error.h"
#include "tests/datasets/known/known_set.h"
#include "tests/datasets/readers/arrays/npz_file.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::HasSubstr;

class CifarShiftsTest : public ::testing::Test {
 protected:
  // Every byte of picture i is i.
  void pictures(const std::string& name, int count, const std::string& sides = ", 32, 32, 3)") const {
    std::string bytes;
    for (int i = 0; i < count; ++i) bytes += std::string(3072, static_cast<char>(i));
    folder_.write(name, npy_file("'|u1'", "(" + std::to_string(count) + sides, bytes));
  }
  template <class Number>
  void labels(const std::string& name, const std::string& kind, const std::vector<Number>& values) const {
    folder_.write(name, npy_file(kind, "(" + std::to_string(values.size()) + ",)", bytes_of(values)));
  }
  void corruptions(int count) const {
    for (const char* name :
         {"gaussian_noise", "shot_noise", "impulse_noise", "defocus_blur", "glass_blur", "motion_blur", "zoom_blur",
          "snow", "frost", "fog", "brightness", "contrast", "elastic_transform", "pixelate", "jpeg_compression"}) {
      pictures(std::string("from/") + name + ".npy", count);
    }
  }
  ScratchFolder folder_;
  fs::path from_ = folder_.path() / "from", root_ = folder_.path() / "root";
};

TEST_F(CifarShiftsTest, Cifar10_1IsAddedAndOpenedAsTestAlone) {
  pictures("from/cifar10.1_v6_data.npy", 2000);
  std::vector<int32_t> classes(2000, 3);
  classes[5] = 9;
  labels("from/cifar10.1_v6_labels.npy", "'<i4'", classes);
  EXPECT_EQ(add_dataset("cifar10_1", from_, root_).images.at("test"), 2000);
  const auto test = open_dataset("cifar10_1", nlohmann::json::object(), Split::test, root_);
  ASSERT_EQ(test->size(), 2000);
  EXPECT_EQ(test->item(5).label, 9);
  EXPECT_EQ(test->item(5).image.pixels[0], 5);
  EXPECT_EQ(open_dataset("cifar10_1", {{"test_images", 20}}, Split::test, root_)->size(), 20);
  for (const Split split : {Split::train, Split::val}) {
    EXPECT_THAT(user_error([&] { open_dataset("cifar10_1", nlohmann::json::object(), split, root_); }),
                HasSubstr("published for testing alone; train on another set"));
  }
  EXPECT_EQ(dataset_facts(dataset_entry("cifar10_1", root_)).at("trains"), false);
}

TEST_F(CifarShiftsTest, ASeverityOfACorruptionIsATestSplit) {
  corruptions(10);
  labels<uint8_t>("from/labels.npy", "'|u1'", {1, 2, 1, 2, 1, 2, 1, 2, 1, 2});
  const FolderContent first = read_known("cifar10_c", from_);
  ASSERT_EQ(first.sources.at(Split::test)->size(), 2);
  EXPECT_EQ(first.sources.at(Split::test)->item(1).image.pixels[0], 1);
  const FolderContent last = read_known("cifar10_c", from_, {{"corruption", "fog"}, {"severity", 5}});
  EXPECT_EQ(last.sources.at(Split::test)->item(0).image.pixels[0], 8);
  EXPECT_EQ(last.sources.at(Split::test)->label(1), 2);
  EXPECT_THAT(data_failure([&] {
                read_known("cifar10_c", from_, {{"corruption", "spatter"}});
              }),
              AllOf(HasSubstr("spatter.npy"), HasSubstr("no such file")));
}

TEST_F(CifarShiftsTest, BrokenFilesAreNamed) {
  corruptions(10);
  const auto failure = [&] { return data_failure([&] { read_known("cifar10_c", from_); }); };
  labels<uint8_t>("from/labels.npy", "'|u1'", {1, 2, 1, 2, 1, 2, 1, 2, 1, 10});
  EXPECT_THAT(failure(), AllOf(HasSubstr("labels.npy"), HasSubstr("image 9 has label 10")));
  labels<uint8_t>("from/labels.npy", "'|u1'", {1, 2});
  EXPECT_THAT(failure(), HasSubstr("holds 10 images, but there are 2 labels"));
  fs::resize_file(from_ / "fog.npy", 3000);
  EXPECT_THAT(failure(), AllOf(HasSubstr("fog.npy"), HasSubstr("has 3000 bytes, its head says")));
  pictures("from/fog.npy", 10, ", 3, 32, 32)");
  EXPECT_THAT(failure(), AllOf(HasSubstr("fog.npy"), HasSubstr("expected uint8 [N, 32, 32, 3]")));
  fs::remove(from_ / "fog.npy");
  EXPECT_THAT(failure(), AllOf(HasSubstr("fog.npy"), HasSubstr("no such file")));
}

}  // namespace
}  // namespace sslbench
