// SPDX-License-Identifier: Apache-2.0
#include "suites/training/kernels_option.h"

#include <gtest/gtest.h>

#include "suites/training/train_settings.h"

namespace sslbench {
namespace {

const at::Device kGpu("cuda:0");

TEST(KernelsOptionTest, AGpuHasNoOwnOnes) {
  EXPECT_EQ(kernels_of("own", at::kCPU), Kernels::own);
  EXPECT_EQ(kernels_of("own", kGpu), Kernels::library);
}

TEST(KernelsOptionTest, EffectiveOnesAreNamedAsTheOptionNamesThem) {
  for (const char* name : {"own", "library"}) EXPECT_STREQ(name_of(kernels_of(name, at::kCPU)), name);
}

TEST(KernelsOptionTest, ProgramsBeforeItUsedTheLibrary) { EXPECT_EQ(kernels_option().neutral, "library"); }

TEST(KernelsOptionTest, PretrainingReadsIt) {
  const Settings asked("pretrain", pretrain_options(), {{"kernels", "library"}});
  EXPECT_EQ(pretrain_settings(asked, at::kCPU).kernels, Kernels::library);
  const Settings unsaid("pretrain", pretrain_options(), nlohmann::json::object());
  EXPECT_EQ(pretrain_settings(unsaid, at::kCPU).kernels, Kernels::own);
}

TEST(ChosenKernelsTest, HoldInTheirScopeAlone) {
  EXPECT_EQ(chosen_kernels(), Kernels::library);
  {
    const ChosenKernels own(Kernels::own);
    {
      const ChosenKernels library(Kernels::library);
      EXPECT_EQ(chosen_kernels(), Kernels::library);
    }
    EXPECT_EQ(chosen_kernels(), Kernels::own);
  }
  EXPECT_EQ(chosen_kernels(), Kernels::library);
}

}  // namespace
}  // namespace sslbench
