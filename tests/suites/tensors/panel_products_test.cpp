// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/conv3x3/panel_products.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string_view>
#include <vector>

#include "suites/tensors/conv3x3/winograd_tiles.h"

namespace sslbench {
namespace {

struct Case {
  int64_t rows, steps;
  bool rows_are_steps_apart = false;  // a lies by steps, as where weights are summed
  bool add = false;
};

std::vector<float> numbers(int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> out(static_cast<size_t>(count));
  for (float& each : out) each = normal(random);
  return out;
}

constexpr int64_t kGap = 3;  // beside what is used

// What stands in `out` after the product, gaps included.
std::vector<float> product(const PanelKernel& kernel, const Case& of) {
  const std::vector<float> a = numbers((of.rows + kGap) * (of.steps + kGap), 1);
  const std::vector<float> b = numbers(of.steps * (kPanel + kGap), 2);
  std::vector<float> out = numbers(of.rows * (kPanel + kGap), 3);
  const int64_t long_step = of.rows_are_steps_apart ? of.rows + kGap : of.steps + kGap;
  kernel.run({of.rows, of.steps, a.data(), of.rows_are_steps_apart ? 1 : long_step,
              of.rows_are_steps_apart ? long_step : 1, b.data(), kPanel + kGap, out.data(), kPanel + kGap, of.add});
  return out;
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (int64_t rows = 1; rows <= 40; ++rows) {
    out.push_back({rows, 17, false, rows % 2 == 0});
    out.push_back({rows, 5, true, rows % 3 == 0});
  }
  return out;
}

TEST(PanelProductsTest, EveryKernelOfThisProcessorGivesTheProductAndTouchesNothingElse) {
  for (const PanelKernel& kernel : panel_kernels()) {
    for (const Case& each : cases()) {
      const std::vector<float> got = product(kernel, each), want = product(panel_kernels().back(), each);
      for (size_t i = 0; i < got.size(); ++i) {
        ASSERT_NEAR(got[i], want[i], 1e-5 * (1 + std::abs(want[i]))) << kernel.name << " " << each.rows << " at " << i;
      }
    }
  }
}

TEST(PanelProductsTest, ThePlainOneIsTheSumInDouble) {
  const Case of{7, 19};
  const std::vector<float> a = numbers((7 + kGap) * (19 + kGap), 1), b = numbers(19 * (kPanel + kGap), 2);
  const std::vector<float> got = product(panel_kernels().back(), of);
  for (size_t r = 0; r < 7; ++r) {
    for (size_t j = 0; j < kPanel; ++j) {
      double sum = 0;
      for (size_t s = 0; s < 19; ++s) {
        sum += static_cast<double>(a[r * (19 + kGap) + s]) * static_cast<double>(b[s * (kPanel + kGap) + j]);
      }
      EXPECT_NEAR(got[r * (kPanel + kGap) + j], sum, 1e-5);
    }
  }
}

TEST(PanelProductsTest, ThoseThatFuseGiveEqualBits) {
  for (const Case& each : cases()) {
    const std::vector<float> want = product(panel_kernels().front(), each);
    for (const PanelKernel& kernel : panel_kernels()) {
      if (std::string_view(kernel.name).starts_with("AVX")) EXPECT_EQ(product(kernel, each), want) << kernel.name;
    }
  }
}

}  // namespace
}  // namespace sslbench
