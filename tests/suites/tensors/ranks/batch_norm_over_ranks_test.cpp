// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/ranks/batch_norm_over_ranks.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "tests/suites/tensors/ranks/thread_ranks.h"

// Shapes: N images, C channels, P parts.
namespace sslbench {
namespace {

constexpr int64_t kImages = 13, kChannels = 5;
constexpr double kMomentum = 0.1, kEps = 1e-5;

struct Case {
  std::string name;
  int64_t ranks, parts;
  std::vector<int64_t> sizes;
  bool affine;
};

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const int64_t ranks : {2, 3}) {
    for (const int64_t parts : {1, 2, 4}) {
      for (const bool map : {false, true}) {
        const bool affine = (ranks + parts / 2 + map) % 2 == 0;
        out.push_back({"W" + std::to_string(ranks) + "P" + std::to_string(parts) + (map ? "Maps" : "Rows") +
                           (affine ? "Affine" : "Plain"),
                       ranks, parts,
                       map ? std::vector<int64_t>{kImages, kChannels, 3, 4} : std::vector<int64_t>{kImages, kChannels},
                       affine});
      }
    }
  }
  return out;
}

class BatchNormOverRanksTest : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(All, BatchNormOverRanksTest, ::testing::ValuesIn(cases()),
                         [](const auto& info) { return info.param.name; });

at::Tensor noise(at::IntArrayRef sizes, uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  return at::randn(sizes, generator, at::kDouble);
}

at::Tensor channels_last(const at::Tensor& x) {
  return x.dim() == 4 ? x.contiguous(at::MemoryFormat::ChannelsLast) : x.contiguous();
}

// What a layer is given and leaves behind; gradients of sum(y * seen).
struct Layer {
  at::Tensor x, weight, bias;
  at::Tensor mean = at::zeros({kChannels}, at::kDouble), variance = at::ones({kChannels}, at::kDouble);
  at::Tensor y;

  Layer(const at::Tensor& input, bool affine) : x(input.detach().clone().set_requires_grad(true)) {
    if (!affine) return;
    weight = (1 + 0.3 * noise({kChannels}, 3)).set_requires_grad(true);
    bias = noise({kChannels}, 4).set_requires_grad(true);
  }

  void backward(const at::Tensor& seen) const { (y * seen).sum().backward(); }
};

// One process, with LibTorch's own operation.
Layer reference(const Case& c, const at::Tensor& x, const at::Tensor& seen) {
  Layer out(x, c.affine);
  std::vector<at::Tensor> parts;
  for (const at::Tensor& part : out.x.tensor_split(c.parts)) {
    parts.push_back(
        at::batch_norm(part, out.weight, out.bias, out.mean, out.variance, /*training=*/true, kMomentum, kEps, true));
  }
  out.y = at::cat(parts);
  out.backward(seen);
  return out;
}

TEST_P(BatchNormOverRanksTest, GivesValuesGradientsAndStatisticsOfOneProcess) {
  const Case& c = GetParam();
  const at::Tensor x = channels_last(3 + 2 * noise(c.sizes, 1)), seen = channels_last(noise(c.sizes, 2));
  const Layer want = reference(c, x, seen);
  const auto close = [](const at::Tensor& got, const at::Tensor& wanted) { return got.allclose(wanted, 1e-11, 1e-12); };
  std::vector<Layer> got(static_cast<size_t>(c.ranks), Layer(x, c.affine));
  run_as_ranks(c.ranks, [&](Ranks& group) {
    group.take_batch(kImages);
    Layer own(channels_last(own_rows(x)), c.affine);
    const std::vector<int64_t> rows = c.parts == 1 ? std::vector<int64_t>{group.own()} : own_images_of_parts(c.parts);
    own.y = batch_norm_over_ranks(own.x, own.weight, own.bias, {own.mean, own.variance, kMomentum}, kEps, rows);
    own.backward(own_rows(seen));
    EXPECT_TRUE(close(own.y, own_rows(want.y)));
    EXPECT_TRUE(close(own.x.grad(), own_rows(want.x.grad())));
    if (c.affine) group.sum(own.weight.grad()), group.sum(own.bias.grad());
    got[static_cast<size_t>(group.rank())] = own;
  });
  for (const Layer& own : got) {
    EXPECT_TRUE(close(own.mean, want.mean));
    EXPECT_TRUE(close(own.variance, want.variance));
    EXPECT_TRUE(own.mean.equal(got[0].mean) && own.variance.equal(got[0].variance)) << "ranks keep other statistics";
    if (!c.affine) continue;
    EXPECT_TRUE(close(own.weight.grad(), want.weight.grad()));
    EXPECT_TRUE(close(own.bias.grad(), want.bias.grad()));
  }
}

// As under shuffled batch norm: which part an image belongs to does not follow from where it lies.
TEST(BatchNormOfScatteredPartsTest, GivesValuesOfOneProcess) {
  const at::Tensor x = noise({kImages, kChannels}, 1), part_N = at::tensor({1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0});
  Layer want(x, false);
  want.y = at::empty_like(x);
  for (const int64_t part : {0, 1}) {
    const at::Tensor rows = part_N.eq(part).nonzero().squeeze(1);
    want.y.index_copy_(
        0, rows,
        at::batch_norm(x.index_select(0, rows), {}, {}, want.mean, want.variance, true, kMomentum, kEps, true));
  }
  run_as_ranks(3, [&](Ranks& group) {
    group.take_batch(kImages);
    const at::Tensor own_part_n = own_rows(part_N), order_n = own_part_n.argsort(/*stable=*/true, 0);
    const int64_t second = own_part_n.sum().item<int64_t>();
    Layer own(own_rows(x).index_select(0, order_n), false);
    own.y =
        batch_norm_over_ranks(own.x, {}, {}, {own.mean, own.variance, kMomentum}, kEps, {group.own() - second, second});
    EXPECT_TRUE(own.y.allclose(own_rows(want.y).index_select(0, order_n), 1e-11, 1e-12));
    EXPECT_TRUE(own.mean.allclose(want.mean, 1e-12, 1e-13));
    EXPECT_TRUE(own.variance.allclose(want.variance, 1e-12, 1e-13));
  });
}

// Under autocast, maps are bfloat16 while parameters and statistics stay float32.
TEST(BatchNormOfMixedTypesTest, KeepsTheTypeOfItsInputAndStatisticsInFloat32) {
  const at::Tensor x = channels_last(noise({kImages, kChannels, 2, 2}, 1)).to(at::kBFloat16);
  const auto parameter = [](double value) { return at::full({kChannels}, value, at::kFloat).set_requires_grad(true); };
  const auto checked = [&](Ranks& group, at::Tensor& mean) {
    group.take_batch(kImages);
    mean = at::zeros({kChannels});
    const at::Tensor variance = at::ones({kChannels}), weight = parameter(1.5), bias = parameter(0.5);
    const at::Tensor own = channels_last(own_rows(x)).set_requires_grad(true);
    const at::Tensor y = batch_norm_over_ranks(own, weight, bias, {mean, variance, kMomentum}, kEps, {group.own()});
    y.to(at::kFloat).square().sum().backward();
    EXPECT_EQ(y.scalar_type(), at::kBFloat16);
    EXPECT_EQ(own.grad().scalar_type(), at::kBFloat16);
    EXPECT_EQ(weight.grad().scalar_type(), at::kFloat);
    EXPECT_TRUE(own.grad().isfinite().all().item<bool>());
  };
  std::vector<at::Tensor> mean(2);
  run_as_ranks(2, [&](Ranks& group) { checked(group, mean[static_cast<size_t>(group.rank())]); });
  EXPECT_TRUE(mean[0].equal(mean[1]));
  EXPECT_TRUE(mean[0].allclose(kMomentum * x.to(at::kFloat).mean({0, 2, 3}), 1e-4, 1e-6));
}

TEST(BatchNormRefusalTest, NamesRowsThatBelongToNoPart) {
  const auto body = [](Ranks& group) {
    group.take_batch(kImages);
    const at::Tensor statistic = at::ones({kChannels});
    batch_norm_over_ranks(at::zeros({group.own(), kChannels}), {}, {}, {statistic, statistic, kMomentum}, kEps, {1});
  };
  EXPECT_THROW(run_as_ranks(2, body), std::logic_error);
}

}  // namespace
}  // namespace sslbench
