// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/recompute/recompute.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/chosen_kernels.h"
#include "suites/tensors/ranks/ranks.h"

namespace sslbench {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Block = std::function<Tensor(const Tensor&)>;

thread_local bool recomputes = false, second_pass = false;

// What a block runs under; autograd's thread may be another one.
struct HeldBlock final : torch::CustomClassHolder {
  HeldBlock(Block block, at::DeviceType device)
      : block(std::move(block)),
        device(device),
        autocast(autocast_type(device)),
        kernels(chosen_kernels()),
        group(&ranks()) {}

  Tensor again(const Tensor& x) const {
    const at::AutoGradMode with_gradient(true);
    const Autocast as_before(device, autocast);
    const ChosenKernels chosen(kernels);
    const RanksInUse those(*group);
    const bool outer = second_pass;
    second_pass = true;
    try {
      Tensor y = block(x);
      second_pass = outer;
      return y;
    } catch (...) {
      second_pass = outer;
      throw;
    }
  }

  Block block;
  at::DeviceType device;
  AutocastType autocast;
  Kernels kernels;
  Ranks* group;
};

struct RecomputedBlock : torch::autograd::Function<RecomputedBlock> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, const Block& block) {
    ctx->save_for_backward({x});
    ctx->saved_data["block"] = c10::IValue::make_capsule(c10::make_intrusive<HeldBlock>(block, x.device().type()));
    return block(x);  // LibTorch has switched gradients off here
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto held = c10::static_intrusive_pointer_cast<HeldBlock>(ctx->saved_data["block"].toCapsule());
    const Tensor x = ctx->get_saved_variables()[0].detach().requires_grad_(true);
    torch::autograd::backward({held->again(x)}, {grads[0]});  // parameters' gradients add up where they always do
    return {x.grad(), Tensor()};
  }
};

}  // namespace

Recomputation::Recomputation(bool on) : before_(recomputes) { recomputes = on; }
Recomputation::~Recomputation() { recomputes = before_; }

Tensor recomputed(const Tensor& x, const Block& block) {
  if (!recomputes || !at::GradMode::is_enabled() || !x.requires_grad()) return block(x);
  return RecomputedBlock::apply(x, block);
}

bool is_second_pass() { return second_pass; }

}  // namespace sslbench
