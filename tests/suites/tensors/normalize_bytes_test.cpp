// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/normalize_bytes/normalize_bytes.h"

#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/device_meter.h"

namespace sslbench {
namespace {

at::Tensor some_bytes() {
  return at::arange(2 * 5 * 7 * 3, at::kLong).mul(37).remainder(256).to(at::kByte).view({2, 5, 7, 3});
}

TEST(NormalizeBytesTest, EqualsTheFormulaInChannelsLast) {
  const at::Tensor mean = at::tensor(std::vector<float>{0.5f, 0.4f, 0.3f}),
                   deviation = at::tensor(std::vector<float>{0.2f, 0.25f, 0.3f});
  const at::Tensor got = normalize_bytes(some_bytes(), mean, deviation);
  const at::Tensor want = ((some_bytes().to(at::kFloat) / 255 - mean) / deviation).permute({0, 3, 1, 2});
  EXPECT_LT((got - want).abs().max().item<double>(), 1e-5);
  EXPECT_TRUE(got.is_contiguous(at::MemoryFormat::ChannelsLast));
}

// Needs a GPU: scripts/gpu-check runs it there; elsewhere it says why it did not run.
TEST(NormalizeBytesTest, CudaEqualsCpuAndTheMeterSeesIt) {
  try {
    load_cuda(0);
  } catch (const UserError& error) {
    GTEST_SKIP() << error.what();
  }
  const at::Tensor mean = at::full({3}, 0.5), deviation = at::full({3}, 0.25);
  device_meter()->reset_peak(0);
  const at::Tensor on_device = normalize_bytes(some_bytes().to(at::Device("cuda:0")), mean, deviation);
  EXPECT_LT((on_device.to(at::kCPU) - normalize_bytes(some_bytes(), mean, deviation)).abs().max().item<double>(), 1e-6);
  EXPECT_GT(device_meter()->peak_bytes(0), 0);
  EXPECT_GE(device_meter()->stream_milliseconds(
                0, [](void*) {}, nullptr),
            0);
}

}  // namespace
}  // namespace sslbench
