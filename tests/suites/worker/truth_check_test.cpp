// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/truth_check.h"

#include <gmock/gmock.h>

namespace sslbench {
namespace {

using ::testing::HasSubstr;

class Items final : public DataSource {
 public:
  explicit Items(std::vector<Item> items, std::vector<std::string> classes = {"a", "b"})
      : items_(std::move(items)), classes_(std::move(classes)) {}
  int64_t size() const override { return std::ssize(items_); }
  Item item(int64_t i) const override { return items_[static_cast<size_t>(i)]; }
  const std::vector<std::string>& classes() const override { return classes_; }

 private:
  std::vector<Item> items_;
  std::vector<std::string> classes_;
};

Item with_box(bool difficult) {
  Item out;
  out.boxes.push_back({1, 1, 3, 3, 0, difficult});
  return out;
}

Item with_mask(std::vector<uint8_t> labels) {
  Item out;
  out.mask = {1, static_cast<int32_t>(labels.size()), std::move(labels)};
  return out;
}

TEST(FaultOfTruthTest, DetectionNeedsABoxThatCounts) {
  EXPECT_EQ(fault_of_truth(Items({Item{}, with_box(false)}), Split::test, "detection"), "");
  EXPECT_THAT(fault_of_truth(Items({Item{}, Item{}}), Split::test, "detection"), HasSubstr("no box to find"));
  EXPECT_THAT(fault_of_truth(Items({with_box(true)}), Split::test, "detection"), HasSubstr("no box to find"));
  EXPECT_EQ(fault_of_truth(Items({Item{}}), Split::train, "classification"), "");
}

TEST(FaultOfTruthTest, SegmentationNeedsTwoClassesOfPixels) {
  EXPECT_EQ(fault_of_truth(Items({with_mask({0, 0, 255}), with_mask({1, 255, 255})}), Split::train, "segmentation"),
            "");
  EXPECT_THAT(fault_of_truth(Items({with_mask({0, 255, 0, 255})}), Split::train, "segmentation"), HasSubstr("0 and 1"))
      << "a listed class without one pixel";
  EXPECT_THAT(fault_of_truth(Items({with_mask({0, 0})}, {"class 0"}), Split::train, "segmentation"),
              HasSubstr("one class only"));
}

TEST(FaultOfTruthTest, TestImagesOfOneClassCanStillBeAnsweredWrongly) {
  EXPECT_EQ(fault_of_truth(Items({with_mask({0, 0})}), Split::test, "segmentation"), "");
  EXPECT_THAT(fault_of_truth(Items({with_mask({255, 255})}), Split::test, "segmentation"),
              HasSubstr("without a class"));
}

}  // namespace
}  // namespace sslbench
