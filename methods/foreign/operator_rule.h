// SPDX-License-Identifier: Apache-2.0
// Which operators a model from elsewhere may call: those that make tensors of tensors. Whoever wrote the file chose the
// names, so what is not known to be one is refused.
#pragma once

#include <string_view>

namespace sslbench {

// "aten::conv2d" or "aten.conv2d.default", of which only the middle counts. Refused: any other namespace, and of aten
// what reads or writes files, prints, waits, looks at memory, or trusts indices and sizes without a look.
bool is_tensor_operator(std::string_view name);

// What torch.export computes sizes with: "_operator.mul", "torch.sym_max", "math.ceil".
bool is_size_operator(std::string_view name);

// What a traced model is made of besides: a straight line of calls, no loop, no thread, no output ("prim::GetAttr").
bool is_straight_line_step(std::string_view name);

// Whether it draws random numbers (dropout and its kind do in training mode).
bool draws_numbers(std::string_view tensor_operator);

}  // namespace sslbench
