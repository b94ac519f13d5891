// SPDX-License-Identifier: Apache-2.0
#include "methods/multitask.h"

#include <gtest/gtest.h>

#include "methods/backbone.h"
#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

bool has_mask_head(const Method& method) {
  const auto parameters = method.parameters();
  return std::any_of(parameters.begin(), parameters.end(),
                     [](const NamedTensor& named) { return named.first.starts_with("mask_head."); });
}

TEST(MultitaskTest, TheMaskHeadReadsEveryMapOfTheTrunk) {
  const auto method = small_method("multitask", {{"class_weight", 0.0}, {"box_weight", 0.0}});
  method->loss(noise_batch(8, 1), {}).total.backward();
  int64_t scored = 0;
  for (const auto& [name, parameter] : method->parameters()) {
    if (!name.starts_with("mask_head.") || !name.ends_with("weight")) continue;
    EXPECT_GT(parameter.grad().abs().max().item<float>(), 0) << name;
    ++scored;
  }
  EXPECT_EQ(scored, static_cast<int64_t>(method->backbone().levels().size()));
}

TEST(MultitaskTest, ThePlainFormHasTwoHeads) {
  EXPECT_FALSE(has_mask_head(*small_method("multitask", {{"mask_weight", 0.0}})));
  EXPECT_FALSE(has_mask_head(*small_method("multitask", {{"targets", "labels"}})));
  EXPECT_TRUE(has_mask_head(*small_method("multitask")));
}

TEST(MultitaskTest, TheLossIsTheWeightedSumOfItsTerms) {
  const auto method = small_method("multitask", {{"class_weight", 2.0}, {"box_weight", 3.0}, {"mask_weight", 4.0}});
  const Loss loss = method->loss(noise_batch(8, 1), {});
  ASSERT_EQ(loss.terms.size(), 3);
  const auto term = [&](size_t i) { return loss.terms[i].second.item<double>(); };
  EXPECT_NEAR(loss.total.item<double>(), 2 * term(0) + 3 * term(1) + 4 * term(2), 1e-5);
}

}  // namespace
}  // namespace sslbench
