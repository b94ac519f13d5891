// SPDX-License-Identifier: Apache-2.0
// Adapters: from the inputs of a golden file to what our code computes for them. To add one:
//  1. Write tests/golden/adapters/<family>.cpp (CMake globs it); several operations may share a file.
//  2. Include the header that declares the function that training calls, e.g. methods/simclr.h of
//     methods/simclr.cpp; a method whose pieces nobody else has wanted yet gets its header now.
//  3. Inputs by name without "in.", settings by key, outputs by name without "out.":
//       GoldenOutput nt_xent(const GoldenCall& call) {
//         return {{"loss", simclr::nt_xent(call["z1"], call["z2"], call.real("temperature"))}};
//       }
//  4. Register on the last line:  const bool registered = add_golden_ops({{"nt_xent", nt_xent}});
// What the checker does (tests/golden/golden_check.h):
//  - runs the adapter in float32, and again in float64 where the file gives rtol64; float inputs come in that type.
//  - Inputs with a grad.* in the file are leaves; it calls backward on "loss" and compares their gradients (none counts
//    as zeros). An adapter that changes an input in place works on a clone.
//  - Every out.* of the file must be returned, with its exact shape; integers and bools must be equal. Outputs that the
//    file lacks are ignored, so return what is cheap; ask call.wants("block3") before what is not.
//  - An output named "in.<x>" is compared with that input: formula tensors (formula.h) are checked so.
//  - Every setting of the file must be read, objects inside them too (section, sections), else the case fails with the
//    names of those that were not: a setting that has no effect on our code is a value that nobody checked. A value
//    that our code does not have fails as well: call.choice("reduction", {"mean", "sum"}). What only describes the
//    operation is held to the texts that we know to be true of it: call.expect("ties", {"lower index first"}).
//    Inputs must be read, too, or be returned for comparison.
//  - A network, or whatever else a file names, that does not exist here yet: throw UnknownOp("vit", "no network 'x'").
// Call the very function that training calls; never write the formula again here.
//  - `u8_atol` in a file marks out.u8 as the result of another kind of port: it is compared when an adapter returns it.
// JSON files: return an object with those of the file's keys that we compute; numbers are compared with its rtol and
// atol, all else exactly. Register with add_golden_json_ops. A file that holds a law of random draws has nothing to
// compare value by value: its adapter returns a GoldenVerdict; register with add_golden_laws.
// What `sslbench score` offers is registered by metrics.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "suites/ground/registry.h"
#include "suites/tensors/aten.h"
#include "tests/golden/golden_settings.h"

namespace sslbench {

using at::Tensor;

// What a case asks for does not exist here, so nothing can be compared; its line says "unknown op".
class UnknownOp : public std::runtime_error {
 public:
  UnknownOp(const std::string& op, const std::string& what) : std::runtime_error("unknown op '" + op + "': " + what) {}
};

struct GoldenCall {
  GoldenSettings settings;
  std::map<std::string, Tensor> inputs;  // without "in."
  std::set<std::string> outputs;         // of the file, without "out."
  at::ScalarType type = at::kFloat;      // under test
  at::Device device = at::kCPU;          // of the inputs, and of networks
  std::shared_ptr<std::set<std::string>> read_inputs = std::make_shared<std::set<std::string>>();

  const Tensor& operator[](const std::string& name) const {
    read_inputs->insert(name);
    return inputs.at(name);
  }
  // For functions that training, too, calls with tensors of the host, whatever its device.
  Tensor host(const std::string& name) const { return (*this)[name].to(at::kCPU); }
  bool has(const std::string& name) const { return inputs.contains(name); }
  bool wants(const std::string& output) const { return outputs.contains(output); }
  double real(const char* name) const { return settings.real(name); }
  int64_t integer(const char* name) const { return settings.integer(name); }
  bool flag(const char* name) const { return settings.flag(name); }
  std::string text(const char* name) const { return settings.text(name); }
  std::string choice(const char* name, const std::vector<nlohmann::json>& known) const {
    return settings.choice(name, known);
  }
  void expect(const char* name, const std::vector<nlohmann::json>& known) const { settings.expect(name, known); }
};

using GoldenOutput = std::map<std::string, Tensor>;

struct GoldenJson {
  std::string name;  // of the case: what follows "__" in the file's name
  nlohmann::json content;
  std::filesystem::path folder;  // of a case that is a folder, whose expected.json is the content; else empty
  GoldenSettings settings;       // of the content
  std::filesystem::path file;    // of the case, beside which files lie that it names
};

// How far draws are from their law, in units of what the file allows: up to 1 passes.
struct GoldenVerdict {
  double ratio = 0;
  std::string where;
  void include(const GoldenVerdict& other) {
    if (other.ratio > ratio || where.empty()) *this = other;
  }
};

struct GoldenOp {
  static constexpr const char* kind() { return "golden"; }
  std::string name;
  std::function<GoldenOutput(const GoldenCall&)> run;            // of safetensors files
  std::function<nlohmann::json(const GoldenJson&)> run_on_json;  // of JSON files
  std::function<GoldenVerdict(const GoldenJson&)> judge;         // of JSON files that hold a law
};

inline bool add_golden_ops(std::vector<std::pair<std::string, std::function<GoldenOutput(const GoldenCall&)>>> ops) {
  for (auto& [name, run] : ops) Registry<GoldenOp>::add({name, std::move(run), {}, {}});
  return true;
}

inline bool add_golden_json_ops(
    std::vector<std::pair<std::string, std::function<nlohmann::json(const GoldenJson&)>>> ops) {
  for (auto& [name, run] : ops) Registry<GoldenOp>::add({name, {}, std::move(run), {}});
  return true;
}

inline bool add_golden_laws(std::vector<std::pair<std::string, std::function<GoldenVerdict(const GoldenJson&)>>> ops) {
  for (auto& [name, judge] : ops) Registry<GoldenOp>::add({name, {}, {}, std::move(judge)});
  return true;
}

// Adds what `sslbench score` computes; main calls it, when all operations have registered themselves.
void add_score_goldens();

}  // namespace sslbench
