// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/probe_heads.h"

#include <gtest/gtest.h>

#include <map>

#include "methods/parts/label_loss.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr int64_t kClasses = 3;

ProbeHeadsShape shape() {
  return {.inputs = {{.name = "features", .first = 0, .width = 4}, {.name = "cls1", .first = 2, .width = 5}},
          .rates = {0.1, 1},
          .classes = kClasses};
}

std::map<std::string, Tensor> gradients(const Tensor& h_NW, const Tensor& labels_N, const Tensor& kept_N) {
  const ProbeHeads heads(shape());
  heads.loss(h_NW, labels_N, kept_N).backward();
  std::map<std::string, Tensor> out;
  for (const auto& [name, tensor] : heads.parameters()) out[name] = tensor.grad().clone();
  return out;
}

struct Batch {
  Tensor h_NW, labels_N, kept_N;
};

// The last two images are held out.
Batch batch() {
  at::Generator generator = at::detail::createCPUGenerator(0);
  Batch out{at::randn({6, 7}, generator), at::tensor({0, 1, 2, 0, 1, 2}, at::kLong), {}};
  out.kept_N = out.labels_N.clone();
  out.kept_N.narrow(0, 4, 2).fill_(kNoLabel);
  return out;
}

TEST(ProbeHeadsTest, TwinsLearnNothingOfAHeldOutImage) {
  const Batch of = batch();
  Tensor other_N = of.labels_N.clone();
  other_N.narrow(0, 4, 2).copy_(at::tensor({2, 0}, at::kLong));
  const auto one = gradients(of.h_NW, of.labels_N, of.kept_N), other = gradients(of.h_NW, other_N, of.kept_N);
  for (const auto& [name, gradient] : one) EXPECT_EQ(gradient.equal(other.at(name)), name.starts_with("kept.")) << name;
}

TEST(ProbeHeadsTest, ABatchOfHeldOutImagesAloneLeavesTheTwinsAsTheyAre) {
  const Batch of = batch();
  for (const auto& [name, gradient] : gradients(of.h_NW, of.labels_N, at::full_like(of.labels_N, kNoLabel))) {
    if (name.starts_with("kept.")) EXPECT_EQ(gradient.abs().sum().item<double>(), 0) << name;
  }
}

TEST(ProbeHeadsTest, EveryHeadLearnsAsIfAloneAtItsOwnRate) {
  ProbeHeads heads(shape());
  EXPECT_EQ(heads.count(), 4u);
  EXPECT_EQ(heads.rule("all.3.weight").rate_scale, 1);
  EXPECT_EQ(heads.rule("kept.2.bias").rate_scale, 0.1);
  const Batch of = batch();
  ProbeHeadsShape one_shape = shape();
  one_shape.inputs.erase(one_shape.inputs.begin());
  one_shape.rates = {1};
  one_shape.twins = false;
  const ProbeHeads alone(one_shape);
  alone.loss(of.h_NW, of.labels_N, of.kept_N).backward();
  const auto together = gradients(of.h_NW, of.labels_N, of.kept_N);
  for (const auto& [name, tensor] : alone.parameters()) {
    EXPECT_TRUE(tensor.grad().equal(together.at("all.3" + name.substr(5)))) << name;
  }
}

}  // namespace
}  // namespace sslbench
