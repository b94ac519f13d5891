// SPDX-License-Identifier: Apache-2.0
#include "methods/transformer.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"
#include "tests/golden/formula.h"

namespace sslbench {
namespace {

double difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

std::map<std::string, Tensor> by_name(const Module& net) {
  std::map<std::string, Tensor> out;
  for (const auto& [name, tensor] : net.parameters()) out[name] = tensor;
  return out;
}

TEST(TransformerTest, ActivationsAreWhatTheirNamesSay) {
  const Tensor x = at::tensor({-2.0, -0.5, 0.0, 1.0, 3.0}, at::kDouble);
  const Tensor erf = x * 0.5 * (1 + (x / std::sqrt(2.0)).erf());
  EXPECT_LT(difference(activated(x, Activation::gelu), erf), 1e-12);
  const Tensor tanh = 0.5 * x * (1 + (std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)).tanh());
  EXPECT_LT(difference(activated(x, Activation::gelu_tanh), tanh), 1e-12);
  EXPECT_LT(difference(activated(x, Activation::quick_gelu), x * (1.702 * x).sigmoid()), 1e-12);
}

TEST(TransformerTest, SwiGluGatesTheSecondHalfByTheFirst) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const FeedForward mlp({.dim = 4, .hidden = 6, .swiglu = true, .first = "w12", .second = "w3"}, generator);
  set_formula_state(mlp);
  auto p = by_name(mlp);
  EXPECT_EQ(p.at("w12.weight").sizes().vec(), (std::vector<int64_t>{6, 4}));
  const Tensor x = formula_tensor({2, 3, 4}, 7, 1, 0);
  const Tensor h = at::linear(x, p.at("w12.weight"), p.at("w12.bias"));
  const Tensor a = h.narrow(-1, 0, 3), b = h.narrow(-1, 3, 3);
  EXPECT_LT(difference(mlp(x), at::linear(a * a.sigmoid() * b, p.at("w3.weight"), p.at("w3.bias"))), 1e-6);
}

TEST(TransformerTest, LayerScaleOfZeroIsTheIdentityAndStandsBetweenTheLayers) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const TransformerBlock block({.heads = 2, .mlp = {.dim = 8, .hidden = 16}, .layer_scale = 0.5}, generator);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : block.parameters()) {
    names.push_back(name);
    if (name.ends_with("gamma")) EXPECT_EQ(tensor.min().item<double>(), 0.5);
  }
  EXPECT_EQ(names[6], "ls1.gamma");
  EXPECT_EQ(names.back(), "ls2.gamma");
  const Tensor x = formula_tensor({2, 5, 8}, 3, 1, 0);
  EXPECT_GT(difference(block(x), x), 1e-3);
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : block.parameters()) {
    if (name.ends_with("gamma")) tensor.zero_();
  }
  EXPECT_EQ(difference(block(x), x), 0);
}

}  // namespace
}  // namespace sslbench
