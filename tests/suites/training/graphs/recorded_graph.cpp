// SPDX-License-Identifier: Apache-2.0
#include "tests/suites/training/graphs/recorded_graph.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/library.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// A key that nothing else uses, below autograd's.
constexpr auto kKey = c10::DispatchKey::Fake;

struct Call {
  c10::OperatorHandle operation;
  std::vector<c10::IValue> arguments, results;
};

struct Recording {
  std::vector<Call> calls;
  std::vector<at::Tensor> on_host;
};

Recording* recording = nullptr;

std::vector<at::Tensor> tensors_in(const std::vector<c10::IValue>& values) {
  std::vector<at::Tensor> out;
  for (const c10::IValue& value : values) {
    if (value.isTensor()) out.push_back(value.toTensor());
    if (value.isTensorList()) {
      for (const at::Tensor& tensor : value.toTensorVector()) out.push_back(tensor);
    }
    if (!value.isList() || value.isTensorList()) continue;
    for (const c10::IValue& inner : value.toListRef()) {
      if (inner.isTensor()) out.push_back(inner.toTensor());
    }
  }
  std::erase_if(out, [](const at::Tensor& tensor) { return !tensor.defined() || !tensor.has_storage(); });
  return out;
}

bool shares(const at::Tensor& tensor, const std::vector<at::Tensor>& others) {
  for (const at::Tensor& other : others) {
    if (other.storage().is_alias_of(tensor.storage())) return true;
  }
  return false;
}

bool any_shares(const std::vector<at::Tensor>& tensors, const std::vector<at::Tensor>& others) {
  for (const at::Tensor& tensor : tensors) {
    if (shares(tensor, others)) return true;
  }
  return false;
}

void record(const c10::OperatorHandle& operation, c10::DispatchKeySet keys, torch::jit::Stack* stack) {
  const c10::impl::ExcludeDispatchKeyGuard once(kKey);
  const size_t count = operation.schema().arguments().size();
  std::vector<c10::IValue> arguments(stack->end() - static_cast<int64_t>(count), stack->end());
  operation.redispatchBoxed(keys & c10::DispatchKeySet(c10::DispatchKeySet::FULL_AFTER, kKey), stack);
  if (recording == nullptr || any_shares(tensors_in(arguments), recording->on_host)) return;
  const size_t results = operation.schema().returns().size();
  recording->calls.push_back(
      {operation, std::move(arguments), {stack->end() - static_cast<int64_t>(results), stack->end()}});
}

// Memory without values: its call does nothing.
bool only_allocates(const Call& call) {
  const std::string& name = call.operation.schema().name();
  return name.find("empty") != std::string::npos || name == "aten::_local_scalar_dense";
}

class RecordedWork final : public CapturedWork {
 public:
  explicit RecordedWork(std::vector<Call> calls) : calls_(std::move(calls)) {}

  void replay() override {
    const at::AutoDispatchBelowADInplaceOrView kernels_alone;
    for (const Call& call : calls_) {
      if (only_allocates(call)) continue;
      const auto arguments = tensors_in(call.arguments), before = tensors_in(call.results);
      torch::jit::Stack stack(call.arguments.begin(), call.arguments.end());
      call.operation.callBoxed(&stack);
      const auto after = tensors_in({stack.begin(), stack.end()});
      TORCH_CHECK(after.size() == before.size(), call.operation.schema().name(), " gave another number of tensors");
      for (size_t i = 0; i < before.size(); ++i) {
        if (shares(before[i], arguments)) continue;
        TORCH_CHECK(after[i].sizes() == before[i].sizes(), call.operation.schema().name(), " gave another shape");
        before[i].copy_(after[i]);
      }
    }
  }

 private:
  std::vector<Call> calls_;
};

bool is_host(const std::string& name) {
  for (const char* part : {"num_batches_tracked", "pointer", "pushed", "seen", "clustered", "started"}) {
    if (name == part || name.ends_with(std::string(".") + part)) return true;
  }
  return false;
}

}  // namespace

std::unique_ptr<CapturedWork> RecordedGraphs::capture(const std::function<void()>& work) {
  Recording now;
  std::vector<std::pair<at::Tensor, at::Tensor>> before;  // what is on the device, and its values
  for (const auto& [name, tensor] : state_()) {
    is_host(name) ? now.on_host.push_back(tensor) : before.push_back({tensor.detach(), tensor.detach().clone()});
  }
  const auto put_back = [&] {
    recording = nullptr;
    const at::NoGradGuard no_grad;
    for (const auto& [tensor, values] : before) tensor.copy_(values);
  };
  recording = &now;
  try {
    const c10::impl::IncludeDispatchKeyGuard recorded(kKey);
    work();
  } catch (...) {
    put_back();
    throw;
  }
  put_back();
  return std::make_unique<RecordedWork>(std::move(now.calls));
}

TORCH_LIBRARY_IMPL(_, Fake, library) { library.fallback(torch::CppFunction::makeFromBoxedFunction<&record>()); }

}  // namespace sslbench
