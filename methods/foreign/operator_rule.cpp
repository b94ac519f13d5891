// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/operator_rule.h"

#include <algorithm>
#include <iterator>

namespace sslbench {
namespace {

// Parts of names of aten that no forward pass of a network needs and that do more than compute.
constexpr std::string_view kRefusedParts[] = {
    "file",   "save",    "load",   "print", "warn",    "unsafe", "sparse", "nested", "quantize", "fbgemm",  "storage",
    "stream", "pin_mem", "shared", "cuda",  "cudnn",   "miopen", "mkldnn", "xnn",    "vulkan",   "foreach", "fused",
    "test",   "coales",  "record", "wait",  "resize_", "pickle", "format", "device", "data_ptr", "backward"};
constexpr std::string_view kRefused[] = {
    "set_", "set",           "set_data",          "save",   "from_file", "as_strided",    "as_strided_", "get", "input",
    "hash", "empty_strided", "new_empty_strided", "rename", "rename_",   "segment_reduce"};
// Names of aten that begin with an underscore are its inner pieces; these are what exporters and tracers write.
constexpr std::string_view kInnerPieces[] = {"_convolution",
                                             "_softmax",
                                             "_log_softmax",
                                             "_to_copy",
                                             "_unsafe_view",
                                             "_adaptive_avg_pool2d",
                                             "_upsample_bilinear2d_aa",
                                             "_upsample_bicubic2d_aa",
                                             "_assert_scalar",
                                             "_assert_tensor_metadata",
                                             "_shape_as_tensor",
                                             "_weight_norm",
                                             "_native_batch_norm_legit_no_training",
                                             "_native_batch_norm_legit",
                                             "_scaled_dot_product_flash_attention_for_cpu",
                                             "_scaled_dot_product_attention_math",
                                             "_native_batch_norm_legit_functional"};
constexpr std::string_view kSizeOperators[] = {
    "_operator.add", "_operator.sub", "_operator.mul",  "_operator.floordiv", "_operator.truediv", "_operator.mod",
    "_operator.neg", "_operator.pow", "_operator.eq",   "_operator.ne",       "_operator.lt",      "_operator.le",
    "_operator.gt",  "_operator.ge",  "_operator.and_", "_operator.or_",      "_operator.not_",    "_operator.getitem",
    "torch.sym_max", "torch.sym_min", "torch.sym_int",  "torch.sym_float",    "torch.sym_not",     "torch.sym_ite",
    "torch.sym_sum", "math.trunc",    "math.floor",     "math.ceil"};
constexpr std::string_view kSteps[] = {
    "prim::Constant",       "prim::GetAttr",     "prim::CallMethod", "prim::CallFunction",
    "prim::TupleConstruct", "prim::TupleUnpack", "prim::TupleIndex", "prim::ListConstruct",
    "prim::ListUnpack",     "prim::NumToTensor", "prim::If",         "prim::dtype",
    "prim::shape",          "prim::min",         "prim::max",        "prim::unchecked_cast"};
constexpr std::string_view kDraws[] = {"dropout", "bernoulli",   "rand",   "normal",    "uniform", "multinomial",
                                       "rrelu",   "exponential", "cauchy", "geometric", "poisson"};

bool among(const auto& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

bool has_part(const auto& parts, std::string_view name) {
  return std::any_of(std::begin(parts), std::end(parts),
                     [&](std::string_view part) { return name.find(part) != std::string_view::npos; });
}

// "conv2d" of "aten::conv2d" and of "aten.conv2d.default"; empty for another namespace.
std::string_view own_name(std::string_view name) {
  if (name.starts_with("aten::")) return name.substr(6);
  if (!name.starts_with("aten.")) return {};
  name.remove_prefix(5);
  return name.substr(0, name.find('.'));
}

}  // namespace

bool is_tensor_operator(std::string_view name) {
  const std::string_view own = own_name(name);
  if (own.empty()) return false;
  if (among(kInnerPieces, own)) return true;
  return own[0] != '_' && !among(kRefused, own) && !has_part(kRefusedParts, own);
}

bool is_size_operator(std::string_view name) { return among(kSizeOperators, name); }

bool is_straight_line_step(std::string_view name) { return among(kSteps, name); }

bool draws_numbers(std::string_view tensor_operator) { return has_part(kDraws, tensor_operator); }

}  // namespace sslbench
