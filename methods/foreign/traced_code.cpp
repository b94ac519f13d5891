// SPDX-License-Identifier: Apache-2.0
#include "methods/foreign/traced_code.h"

#include <torch/csrc/jit/api/module.h>

#include <algorithm>
#include <iterator>
#include <regex>
#include <set>

#include "methods/foreign/model_archive.h"
#include "methods/foreign/operator_rule.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/tensors/to_device.h"

namespace sslbench {
namespace {

namespace jit = torch::jit;

constexpr int64_t kMostCodeBytes = int64_t{64} << 20;
const std::regex kRecord(  // what torch.jit.save writes
    R"(data\.pkl|constants\.pkl|traced_inputs\.pkl|(data|constants|traced_inputs)/\d+|(\.data/)?version|byteorder|)"
    R"(code/.+\.py(\.debug_pkl)?|\.data/serialization_id|\.format_version|\.storage_alignment|extra/sslbench\.json)");
// Loading calls the first; the second are classes of C++ with such calls of their own.
constexpr const char* kRefusedWords[] = {"__setstate__", "torch.classes"};

class CodeCheck {
 public:
  explicit CodeCheck(const std::string& file) : file_(file) {}

  const TracedCode& found() const { return found_; }

  void look_at(const jit::Function& function) {
    if (!seen_.insert(&function).second) return;
    const auto* graph = jit::tryToGraphFunction(const_cast<jit::Function&>(function));
    if (graph == nullptr) refuse("calls '" + function.name() + "', which is no TorchScript");
    look_at(*graph->graph()->block());
  }

 private:
  void look_at(const jit::Block& block) {
    for (const jit::Node* node : block.nodes()) {
      look_at(*node);
      for (const jit::Block* inner : node->blocks()) look_at(*inner);
    }
  }

  void look_at(const jit::Node& node) {
    const std::string name = node.kind().toQualString();
    if (is_tensor_operator(name)) {
      found_.draws_numbers |= draws_numbers(name);
      found_.normalises_batches |= name.find("batch_norm") != std::string::npos;
      return;
    }
    if (!is_straight_line_step(name)) {
      refuse("calls " + short_value(name) + ": only tensor operators in a straight line may stand in a traced model");
    }
    if (name == "prim::CallMethod") {
      const auto type = node.input(0)->type()->cast<c10::ClassType>();
      if (!type || !type->is_module()) refuse("calls a method of what is no module");
    }
    if (name == "prim::CallFunction") look_at(*node.input(0)->type()->expect<c10::FunctionType>()->function());
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw UserError(file_ + ": " + why + "; trace the model again with scripts/export-model");
  }

  std::string file_;
  std::set<const jit::Function*> seen_;
  TracedCode found_;
};

// aten::_convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups, ...).
bool is_plain_convolution_2d(const jit::Node& node) {
  if (node.kind() != c10::aten::_convolution || node.inputs().size() < 9) return false;
  const auto transposed = jit::toIValue(node.input(6));
  const jit::Node& strides = *node.input(3)->node();
  return transposed && transposed->isBool() && !transposed->toBool() && strides.kind() == c10::prim::ListConstruct &&
         strides.inputs().size() == 2;
}

void move_constants(jit::Block& block, at::Device device) {
  for (jit::Node* node : block.nodes()) {
    for (jit::Block* inner : node->blocks()) move_constants(*inner, device);
    if (node->kind() != c10::prim::Constant || !node->hasAttribute(c10::attr::value)) continue;
    const auto value = jit::toIValue(node->output());
    if (!value) continue;
    if (value->isTensor() && value->toTensor().device().is_cpu()) {
      node->t_(c10::attr::value, to_device(value->toTensor(), device));
    } else if (value->isDevice() && value->toDevice().is_cpu()) {
      node->s_(c10::attr::value, device.str());
    }
  }
}

void use_public_convolutions(jit::Block& block, jit::Graph& graph) {
  for (auto at = block.nodes().begin(); at != block.nodes().end();) {
    jit::Node* node = *at++;
    for (jit::Block* inner : node->blocks()) use_public_convolutions(*inner, graph);
    if (!is_plain_convolution_2d(*node)) continue;
    const jit::WithInsertPoint here(node);
    jit::Value* plain = graph.insert(c10::aten::conv2d, {node->input(0), node->input(1), node->input(2), node->input(3),
                                                         node->input(4), node->input(5), node->input(8)});
    node->output()->replaceAllUsesWith(plain);
    node->destroy();
  }
}

}  // namespace

void expect_plain_script(const ModelArchive& archive) {
  for (const std::string& record : archive.records()) {
    if (!std::regex_match(record, kRecord))
      archive.refuse("holds " + short_value(record) + ", which no traced model does");
    const bool text = record.ends_with(".py") || record.ends_with(".pkl");
    if (!text) continue;
    const std::string content = archive.text(record, kMostCodeBytes);
    for (const char* word : kRefusedWords) {
      if (content.find(word) == std::string::npos) continue;
      archive.refuse(short_value(record) + " in it says '" + word + "', which may run code of its own");
    }
  }
}

void move_constants(const jit::Module& module, at::Device device) {
  for (const jit::Module& each : module.modules()) {
    for (const jit::Method& method : each.get_methods()) move_constants(*method.graph()->block(), device);
  }
}

void use_public_convolutions(const jit::Module& module) {
  for (const jit::Module& each : module.modules()) {
    for (const jit::Method& method : each.get_methods()) {
      jit::Graph& graph = *method.graph();
      use_public_convolutions(*graph.block(), graph);
    }
  }
}

void expect_whole_storages(const ModelArchive& archive, const jit::Module& module) {
  std::multiset<int64_t> lengths;
  for (const std::string& record : archive.records()) {
    if (record.starts_with("data/")) lengths.insert(archive.size(record));
  }
  std::set<const void*> seen;
  for (const c10::IValue& value : module.attributes()) {
    if (!value.isTensor() || value.toTensor().numel() == 0) continue;
    const c10::Storage& storage = value.toTensor().storage();
    if (!seen.insert(storage.data()).second) continue;
    const auto length = lengths.find(static_cast<int64_t>(storage.nbytes()));
    if (length == lengths.end()) archive.refuse("a tensor in it reads beyond its file; write it again");
    lengths.erase(length);
  }
}

TracedCode expect_straight_line(const jit::Module& module, const std::string& file) {
  CodeCheck check(file);
  for (const jit::Module& each : module.modules()) {
    if (!each.type()->getForwardHooks().empty() || !each.type()->getForwardPreHooks().empty()) {
      throw UserError(file + ": holds hooks; trace the model again with scripts/export-model");
    }
    for (const jit::Method& method : each.get_methods()) check.look_at(method.function());
  }
  for (const char* name : {"forward", "train_forward"}) {
    if (module.find_method(name)) continue;
    throw UserError(file + ": has no method '" + name + "'; trace the model again with scripts/export-model");
  }
  return check.found();
}

}  // namespace sslbench
