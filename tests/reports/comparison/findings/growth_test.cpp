// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/findings/growth.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

struct Sizes {
  int64_t batch = 64, side = 32, width = 16;
  const char* precision = "fp32";
};

// A step whose time grows with side^2 and width^1.5, whose memory grows with the batch.
Record record_of(const std::string& row, const Sizes& sizes) {
  Record record = sample_record(row, 0, 0.5);
  record.method = "simclr";
  record.effective = {{"method", "simclr"},
                      {"method_settings", {{"temperature", 0.5}}},
                      {"backbone", "resnet18"},
                      {"backbone_settings", {{"width", sizes.width}}},
                      {"pretrain", {{"batch_size", sizes.batch}, {"precision", sizes.precision}}},
                      {"views", {{"size", sizes.side}}},
                      {"threads", 1},
                      {"device", "cpu"}};
  StageRecord& pretrain = record.stages.front();
  const auto side = static_cast<double>(sizes.side), width = static_cast<double>(sizes.width);
  pretrain.images_per_second = 1e6 / (side * side * std::pow(width, 1.5));
  pretrain.peak_tensor_bytes = 1000 * sizes.batch;
  Measurement work = sample_measurement(row, 0, "pretrain", "matrix_gigaflop", side * side * width * width);
  work.split = "train", work.unit = "GFLOP", work.direction = "none";
  pretrain.measurements.push_back(work);
  return record;
}

std::vector<Growth> growth(const std::vector<std::pair<std::string, Sizes>>& rows) {
  ComparisonInput input;
  for (const auto& [row, sizes] : rows) {
    Record record = record_of(row, sizes);
    input.planned.push_back({row, 0, record.run});
    input.records.push_back(std::move(record));
  }
  return growth_of(compare(std::move(input)));
}

TEST(GrowthTest, FindsTheExponentsThatRowsWereMadeWith) {
  const auto found = growth({{"base", {}},
                             {"large", {.batch = 128}},
                             {"larger", {.batch = 256}},
                             {"wide", {.width = 64}},
                             {"high", {.side = 64}}});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].factor, "batch");
  EXPECT_EQ(found[0].rows, (std::vector<std::string>{"base", "large", "larger"}));
  EXPECT_NEAR(found[0].seconds_an_image, 0, 1e-9);
  EXPECT_NEAR(found[0].tensor_bytes, 1, 1e-9);
  EXPECT_EQ(found[1].factor, "image side");
  EXPECT_NEAR(found[1].seconds_an_image, 2, 1e-9);
  EXPECT_NEAR(found[1].gigaflop_an_image, 2, 1e-9);
  EXPECT_EQ(found[2].factor, "width");
  EXPECT_NEAR(found[2].seconds_an_image, 1.5, 1e-9);
  EXPECT_NEAR(found[2].gigaflop_an_image, 2, 1e-9);
}

TEST(GrowthTest, RowsThatDifferInMoreThanOneSizeOrOtherwiseAreNotFitted) {
  EXPECT_TRUE(growth({{"base", {}}, {"other", {.batch = 128, .width = 64}}}).empty());
  EXPECT_TRUE(growth({{"base", {}}, {"other", {.batch = 128, .precision = "bf16"}}}).empty());
  EXPECT_TRUE(growth({{"base", {}}, {"again", {}}}).empty()) << "of one size";
}

}  // namespace
}  // namespace sslbench
