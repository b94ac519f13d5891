// SPDX-License-Identifier: Apache-2.0
#include "methods/module.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

struct Counting final : Module {
  explicit Counting(bool on_host) {
    counter = on_host ? add_host_buffer("counter", at::ones({})) : add_buffer("counter", at::ones({}));
  }
  Tensor counter;
};

// The meta device stands for any that is not the CPU: moving a tensor there in place is refused.
TEST(ModuleTest, HostBuffersStayOnTheCpuWhereverTheirModuleIsPlaced) {
  Counting host(true), other(false);
  host.place(at::kMeta);
  EXPECT_TRUE(host.counter.is_cpu());
  EXPECT_ANY_THROW(other.place(at::kMeta));
}

TEST(ModuleTest, HostBuffersAreStateLikeOthersAndKeepTheirPlaceInIt) {
  struct Mixed final : Module {
    Mixed() {
      add_host_buffer("first", at::zeros({}));
      add_buffer("second", at::ones({}));
      add_host_buffer("third", at::zeros({}));
    }
  } mixed;
  std::string names;
  for (const auto& [name, tensor] : mixed.state()) names += name + " ";
  EXPECT_EQ(names, "first second third ");
}

}  // namespace
}  // namespace sslbench
