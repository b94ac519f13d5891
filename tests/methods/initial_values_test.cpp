// SPDX-License-Identifier: Apache-2.0
#include "methods/initial_values.h"

#include <gtest/gtest.h>

#include "methods/backbone.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

std::vector<std::pair<std::string, std::vector<int64_t>>> names_and_shapes(const Module& net) {
  std::vector<std::pair<std::string, std::vector<int64_t>>> out;
  for (const auto& [name, tensor] : net.state()) out.emplace_back(name, tensor.sizes().vec());
  return out;
}

std::unique_ptr<Backbone> build(const std::string& name, const nlohmann::json& settings) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  return make_backbone(name, settings, generator);
}

TEST(InitialValuesTest, ShapesOnlyNetworksHaveTheNamesAndShapesOfRealOnes) {
  for (const auto& [name, entry] : Registry<BackboneEntry>::all()) {
    const bool from_file =
        std::ranges::any_of(entry.options, [](const Option& option) { return option.type == OptionType::file; });
    if (from_file) continue;
    const auto real = build(name, entry.tiny);
    const ShapesOnly no_values;
    EXPECT_EQ(names_and_shapes(*build(name, entry.tiny)), names_and_shapes(*real)) << name;
  }
}

TEST(InitialValuesTest, ANetworkOfABillionParametersHasNoMemoryWhenItIsShapesOnly) {
  const ShapesOnly no_values;
  int64_t numel = 0, on_meta = 0;
  for (const auto& [name, tensor] : build("dinov2_giant", nlohmann::json::object())->parameters()) {
    numel += tensor.numel();
    on_meta += tensor.is_meta() ? tensor.numel() : 0;
  }
  EXPECT_GT(numel, 1'136'000'000);
  EXPECT_EQ(on_meta, numel);
}

TEST(InitialValuesTest, ShapesOnlyEndsWithItsScopeAndDrawsNothing) {
  at::Generator drawn = at::detail::createCPUGenerator(3), fresh = at::detail::createCPUGenerator(3);
  {
    const ShapesOnly outer;
    { const ShapesOnly inner; }
    EXPECT_TRUE(normal_values({4}, 1, drawn).is_meta());
    EXPECT_TRUE(uniform_values({4}, 1, drawn).is_meta());
  }
  EXPECT_TRUE(at::equal(normal_values({4}, 1, drawn), normal_values({4}, 1, fresh)));
}

TEST(InitialValuesTest, ValuesFollowTheirLaws) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  EXPECT_NEAR(normal_values({10000}, 0.5, generator).std().item<double>(), 0.5, 0.02);
  const Tensor uniform = uniform_values({10000}, 2, generator);
  EXPECT_LE(uniform.abs().max().item<double>(), 2);
  EXPECT_NEAR(uniform.abs().mean().item<double>(), 1, 0.03);
  EXPECT_EQ(constant_values({3}, 7).sum().item<double>(), 21);
}

}  // namespace
}  // namespace sslbench
