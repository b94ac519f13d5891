// SPDX-License-Identifier: Apache-2.0
#include "suites/training/augment_operation.h"

#include <gtest/gtest.h>

#include <map>

#include "datasets/batches/aten.h"
#include "suites/spec/error.h"
#include "suites/training/device_meter.h"

namespace sslbench {
namespace {

at::Tensor some_picture() {
  return at::arange(3 * 21 * 34, at::kLong).mul(7919).remainder(256).to(at::kFloat).div(255).view({3, 21, 34});
}

// Values for every operation that has some.
const std::map<std::string, std::vector<double>>& some_values() {
  static const std::map<std::string, std::vector<double>> kAll = {{"brightness", {1.3}},
                                                                  {"contrast", {0.6}},
                                                                  {"saturation", {1.7}},
                                                                  {"hue", {-0.15}},
                                                                  {"solarize", {0.5}},
                                                                  {"posterize", {3}},
                                                                  {"sharpness", {1.9}},
                                                                  {"quarter_turns", {3}},
                                                                  {"affine", {0.9, -0.43, 2.25, 0.43, 0.9, -3.75}},
                                                                  {"blur", {23, 1.4}},
                                                                  {"resized_crop", {2, 5, 17, 22, 32, 9, 1}}};
  return kAll;
}

std::vector<double> values_of(const std::string& operation) {
  const auto found = some_values().find(operation);
  return found == some_values().end() ? std::vector<double>{} : found->second;
}

TEST(AugmentOperationTest, EveryOperationRunsOnTheCpu) {
  for (const std::string& operation : augment_operations()) {
    const at::Tensor got = augment(some_picture(), operation, values_of(operation));
    EXPECT_EQ(got.size(0), 3) << operation;
    EXPECT_TRUE(got.min().item<double>() >= -1e-6 && got.max().item<double>() <= 1 + 1e-6) << operation;
  }
  EXPECT_TRUE(augment(some_picture(), "flip_left_right", {}).equal(some_picture().flip(2)));
  EXPECT_TRUE(augment(some_picture(), "quarter_turns", {1}).equal(some_picture().rot90(1, {1, 2})));
}

// Needs a GPU: scripts/gpu-check runs it there; elsewhere it says why it did not run.
TEST(AugmentOperationTest, CudaEqualsCpuOperationByOperation) {
  try {
    load_cuda(0);
  } catch (const UserError& error) {
    GTEST_SKIP() << error.what();
  }
  for (const std::string& operation : augment_operations()) {
    const at::Tensor want = augment(some_picture(), operation, values_of(operation));
    const at::Tensor got = augment(some_picture().to(at::Device("cuda:0")), operation, values_of(operation));
    // Contraction into fused multiply-adds moves the last bits.
    EXPECT_LT((got.to(at::kCPU) - want).abs().max().item<double>(), 1e-5) << operation;
  }
}

}  // namespace
}  // namespace sslbench
