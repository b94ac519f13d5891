// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/probe_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "tests/golden/formula.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

std::unique_ptr<Backbone> network(const std::string& name, const nlohmann::json& settings) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  auto out = make_backbone(name, settings, generator);
  out->train(false);
  return out;
}

std::unique_ptr<Backbone> vit(int64_t depth) {
  return network("vit_tiny", {{"depth", depth}, {"dim", 24}, {"heads", 2}, {"patch_size", 8}, {"image_size", 32}});
}

TEST(ProbeInputsTest, EveryInputSeesItsOwnColumns) {
  const auto of = vit(5);
  const ProbeInputs inputs(*of, {"features", "cls1", "cls4", "cls1+patches", "cls4+patches"}, "task");
  const at::NoGradGuard no_grad;
  const Tensor x = formula_image(2, 32, 32, 0, 1), h_NW = inputs.features(x);
  EXPECT_EQ(h_NW.size(1), inputs.width());
  const LastBlocks last = of->last_blocks(x, 4);
  const Tensor &mean = last.patch_mean_ND, features = of->features(x);
  const auto& cls = last.class_ND;
  const std::vector<Tensor> expected{features, cls[3], at::cat({cls[3], cls[2], cls[1], cls[0]}, 1),
                                     at::cat({mean, cls[3]}, 1), at::cat({mean, cls[3], cls[2], cls[1], cls[0]}, 1)};
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(columns_of(h_NW, inputs.all()[i]).equal(expected[i])) << inputs.all()[i].name;
  }
}

TEST(ProbeInputsTest, NetworksWithoutAClassTokenGiveTheirFeaturesForAll) {
  const auto of = network("resnet18", {{"width", 8}});
  const ProbeInputs inputs(*of, {"cls1", "cls4+patches"}, "task");
  EXPECT_TRUE(inputs.only_features());
  EXPECT_EQ(inputs.width(), of->width());
}

std::string refused(const std::vector<std::string>& names) {
  const auto of = vit(3);
  try {
    const ProbeInputs inputs(*of, names, "protocol 'probe'");
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(ProbeInputsTest, WhatIsNoInputIsRefused) {
  EXPECT_THAT(refused({"cls2"}), HasSubstr("protocol 'probe': inputs names 'cls2', expected one of features, cls1"));
  EXPECT_THAT(refused({"cls4"}), HasSubstr("inputs names 'cls4', but the network has 3 blocks; take cls1"));
  EXPECT_THAT(refused({"cls1", "cls1"}), HasSubstr("inputs names 'cls1' twice"));
  EXPECT_THAT(refused({}), HasSubstr("inputs is empty"));
}

}  // namespace
}  // namespace sslbench
