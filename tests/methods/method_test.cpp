// SPDX-License-Identifier: Apache-2.0
#include "methods/method.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// Parameters of the method's whole state whose numbers are all `value`.
int64_t filled_with(const Method& method, float value) {
  int64_t out = 0;
  for (const auto& [name, tensor] : method.parameters()) out += tensor.eq(value).all().item<bool>() ? 1 : 0;
  return out;
}

TEST(MakeMethodTest, EveryBackboneOfAMethodStartsFromTheWeightsThatItIsGiven) {
  constexpr float kGiven = 0.3125f;
  for (const char* name : {"simclr", "byol", "moco_v2", "dino", "densecl", "supervised"}) {
    const MethodEntry& entry = Registry<MethodEntry>::find(name);
    const MethodInput input{.classes = 4, .examples = 96, .image_size = 32, .views = entry.views, .batch_size = 8};
    int64_t built = 0;
    const auto method = make_method(name, entry.tiny, {"resnet18", Registry<BackboneEntry>::find("resnet18").tiny},
                                    input, 0, [&](Backbone& backbone) {
                                      const at::NoGradGuard no_grad;
                                      for (const auto& [unused, tensor] : backbone.parameters()) tensor.fill_(kGiven);
                                      ++built;
                                    });
    const auto per_backbone = static_cast<int64_t>(method->backbone().parameters().size());
    EXPECT_EQ(filled_with(*method, kGiven), built * per_backbone) << name;
    EXPECT_EQ(built > 1, std::string(name) != "simclr" && std::string(name) != "supervised") << name;
  }
}

}  // namespace
}  // namespace sslbench
