// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/operator_rule.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

TEST(OperatorRuleTest, WhatMakesTensorsOfTensorsIsTakenUnderBothSpellings) {
  for (const char* name :
       {"aten::conv2d", "aten::_convolution", "aten::batch_norm", "aten::scaled_dot_product_attention",
        "aten.mul.Tensor", "aten.sym_size.int", "aten.upsample_bicubic2d.vec", "aten::add_"}) {
    EXPECT_TRUE(is_tensor_operator(name)) << name;
  }
}

TEST(OperatorRuleTest, WhatTouchesFilesThreadsMemoryOrTheTerminalIsRefused) {
  for (const char* name : {"aten::save",
                           "aten::from_file",
                           "aten.from_file.default",
                           "aten::wait",
                           "aten::_print",
                           "aten::warn",
                           "aten::set_",
                           "aten::as_strided",
                           "aten::resize_",
                           "aten::record_stream",
                           "aten::_unsafe_index",
                           "aten::sparse_coo_tensor",
                           "aten::_thnn_fused_lstm_cell",
                           "aten::data_ptr",
                           "prim::rpc_async",
                           "quantized::conv2d",
                           "mkldnn::linear",
                           "inductor.accumulate_grad_.default",
                           "higher_order.cond",
                           "aten",
                           "aten::",
                           ""}) {
    EXPECT_FALSE(is_tensor_operator(name)) << name;
  }
}

TEST(OperatorRuleTest, ATracedModelIsAStraightLine) {
  EXPECT_TRUE(is_straight_line_step("prim::GetAttr"));
  for (const char* name : {"prim::Loop", "prim::fork", "prim::Print", "prim::SetAttr", "prim::PythonOp", "aten::wait",
                           "prim::RaiseException", "prim::rpc_sync"}) {
    EXPECT_FALSE(is_straight_line_step(name)) << name;
  }
}

TEST(OperatorRuleTest, SizesAreComputedByPlainArithmetic) {
  EXPECT_TRUE(is_size_operator("_operator.floordiv"));
  EXPECT_FALSE(is_size_operator("builtins.eval"));
  EXPECT_FALSE(is_size_operator("_operator.attrgetter"));
}

TEST(OperatorRuleTest, DropoutDrawsNumbersAndConvolutionDoesNot) {
  EXPECT_TRUE(draws_numbers("aten::dropout"));
  EXPECT_TRUE(draws_numbers("aten::bernoulli_"));
  EXPECT_FALSE(draws_numbers("aten::_convolution"));
}

}  // namespace
}  // namespace sslbench
