// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/traced_network.h"

#include <ATen/Context.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <set>

#include "methods/foreign/model_archive.h"
#include "methods/foreign/traced_code.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/ground/random.h"
#include "suites/tensors/aten.h"

namespace sslbench {

namespace jit = torch::jit;

struct TracedNetwork::Script {
  jit::Module module;
  TracedCode code;
  at::Device device = at::kCPU;  // of the constants in the code
  bool ran = false;

  void expect_device(at::Device wanted) {
    if (wanted != device) {
      require(!ran, "a traced model that has run changes its device");
      move_constants(module, wanted);
      device = wanted;
    }
    ran = true;
  }
  std::set<const c10::TensorImpl*> taken;
};

// One submodule of the file: its parameters, buffers and children under their names there.
class TracedNetwork::Part final : public Module {
 public:
  Part(const jit::Module& module, Script& script) {
    for (const auto& [name, tensor] : module.named_parameters(/*recurse=*/false)) {
      if (!script.taken.insert(tensor.unsafeGetTensorImpl()).second) continue;  // tied to one that came before
      const bool learns = tensor.requires_grad();
      add_parameter(name, tensor);
      tensor.set_requires_grad(learns);
    }
    for (const auto& [name, tensor] : module.named_buffers(/*recurse=*/false)) {
      if (script.taken.insert(tensor.unsafeGetTensorImpl()).second) add_buffer(name, tensor);
    }
    for (const auto& [name, child] : module.named_children()) {
      children_.push_back(std::make_unique<Part>(child, script));
      add_child(name, *children_.back());
    }
  }

 private:
  std::vector<std::unique_ptr<Part>> children_;
};

namespace {

// The submodule that a dotted prefix names ("network.model."), or the module itself where there is none of that name.
jit::Module below(jit::Module module, std::string_view prefix) {
  while (!prefix.empty()) {
    const size_t dot = prefix.find('.');
    bool found = false;
    for (const auto& [name, child] : module.named_children()) {
      if (name != prefix.substr(0, dot)) continue;
      module = child, found = true;
      break;
    }
    if (!found) break;
    prefix = dot == std::string_view::npos ? std::string_view() : prefix.substr(dot + 1);
  }
  return module;
}

// TorchScript says what went wrong below where.
std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

std::vector<Tensor> tensors_of(const c10::IValue& value, const std::string& file) {
  if (!value.isTuple()) throw UserError(file + ": the model does not return (features, maps...)");
  std::vector<Tensor> out;
  for (const c10::IValue& each : value.toTupleRef().elements()) {
    if (!each.isTensor()) throw UserError(file + ": the model does not return (features, maps...)");
    out.push_back(each.toTensor());
  }
  return out;
}

}  // namespace

TracedNetwork::TracedNetwork(const std::string& file) : script_(std::make_unique<Script>()) {
  const ModelArchive archive(file, "a traced model (.ts) that scripts/export-model wrote");
  facts_ = archive.facts();
  expect_plain_script(archive);
  try {
    script_->module = jit::load(file, at::kCPU, /*load_debug_files=*/false);
  } catch (const std::exception& error) {
    throw UserError(file + ": not a traced model that LibTorch loads: " + first_line(error.what()) +
                    "; write it again with scripts/export-model");
  }
  expect_whole_storages(archive, script_->module);
  script_->code = expect_straight_line(script_->module, file);
  use_public_convolutions(script_->module);
  parts_.push_back(std::make_unique<Part>(below(script_->module, facts_.prefix), *script_));
  parts_.push_back(std::make_unique<Part>(script_->module, *script_));  // what stands outside the prefix
  for (const auto& part : parts_) add_child("", *part);
}

TracedNetwork::~TracedNetwork() = default;

bool TracedNetwork::normalises_batches() const { return script_->code.normalises_batches; }

std::vector<Tensor> TracedNetwork::operator()(const Tensor& x_NCHW) const {
  // Operators are called one by one, as Python would: the optimising executor changes its mind after a few passes, and
  // with it the last bits, which a resumed run would not repeat.
  const jit::GraphOptimizerEnabledGuard plain(false);
  script_->expect_device(x_NCHW.device());
  try {
    return tensors_of(script_->module.get_method(training() ? "train_forward" : "forward")({x_NCHW}), facts_.file);
  } catch (const c10::OutOfMemoryError&) {
    throw;
  } catch (const std::exception& error) {
    throw UserError(facts_.file + ": the model fails on images " + c10::str(x_NCHW.sizes()) + ": " +
                    last_line(error.what()));
  }
}

// Dropout in a traced file draws from LibTorch's own generators, so they are set to what this step is.
void TracedNetwork::on_step(const StepKey& key) {
  if (!script_->code.draws_numbers) return;
  const auto first = key.samples.empty() ? 0 : static_cast<uint32_t>(key.samples.front());
  RandomStream stream(key.seed, RandomUse::drop_path, static_cast<uint32_t>(key.epoch), first,
                      static_cast<uint32_t>(key.samples.size()));
  const uint64_t high = stream.bits();
  at::manual_seed(high << 32 | stream.bits());
}

}  // namespace sslbench
