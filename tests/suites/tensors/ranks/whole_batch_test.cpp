// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/ranks/whole_batch.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"
#include "tests/suites/tensors/ranks/thread_ranks.h"

// Shapes: N images of the batch, V views, D features.
namespace sslbench {
namespace {

constexpr int64_t kImages = 7, kViews = 2, kFeatures = 3;

at::Tensor wavy(at::IntArrayRef sizes, double speed = 0.7) {
  return (at::arange(c10::multiply_integers(sizes), at::kDouble) * speed).sin().view(sizes);
}

class WholeBatchTest : public ::testing::TestWithParam<int64_t> {};
INSTANTIATE_TEST_SUITE_P(Ranks, WholeBatchTest, ::testing::Values(1, 2, 3));

// The gradient of `loss(parameter)`, summed over ranks with their weights as a step does.
at::Tensor gradient_over_ranks(int64_t size, const at::Tensor& parameter,
                               const std::function<at::Tensor(const at::Tensor&)>& loss) {
  std::vector<at::Tensor> out(static_cast<size_t>(size));
  run_as_ranks(size, [&](Ranks& group) {
    group.take_batch(kImages);
    const at::Tensor own = parameter.detach().clone().set_requires_grad(true);
    (loss(own) * group.weight()).backward();
    group.sum(own.grad());
    out[static_cast<size_t>(group.rank())] = own.grad();
  });
  for (const at::Tensor& other : out) EXPECT_TRUE(other.equal(out.front()));
  return out.front();
}

// A loss in which every row meets every other one.
at::Tensor mutual(const at::Tensor& z_ND) { return at::logsumexp(at::mm(z_ND, z_ND.t()), {1}).mean(); }

TEST_P(WholeBatchTest, HoldsTheRowsOfAllRanksInTheirOrder) {
  const at::Tensor all_ND = wavy({kImages, kFeatures}), all_VND = wavy({kViews, kImages, kFeatures});
  run_as_ranks(GetParam(), [&](Ranks& group) {
    group.take_batch(kImages);
    EXPECT_EQ(whole_batch_size(group.own()), kImages);
    EXPECT_TRUE(whole_batch(own_rows(all_ND)).equal(all_ND));
    EXPECT_TRUE(whole_batch(own_rows(all_VND, 1), 1).equal(all_VND));
    const at::Tensor all_MD = all_VND.flatten(0, 1), own_MD = own_rows_of_views(all_MD, kViews);
    EXPECT_EQ(own_MD.size(0), kViews * group.own());
    EXPECT_TRUE(whole_batch_of_views(own_MD, kViews).equal(all_MD));
    EXPECT_TRUE(whole_batch(own_rows(at::arange(kImages))).equal(at::arange(kImages)));
  });
}

TEST_P(WholeBatchTest, GivesTheGradientOfOneProcessToALossOverAllRows) {
  const at::Tensor x_ND = wavy({kImages, kFeatures}), weight_DD = wavy({kFeatures, kFeatures}, 1.3);
  const auto over_rows = [&](const at::Tensor& w_DD) { return mutual(whole_batch(at::mm(own_rows(x_ND), w_DD))); };
  const auto over_views = [&](const at::Tensor& w_DD) {
    const at::Tensor own_nD = at::mm(own_rows(x_ND), w_DD);
    return mutual(whole_batch_of_views(at::cat({own_nD, own_nD.square()}), kViews));
  };
  for (const std::function<at::Tensor(const at::Tensor&)>& loss : {std::function(over_rows), std::function(over_views)})
    EXPECT_TRUE(gradient_over_ranks(GetParam(), weight_DD, loss)
                    .allclose(gradient_over_ranks(1, weight_DD, loss), 1e-12, 1e-14));
}

TEST_P(WholeBatchTest, GivesTheGradientOfOneProcessToALossOverSumsAndMeans) {
  const at::Tensor x_ND = wavy({kImages, kFeatures}), weight_D = wavy({kFeatures}, 1.3);
  const auto loss = [&](const at::Tensor& w_D) {
    const at::Tensor own_nD = own_rows(x_ND) * w_D;
    return sum_over_ranks(own_nD.sum(0)).square().sum() + mean_over_batch(own_nD.mean(0)).exp().sum();
  };
  EXPECT_TRUE(
      gradient_over_ranks(GetParam(), weight_D, loss).allclose(gradient_over_ranks(1, weight_D, loss), 1e-12, 1e-14));
}

// Its share: the weighted losses of all ranks add up to the batch's.
TEST_P(WholeBatchTest, SharesSumsAndRatiosWhoseCountsDifferBetweenRanks) {
  const at::Tensor x_N = wavy({kImages}), counted_N = at::arange(kImages).ge(3);  // none of the first rank of three
  run_as_ranks(GetParam(), [&](Ranks& group) {
    group.take_batch(kImages);
    const at::Tensor own_n = own_rows(x_N), own_counted_n = own_rows(counted_N);
    const at::Tensor sum = summed_over_batch(own_n.sum()) * group.weight();
    const at::Tensor ratio = ratio_over_batch((own_n * own_counted_n).sum(), own_counted_n.sum()) * group.weight();
    const at::Tensor none = ratio_over_batch(own_n.sum(), at::zeros({}), 2) * group.weight();
    for (const at::Tensor& each : {sum, ratio, none}) group.sum(each);
    EXPECT_NEAR(sum.item<double>(), x_N.sum().item<double>(), 1e-13);
    EXPECT_NEAR(ratio.item<double>(), x_N.narrow(0, 3, 4).mean().item<double>(), 1e-13);
    EXPECT_NEAR(none.item<double>(), x_N.sum().item<double>() / 2, 1e-13);
  });
}

TEST(WholeBatchAloneTest, IsWhatItWasGiven) {
  const at::Tensor x_ND = wavy({4, kFeatures});
  EXPECT_TRUE(whole_batch(x_ND).is_same(x_ND));
  EXPECT_TRUE(whole_batch_of_views(x_ND, 2).is_same(x_ND));
  EXPECT_TRUE(own_rows(x_ND).is_same(x_ND));
  EXPECT_TRUE(sum_over_ranks(x_ND).is_same(x_ND));
  EXPECT_TRUE(mean_over_batch(x_ND).is_same(x_ND));
  EXPECT_TRUE(summed_over_batch(x_ND).is_same(x_ND));
}

TEST(WholeBatchRefusalTest, NamesRowsThatAreNotTheRanksShare) {
  const auto body = [](Ranks& group) {
    group.take_batch(kImages);
    whole_batch(at::zeros({group.own() + 1, 1}));
  };
  EXPECT_THROW(run_as_ranks(2, body), std::logic_error);
}

}  // namespace
}  // namespace sslbench
