// SPDX-License-Identifier: Apache-2.0
#include "suites/training/precision.h"

#include <ATen/Context.h>
#include <gtest/gtest.h>

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

TEST(PrecisionTest, EffectiveOnesAreNamedAsTheOptionNamesThem) {
  for (const char* name : {"fp32", "tf32", "bf16"}) EXPECT_STREQ(name_of(precision_of(name, kGpu)), name);
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
