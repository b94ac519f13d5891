// SPDX-License-Identifier: Apache-2.0
#include "suites/training/precision.h"

#include <ATen/Context.h>
#include <gmock/gmock.h>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

const at::Device kGpu("cuda:0");

TEST(PrecisionTest, AutoIsBf16OnAGpu) { EXPECT_EQ(precision_of("auto", kGpu), Precision::bf16); }

TEST(PrecisionTest, WhatWasAskedForIsTakenOnAnyDevice) {
  for (const at::Device device : {at::Device(at::kCPU), kGpu}) {
    EXPECT_EQ(precision_of("fp32", device), Precision::fp32);
    EXPECT_EQ(precision_of("bf16", device), Precision::bf16);
  }
}

TEST(PrecisionTest, ACpuHasNoTf32) {
  EXPECT_EQ(precision_of("tf32", kGpu), Precision::tf32);
  EXPECT_EQ(precision_of("tf32", at::kCPU), Precision::fp32);
}

TEST(PrecisionTest, Fp16NeedsAGpuAndSaysWhatToTakeInstead) {
  EXPECT_EQ(precision_of("fp16", kGpu), Precision::fp16);
  EXPECT_THAT([] { precision_of("fp16", at::kCPU); },
              ::testing::ThrowsMessage<UserError>(::testing::AllOf(
                  ::testing::HasSubstr("precision = \"fp16\" needs a GPU, and this run is on device cpu"),
                  ::testing::HasSubstr("precision = \"bf16\""))));
}

TEST(PrecisionTest, AutocastTakesHalfOfTheBitsInTheTypeThatWasAsked) {
  EXPECT_EQ(autocast_type(Precision::bf16), at::kBFloat16);
  EXPECT_EQ(autocast_type(Precision::fp16), at::kHalf);
  for (const Precision whole : {Precision::fp32, Precision::tf32}) EXPECT_EQ(autocast_type(whole), std::nullopt);
  const Autocast outer(at::kCPU, at::kHalf);
  {
    const Autocast inner(at::kCPU, at::kBFloat16);
    EXPECT_EQ(autocast_type(at::kCPU), at::kBFloat16);
  }
  EXPECT_EQ(autocast_type(at::kCPU), at::kHalf);
}

TEST(PrecisionTest, EffectiveOnesAreNamedAsTheOptionNamesThem) {
  for (const char* name : {"fp32", "tf32", "bf16", "fp16"}) EXPECT_STREQ(name_of(precision_of(name, kGpu)), name);
}

TEST(PrecisionTest, Tf32IsAllowedWithinItsScopeAlone) {
  const bool before = at::globalContext().allowTF32CuDNN();
  {
    const ConvolutionsInTf32 none(false);
    {
      const ConvolutionsInTf32 allowed(true);
      EXPECT_TRUE(at::globalContext().allowTF32CuDNN());
    }
    EXPECT_FALSE(at::globalContext().allowTF32CuDNN());
  }
  EXPECT_EQ(at::globalContext().allowTF32CuDNN(), before);
}

}  // namespace
}  // namespace sslbench
