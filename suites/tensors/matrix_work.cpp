// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/matrix_work.h"

#include <ATen/record_function.h>

#include <array>
#include <atomic>
#include <string_view>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using Inputs = c10::ArrayRef<const c10::IValue>;

std::atomic<double> counted = 0;  // RecordFunction calls plain functions

double numbers(const c10::IValue& tensor) { return static_cast<double>(tensor.toTensor().numel()); }
double last_size(const c10::IValue& tensor) { return static_cast<double>(tensor.toTensor().size(-1)); }

// [.., N, K] x [.., K, M] at `first` of the inputs.
double product(const Inputs& inputs, size_t first) { return 2 * numbers(inputs[first]) * last_size(inputs[first + 1]); }

// Every weight meets every place of the side that is not enlarged, of every image.
double convolved(const at::Tensor& small_side, const c10::IValue& weight) {
  const double places = static_cast<double>(small_side.numel()) / static_cast<double>(small_side.size(1));
  return 2 * places * numbers(weight);
}

// input, weight, bias, stride, padding, dilation, transposed, output padding, groups
double convolution(const Inputs& inputs) {
  const at::Tensor& x = inputs[0].toTensor();
  if (inputs[6].toBool()) return convolved(x, inputs[1]);
  const at::Tensor& w = inputs[1].toTensor();
  const auto stride = inputs[3].toIntVector(), padding = inputs[4].toIntVector(), dilation = inputs[5].toIntVector();
  const auto of = [](const std::vector<int64_t>& all, size_t i) { return all.size() == 1 ? all[0] : all[i]; };
  double places = static_cast<double>(x.size(0));
  for (int64_t d = 2; d < x.dim(); ++d) {
    const auto i = static_cast<size_t>(d - 2);
    const int64_t reach = of(dilation, i) * (w.size(d) - 1) + 1;
    places *= static_cast<double>((x.size(d) + 2 * of(padding, i) - reach) / of(stride, i) + 1);
  }
  return 2 * places * static_cast<double>(w.numel());
}

// gradient, input, weight, bias sizes, stride, padding, dilation, transposed, output padding, groups, wanted
double convolution_backward(const Inputs& inputs) {
  const at::Tensor& small_side = inputs[inputs[7].toBool() ? 1 : 0].toTensor();
  const auto wanted = inputs[10].toBoolList();
  return (wanted[0] + wanted[1]) * convolved(small_side, inputs[2]);
}

// Own convolutions (suites/tensors/conv3x3) count as the direct ones they stand for. Input, weight; gradient, input,
// weight, wanted of input, of weight.
double conv3x3(const Inputs& inputs) { return convolved(inputs[0].toTensor(), inputs[1]); }
double conv3x3_backward(const Inputs& inputs) {
  return (inputs[3].toBool() + inputs[4].toBool()) * convolved(inputs[0].toTensor(), inputs[2]);
}

// Queries, keys, values [B, H, tokens, D], the first at `first`: scores, and what they weigh.
double attention(const Inputs& inputs, size_t first) {
  const at::Tensor &q = inputs[first].toTensor(), &k = inputs[first + 1].toTensor();
  return 4 * static_cast<double>(q.numel()) * static_cast<double>(k.size(-2));
}

double forward_attention(const Inputs& inputs) { return attention(inputs, 0); }
double backward_attention(const Inputs& inputs) { return 2 * attention(inputs, 1); }  // the gradient comes first

struct Counted {
  std::string_view name;
  double (*operations)(const Inputs& inputs);
};

constexpr std::array kCounted = {
    Counted{"aten::mm", [](const Inputs& inputs) { return product(inputs, 0); }},
    Counted{"aten::bmm", [](const Inputs& inputs) { return product(inputs, 0); }},
    Counted{"aten::addmm", [](const Inputs& inputs) { return product(inputs, 1); }},
    Counted{"aten::baddbmm", [](const Inputs& inputs) { return product(inputs, 1); }},
    Counted{"aten::convolution", convolution},
    Counted{"aten::convolution_backward", convolution_backward},
    Counted{"sslbench::conv3x3", conv3x3},
    Counted{"sslbench::conv3x3_backward", conv3x3_backward},
    Counted{"aten::_scaled_dot_product_flash_attention_for_cpu", forward_attention},
    Counted{"aten::_scaled_dot_product_flash_attention", forward_attention},
    Counted{"aten::_scaled_dot_product_efficient_attention", forward_attention},
    Counted{"aten::_scaled_dot_product_cudnn_attention", forward_attention},
    Counted{"aten::_scaled_dot_product_flash_attention_for_cpu_backward", backward_attention},
    Counted{"aten::_scaled_dot_product_flash_attention_backward", backward_attention},
    Counted{"aten::_scaled_dot_product_efficient_attention_backward", backward_attention},
    Counted{"aten::_scaled_dot_product_cudnn_attention_backward", backward_attention},
};

std::unique_ptr<at::ObserverContext> count(const at::RecordFunction& call) {
  const std::string_view name = call.name();
  for (const Counted& each : kCounted) {
    if (each.name == name) counted += each.operations(call.inputs());
  }
  return nullptr;
}

}  // namespace

MatrixWork::MatrixWork()
    : callback_(at::addGlobalCallback(
          at::RecordFunctionCallback(&count).needsInputs(true).scopes({at::RecordScope::FUNCTION}))),
      before_(counted) {}

MatrixWork::~MatrixWork() { at::removeCallback(callback_); }

double MatrixWork::operations() const { return counted - before_; }

}  // namespace sslbench
