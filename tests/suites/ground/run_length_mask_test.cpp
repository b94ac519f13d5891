// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/run_length_mask.h"

#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "suites/ground/random.h"

namespace sslbench {
namespace {

using Pixels = std::vector<bool>;  // column by column

RunLengthMask encoded(const Pixels& pixels, int64_t height, int64_t width) {
  RunLengthMask out{height, width, {0}};
  bool inside = false;
  for (const bool pixel : pixels) {
    if (pixel != inside) out.counts.push_back(0);
    inside = pixel;
    ++out.counts.back();
  }
  return out;
}

Pixels random_pixels(uint32_t stream, size_t size) {
  RandomStream random(5, RandomUse::bootstrap, stream, 0);
  Pixels out(size);
  bool inside = random.below(2) == 0;
  for (size_t i = 0; i < size; ++i) {
    if (random.below(4) == 0) inside = !inside;
    out[i] = inside;
  }
  return out;
}

TEST(RunLengthMaskTest, RandomMasksAgreeWithTheirPixels) {
  constexpr int64_t kHeight = 7, kWidth = 9;
  for (uint32_t trial = 0; trial < 200; ++trial) {
    const Pixels a = random_pixels(2 * trial, kHeight * kWidth), b = random_pixels(2 * trial + 1, kHeight * kWidth);
    const RunLengthMask x = encoded(a, kHeight, kWidth), y = encoded(b, kHeight, kWidth);
    EXPECT_EQ(mask_from_string(mask_string(x), kHeight, kWidth).counts, x.counts);
    double area = 0, shared = 0, either = 0;
    Pixels both(a.size());
    for (size_t i = 0; i < a.size(); ++i) {
      area += a[i];
      shared += a[i] && b[i];
      either += a[i] || b[i];
      both[i] = a[i] || b[i];
    }
    EXPECT_EQ(mask_area(x), area);
    EXPECT_EQ(mask_union({x, y}).counts, encoded(both, kHeight, kWidth).counts);
    EXPECT_DOUBLE_EQ(mask_iou(x, y, false), shared == 0 ? 0 : shared / either);
    EXPECT_DOUBLE_EQ(mask_iou(x, y, true), shared == 0 ? 0 : shared / area);
  }
}

TEST(RunLengthMaskTest, AFilledRectangleIsItself) {
  const std::vector<double> corners = {2, 1, 6, 1, 6, 4, 2, 4};
  const RunLengthMask mask = mask_from_polygon(corners, 8, 10);
  EXPECT_EQ(mask_area(mask), 12);
  EXPECT_EQ(mask_box(mask), (std::array<double, 4>{2, 1, 4, 3}));
  EXPECT_EQ(mask_box(RunLengthMask{8, 10, {80}}), (std::array<double, 4>{0, 0, 0, 0}));
}

TEST(RunLengthMaskTest, WhatIsNoMaskIsRefused) {
  const std::vector<double> line = {0, 0, 1, 1}, odd = {0, 0, 1, 1, 2, 2, 3}, far = {0, 0, 1, 1e9, 2, 2};
  for (const auto& polygon : {line, odd, far}) EXPECT_THROW((void)mask_from_polygon(polygon, 8, 8), UserError);
  const std::vector<double> fine = {0, 0, 4, 0, 4, 4};
  EXPECT_THROW((void)mask_from_polygon(fine, 0, 8), UserError);
  EXPECT_THROW((void)mask_from_polygon(fine, 8, int64_t{1} << 40), UserError);
  EXPECT_THROW((void)mask_from_counts(std::vector<int64_t>{10, -1}, 3, 3), UserError);
  EXPECT_THROW((void)mask_from_counts(std::vector<int64_t>{8}, 3, 3), UserError);
  EXPECT_THROW((void)mask_from_string("\x01", 3, 3), UserError);
  EXPECT_THROW((void)mask_from_string("oooooooooooooooo", 3, 3), UserError);
  EXPECT_THROW((void)mask_from_string("o", 3, 3), UserError);
  EXPECT_THROW((void)mask_iou({2, 2, {4}}, {2, 3, {6}}, false), UserError);
}

}  // namespace
}  // namespace sslbench
