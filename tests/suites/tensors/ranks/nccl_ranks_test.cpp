// SPDX-License-Identifier: Apache-2.0
// Needs a GPU: scripts/gpu-check runs it there; elsewhere it says why it did not run. One rank over NCCL is a group like
// any other; several are checked by the programs.
#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "suites/runner/free_port.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/batch_norm_over_ranks.h"
#include "suites/tensors/ranks/c10d_ranks.h"
#include "suites/training/device_meter.h"

namespace sslbench {
namespace {

class NcclRanksTest : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      load_cuda(0);
    } catch (const UserError& error) {
      GTEST_SKIP() << "not run: " << error.what();
    }
    Meeting meeting;
    meeting.port = free_port();
    group_ = meet(meeting, "test", device_);
  }

  at::Device device_{at::kCUDA, 0};
  std::unique_ptr<Ranks> group_;
};

TEST_F(NcclRanksTest, OneRankKeepsItsOwnValues) {
  const at::Tensor x = at::arange(1000, at::TensorOptions(at::kFloat).device(device_)), before = x.clone();
  group_->sum(x);
  group_->max(x);
  group_->copy_from_first(x);
  EXPECT_TRUE(x.equal(before));
  EXPECT_TRUE(group_->each(x).at(0).equal(before));
}

TEST_F(NcclRanksTest, WordsOfTheProcessorGoBesideThem) {
  const at::Tensor word = at::ones({3}, at::kLong);
  group_->sum(word);
  EXPECT_EQ(word.sum().item<int64_t>(), 3);
  group_->wait_for_all();
}

TEST_F(NcclRanksTest, BatchNormalisationIsThatOfTheDevice) {
  group_->take_batch(8);
  const RanksInUse in_use(*group_);
  const auto options = at::TensorOptions(at::kFloat).device(device_);
  at::Generator noise = at::detail::createCPUGenerator(0);
  const at::Tensor values = at::randn({8, 5, 6, 6}, noise).to(device_), towards = at::randn({8, 5, 6, 6}, noise).to(device_);
  const auto through = [&](bool over_ranks, std::vector<at::Tensor>& out) {
    const at::Tensor x = values.clone().contiguous(at::MemoryFormat::ChannelsLast).set_requires_grad(true);
    const at::Tensor weight = at::full({5}, 1.5, options).set_requires_grad(true);
    const at::Tensor bias = at::full({5}, 0.2, options).set_requires_grad(true);
    const at::Tensor mean = at::zeros({5}, options), variance = at::ones({5}, options);
    const at::Tensor y = over_ranks ? batch_norm_over_ranks(x, weight, bias, {mean, variance, 0.1}, 1e-5, 1)
                                    : at::batch_norm(x, weight, bias, mean, variance, true, 0.1, 1e-5, true);
    (y * towards).sum().backward();
    out = {y, x.grad(), weight.grad(), bias.grad(), mean, variance};
  };
  std::vector<at::Tensor> ours, theirs;
  through(true, ours);
  through(false, theirs);
  for (size_t i = 0; i < ours.size(); ++i) EXPECT_TRUE(ours[i].allclose(theirs[i], 1e-4, 1e-4)) << i;
}

}  // namespace
}  // namespace sslbench
