// SPDX-License-Identifier: Apache-2.0
// The losses of fine-tuning have denominators that differ between ranks: positive points, pixels with a label.
#include <gtest/gtest.h>

#include <map>

#include "datasets/image.h"
#include "methods/backbone.h"
#include "suites/protocols/parts/detector.h"
#include "suites/protocols/parts/segmentation_losses.h"
#include "suites/protocols/parts/segmenter.h"
#include "suites/tensors/aten.h"
#include "suites/training/gradient_sum.h"
#include "tests/suites/tensors/ranks/thread_ranks.h"

// Shapes: N images, K classes.
namespace sslbench {
namespace {

constexpr int64_t kImages = 5, kSide = 64, kClasses = 3;

Tensor images_NCHW() {
  at::Generator generator = at::detail::createCPUGenerator(5);
  return at::randn({kImages, 3, kSide, kSide}, generator, at::kDouble);
}

// None in the first two images: at three ranks, all that the first one has.
std::vector<std::vector<Box>> boxes_of(int64_t first, int64_t count) {
  std::vector<std::vector<Box>> out;
  for (int64_t n = first; n < first + count; ++n) {
    out.emplace_back();
    for (int64_t i = 0; i < n - 1; ++i) {
      const auto left = static_cast<float>(4 + 9 * i);
      out.back().push_back({.x0 = left, .y0 = 6, .x1 = left + 24, .y1 = 40, .label = static_cast<int32_t>(i)});
    }
  }
  return out;
}

// Every image has another number of pixels with a label, the first two have none.
Tensor masks_NHW() {
  Tensor out = at::arange(kImages * kSide * kSide).remainder(kClasses).view({kImages, kSide, kSide}).clone();
  for (int64_t n = 0; n < kImages; ++n)
    out[n].narrow(0, 0, n < 2 ? kSide : kSide - 5 * n).fill_(static_cast<int64_t>(Mask::kIgnore));
  return out;
}

struct Gradients {
  double loss = 0;
  std::map<std::string, Tensor> by_name;
};

// Of one step in float64, shared by ranks. `make`: the network; `loss`: of it and a rank's images.
template <typename Make, typename LossOf>
Gradients on_ranks(int64_t size, const Make& make, const LossOf& loss_of) {
  std::vector<Gradients> each(static_cast<size_t>(size));
  run_as_ranks(size, [&](Ranks& group) {
    group.take_batch(kImages);
    at::Generator generator = at::detail::createCPUGenerator(3);
    const auto network = make(make_backbone("resnet18", {{"width", 8}}, generator), generator);
    network->place(at::kCPU);
    for (const auto& [name, tensor] : network->state()) {
      if (tensor.is_floating_point()) tensor.set_data(tensor.data().to(at::kDouble));
    }
    const Tensor share = loss_of(*network, group) * group.weight();
    share.backward();
    const auto trainable = network->trainable();
    GradientSum(trainable).sum(group);
    const Tensor total = share.detach().clone();
    group.sum(total);
    Gradients& out = each[static_cast<size_t>(group.rank())];
    out.loss = total.template item<double>();
    for (const auto& [name, parameter] : trainable) {
      if (parameter.grad().defined()) out.by_name[name] = parameter.grad();
    }
  });
  return each.front();
}

void expect_same(const Gradients& got, const Gradients& want, int64_t ranks) {
  EXPECT_NEAR(got.loss, want.loss, 1e-11 * std::abs(want.loss)) << ranks << " ranks";
  ASSERT_EQ(got.by_name.size(), want.by_name.size());
  for (const auto& [name, gradient] : want.by_name) {
    const double apart = (got.by_name.at(name) - gradient).norm().item<double>();
    EXPECT_LT(apart, 1e-10 * std::max(1e-6, gradient.norm().item<double>()) + 1e-15)
        << name << ", " << ranks << " ranks";
  }
}

Tensor rows(const Tensor& all, const Ranks& group) { return all.narrow(0, group.first_row(), group.own()); }

TEST(FinetuneOverRanksTest, DetectorHasTheLossAndGradientsOfOneProcess) {
  const auto make = [](std::unique_ptr<Backbone> backbone, at::Generator& generator) {
    return std::make_unique<Detector>(std::move(backbone), kClasses, DetectorSettings{.channels = 32, .convs = 1},
                                      generator);
  };
  const auto loss = [](const Detector& detector, const Ranks& group) {
    return detector.loss({rows(images_NCHW(), group), boxes_of(group.first_row(), group.own()), {}}).total;
  };
  const Gradients one = on_ranks(1, make, loss);
  for (const int64_t ranks : {2, 3}) expect_same(on_ranks(ranks, make, loss), one, ranks);
}

TEST(FinetuneOverRanksTest, SegmenterHasTheLossAndGradientsOfOneProcess) {
  const auto make = [](std::unique_ptr<Backbone> backbone, at::Generator& generator) {
    return std::make_unique<Segmenter>(std::move(backbone), kClasses, /*channels=*/8, /*min_stride=*/4, generator);
  };
  const auto loss = [](const Segmenter& segmenter, const Ranks& group) {
    const Tensor labels = rows(masks_NHW(), group);
    const Tensor scores = resize_scores(segmenter.scores(rows(images_NCHW(), group)), kSide, kSide);
    const Tensor weights_K = at::tensor({0.5, 1.0, 2.0}, at::kDouble);
    return semantic_cross_entropy(scores, labels, weights_K) + dice_loss(scores, labels);
  };
  const Gradients one = on_ranks(1, make, loss);
  for (const int64_t ranks : {2, 3}) expect_same(on_ranks(ranks, make, loss), one, ranks);
}

}  // namespace
}  // namespace sslbench
