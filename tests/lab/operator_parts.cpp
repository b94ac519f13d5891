// SPDX-License-Identifier: Apache-2.0
// Parts of the lab below a step: what the device can do at most, and single operators against it.
#include <ATen/Context.h>
#include <ATen/ops/_fused_adamw.h>

#include "suites/tensors/aten.h"
#include "suites/tensors/chosen_kernels.h"
#include "suites/tensors/norm_act/norm_act.h"
#include "suites/training/optimizer.h"
#include "tests/lab/lab_row.h"

namespace sslbench {
namespace {

using nlohmann::json;

// The times, and what moves in that time: bytes that must be read and written at least.
void fill(const Lab& lab, json& row, double bytes, const std::function<void()>& work) {
  const std::vector<double> ms = lab.milliseconds(work);
  row = {{"ms", ms}};
  if (bytes > 0) row["gigabytes_per_second"] = bytes / ms[0] / 1e6;
}

// Forward and backward of what batch norm, residual and ReLU make of 1,024 views, at the stages of ResNet-18.
void norm_act_row(const Lab& lab, int64_t C, int64_t S, Kernels kernels, json& row) {
  const int64_t N = lab.tiny() ? 4 : 1024;
  const auto on_device = at::TensorOptions(lab.device());
  const auto map = [&] {
    return at::randn({N, C, S, S}, on_device.dtype(at::kBFloat16)).contiguous(at::MemoryFormat::ChannelsLast);
  };
  const Tensor x = map().requires_grad_(), residual = map().requires_grad_(), dy = map();
  const Tensor weight = at::ones({C}, on_device).requires_grad_(), bias = at::zeros({C}, on_device).requires_grad_();
  const Tensor mean = at::zeros({C}, on_device), variance = at::ones({C}, on_device);
  const double maps = 16;  // reads and writes of whole maps by LibTorch's operators one after the other
  fill(lab, row, maps * static_cast<double>(x.nbytes()), [&] {
    const ChosenKernels chosen(kernels);
    x.mutable_grad() = Tensor();
    residual.mutable_grad() = Tensor();
    norm_act(x, {weight, bias, mean, variance}, residual, /*relu=*/true).backward(dy);
  });
}

void layer_norm_row(const Lab& lab, json& row) {
  const int64_t N = lab.tiny() ? 64 : 256 * 197, D = 384;
  const auto on_device = at::TensorOptions(lab.device());
  const Tensor x = at::randn({N, D}, on_device).requires_grad_(), dy = at::randn({N, D}, on_device);
  const Tensor weight = at::ones({D}, on_device).requires_grad_(), bias = at::zeros({D}, on_device).requires_grad_();
  fill(lab, row, 5 * static_cast<double>(x.nbytes()), [&] {
    x.mutable_grad() = Tensor();
    at::layer_norm(x, {D}, weight, bias, 1e-6).backward(dy);
  });
}

void log_softmax_row(const Lab& lab, json& row) {
  const int64_t N = lab.tiny() ? 8 : 640, K = lab.tiny() ? 64 : 65536;
  const Tensor x = at::randn({N, K}, at::TensorOptions(lab.device())).requires_grad_(), dy = at::randn_like(x.detach());
  fill(lab, row, 5 * static_cast<double>(x.nbytes()), [&] {
    x.mutable_grad() = Tensor();
    at::log_softmax(x, 1).backward(dy);
  });
}

// One step over so many parameters in 62 tensors; `passes`: reads and writes of them all.
void optimizer_row(const Lab& lab, const std::string& name, double passes, json& row) {
  const int64_t each = lab.tiny() ? 1000 : 180'000;
  std::vector<NamedTensor> parameters;
  for (int i = 0; i < 62; ++i) {
    Tensor parameter = at::randn({each}, at::TensorOptions(lab.device())).requires_grad_();
    parameter.mutable_grad() = at::randn_like(parameter.detach());
    parameters.emplace_back("p" + std::to_string(i), parameter);
  }
  OptimizerSettings settings;
  settings.name = name;
  const auto optimizer = make_optimizer(settings, parameters);
  fill(lab, row, passes * 4 * 62 * static_cast<double>(each), [&] { optimizer->step(1e-6); });
}

void moving_average_row(const Lab& lab, json& row) {
  std::vector<Tensor> teacher, student;
  for (int i = 0; i < 62; ++i) {
    for (auto* side : {&teacher, &student}) {
      side->push_back(at::randn({lab.tiny() ? 1000 : 180'000}, at::TensorOptions(lab.device())));
    }
  }
  fill(lab, row, 3 * 62 * static_cast<double>(teacher[0].nbytes()),
       [&] { at::_foreach_lerp_(teacher, student, 0.01); });
}

void upload_row(const Lab& lab, bool pinned, json& row) {
  Tensor host = at::empty({lab.tiny() ? 1 << 10 : 154'000'000 / 4}, at::kFloat).fill_(1);
  if (pinned && lab.device().is_cuda()) host = host.pin_memory();
  const Tensor there = at::empty_like(host, at::TensorOptions(lab.device()));
  fill(lab, row, static_cast<double>(host.nbytes()), [&] { there.copy_(host, /*non_blocking=*/true); });
}

}  // namespace

void yardsticks(const Lab& lab) {
  const auto on_device = at::TensorOptions(lab.device());
  lab.row("copy within the device", [&](json& row) {
    const Tensor from = at::ones({lab.tiny() ? 1 << 16 : int64_t{1} << 30}, on_device), to = at::empty_like(from);
    fill(lab, row, 2 * static_cast<double>(from.nbytes()), [&] { to.copy_(from); });
  });
  lab.row("matrix product, bf16", [&](json& row) {
    const int64_t n = lab.tiny() ? 64 : 8192;
    const Tensor a = at::randn({n, n}, on_device.dtype(at::kBFloat16)), b = at::randn_like(a);
    fill(lab, row, 0, [&] { at::mm(a, b); });
    row["teraflops"] = 2.0 * static_cast<double>(n * n * n) / row["ms"][0].get<double>() / 1e9;
  });
  lab.row("convolution 3x3, 64 channels, 32 px, bf16", [&](json& row) {
    const int64_t N = lab.tiny() ? 2 : 1024, C = 64, S = 32;
    const auto half = on_device.dtype(at::kBFloat16);
    const Tensor x = at::randn({N, C, S, S}, half).contiguous(at::MemoryFormat::ChannelsLast);
    const Tensor w = at::randn({C, C, 3, 3}, half).contiguous(at::MemoryFormat::ChannelsLast);
    fill(lab, row, 0, [&] { at::conv2d(x, w, {}, {1, 1}, {1, 1}); });
    row["teraflops"] = 2.0 * 9 * static_cast<double>(N * C * C * S * S) / row["ms"][0].get<double>() / 1e9;
  });
}

void operators(const Lab& lab) {
  for (const auto& [C, S] : {std::pair<int64_t, int64_t>{64, 32}, {128, 16}, {256, 8}, {512, 4}}) {
    for (const Kernels kernels : {Kernels::library, Kernels::own}) {
      const bool own = kernels == Kernels::own;
      if (own && lab.device().is_cuda()) continue;  // there are none
      lab.row("batch norm, residual, ReLU: " + std::to_string(C) + " channels, " + std::to_string(S) + " px" +
                  (own ? ", own" : ""),
              [&, C = C, S = S](json& row) { norm_act_row(lab, C, S, kernels, row); });
    }
  }
  lab.row("layer norm: 256 x 197 tokens of 384", [&](json& row) { layer_norm_row(lab, row); });
  lab.row("log-softmax: 640 x 65,536", [&](json& row) { log_softmax_row(lab, row); });
  lab.row("sgd: 11 million parameters", [&](json& row) { optimizer_row(lab, "sgd", 5, row); });
  lab.row("adamw: 11 million parameters", [&](json& row) { optimizer_row(lab, "adamw", 7, row); });
  lab.row("moving average: 11 million parameters", [&](json& row) { moving_average_row(lab, row); });
  lab.row("host to device, 154 MB, page-locked", [&](json& row) { upload_row(lab, true, row); });
  lab.row("host to device, 154 MB, pageable", [&](json& row) { upload_row(lab, false, row); });
}

}  // namespace sslbench
