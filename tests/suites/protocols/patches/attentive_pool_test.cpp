// SPDX-License-Identifier: Apache-2.0
// What the goldens of the four classifiers do not say (tests/golden/adapters/attentive_pool.cpp).
#include "suites/protocols/patches/attentive_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

std::unique_ptr<AttentiveClassifier> classifier(const std::string& variant) {
  at::Generator generator = at::detail::createCPUGenerator(1);
  auto out = make_attentive_classifier({.variant = variant, .dim = 8, .heads = 2, .classes = 3}, generator);
  out->place(at::kCPU);
  out->train(false);
  return out;
}

Tensor tokens_NTD() {
  at::Generator generator = at::detail::createCPUGenerator(2);
  return at::randn({4, 5, 8}, generator);
}

TEST(AttentiveClassifierTest, TheOrderOfPatchesDoesNotMatterButTheirValuesDo) {
  const at::NoGradGuard no_grad;
  const Tensor turned = tokens_NTD().roll({2}, {1}), changed = tokens_NTD();
  changed.select(1, 3).neg_();
  for (const std::string& variant : attentive_variants()) {
    const auto net = classifier(variant);
    EXPECT_TRUE(net->scores(turned).allclose(net->scores(tokens_NTD()), 1e-4, 1e-5)) << variant;
    EXPECT_FALSE(net->scores(changed).allclose(net->scores(tokens_NTD()), 1e-3, 1e-4)) << variant;
    EXPECT_EQ(net->scores(tokens_NTD()).sizes(), at::IntArrayRef({4, 3})) << variant;
  }
}

TEST(AttentiveClassifierTest, EveryParameterThatLearnsGetsAGradient) {
  for (const std::string& variant : attentive_variants()) {
    const auto net = classifier(variant);
    net->scores(tokens_NTD()).square().sum().backward();
    for (const auto& [name, parameter] : net->trainable()) {
      EXPECT_TRUE(parameter.grad().defined()) << variant << " " << name;
    }
  }
}

TEST(AttentiveClassifierTest, HeadsThatDoNotDivideTheFeaturesAreRefused) {
  at::Generator generator = at::detail::createCPUGenerator(1);
  try {
    make_attentive_classifier({.dim = 10, .heads = 4, .classes = 3}, generator);
    ADD_FAILURE() << "not refused";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("heads = 4 do not divide the 10 features"));
  }
}

}  // namespace
}  // namespace sslbench
