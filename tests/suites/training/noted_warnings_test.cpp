// SPDX-License-Identifier: Apache-2.0
#include "suites/training/noted_warnings.h"

#include <gtest/gtest.h>

#include <ATen/Context.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// What LibTorch does in an operation that has no repeatable form.
void warn_of(const char* operation) {
  at::Context& context = at::globalContext();
  context.setDeterministicAlgorithms(true, /*warn_only=*/true);
  at::Context::alertNotDeterministic(operation);
  context.setDeterministicAlgorithms(false, false);
}

TEST(NotedWarningsTest, NamesWhatIsNotRepeatable) {
  testing::internal::CaptureStderr();
  {
    const NotedWarnings warnings;
    warn_of("put_");
    TORCH_WARN("Flash Attention defaults to a non-deterministic algorithm. To explicitly enable determinism ..");
    TORCH_WARN("something else");
    EXPECT_EQ(warnings.note(), "repeatable: no; the same seed may give other bits: Flash Attention, put_");
  }
  EXPECT_NE(testing::internal::GetCapturedStderr().find("something else"), std::string::npos);
}

TEST(NotedWarningsTest, SaysNothingOtherwiseAndNothingAfterItsEnd) {
  const NotedWarnings outer;
  {
    const NotedWarnings inner;
    EXPECT_EQ(inner.note(), "");
  }
  TORCH_WARN("something else");
  EXPECT_EQ(outer.note(), "");
}

}  // namespace
}  // namespace sslbench
