// SPDX-License-Identifier: Apache-2.0
// Suites, gate rules, and the headers of weights and checkpoints.
#include <nlohmann/json.hpp>

#include "suites/files/safetensors_header.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/plan/gate_rules.h"
#include "suites/plan/plan.h"
#include "tests/fuzz/target.h"
#include "tests/suites/plan/small_catalog.h"

namespace sslbench {
namespace {

void run_suite_toml(std::string_view bytes) {
  static const Catalog catalog = small_catalog();
  const auto folder = fresh_folder();
  write_to(folder, "suite.toml", bytes);
  const Suite suite = read_suite(folder / "suite.toml", {}, catalog);
  const PlanPlace place{.out = "out", .data_root = "data"};
  make_plan(
      suite, catalog, [](const std::string&, const nlohmann::json&) { return "d"; }, place);
}

void run_gate_toml(std::string_view bytes) {
  const auto folder = fresh_folder();
  write_to(folder, "gate.toml", bytes);
  read_gate_file(folder / "gate.toml");
}

StoredTensors tensors_of(std::string_view bytes) {
  try {
    return parse_safetensors(bytes);
  } catch (const BadSafetensors& bad) {
    throw UserError(bad.what());
  }
}

void run_safetensors(std::string_view bytes) {
  const StoredTensors read = tensors_of(bytes);
  size_t size = 0;
  for (const StoredTensor& tensor : read.tensors) {
    require(tensor.bytes.size() == static_cast<size_t>(tensor.numel()) * element_size(tensor.dtype), "another size");
    require(read.find(tensor.name) == &tensor, "a tensor is not found by its name");
    size += tensor.bytes.size();
  }
  require(size == read.data.size(), "tensors overlap or leave holes");
}

// The notes are JSON of their own; a step that is no number is for who resumes to refuse.
void run_checkpoint(std::string_view bytes) {
  StoredTensors read = tensors_of(bytes);
  try {
    parse_foreign_json(read.metadata["notes"]);
  } catch (const nlohmann::json::exception& error) {
    throw UserError(error.what());
  }
}

std::string stored(const std::string& metadata) {
  return safetensors_file("{\"__metadata__\":{" + metadata +
                              "},\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
                              "\"b\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[16,24]}}",
                          std::string(24, '\1'));
}

constexpr const char* kSuite =
    "# Which one?\ndataset = { name = \"shapes\", size = 64 }\nbackbone = \"resnet18\"\nseeds = [0, 1]\nthreads = 2\n"
    "[pretrain]\nepochs = 3\n[views]\njitter = 0.5\n[methods.simclr]\ntemperature = 0.2\n[methods.floor]\n"
    "method = \"random_init\"\n[protocols.knn]\nk = 5\n[gate]\nknn.top1 = { max_drop = 0.5, unit = \"points\" }\n";

bool add(const char* name, void (*run)(std::string_view), const std::vector<std::string>& seeds) {
  return Registry<FuzzTarget>::add({.name = name, .run = run, .seeds = [seeds] { return seeds; }});
}

const bool registered =
    add("suite_toml", run_suite_toml, {kSuite}) &&
    add("gate_toml", run_gate_toml,
        {"[gate]\nknn.top1 = { max_drop = 0.5, unit = \"points\" }\n", "\"a\".'b' = {max_drop=1.5e0,unit='percent'}",
         "\xEF\xB3\xBF = 1", "a = 1 \xC3\xA9"}) &&
    add("safetensors", run_safetensors, {stored(""), safetensors_file("{}", "")}) &&
    add("checkpoint", run_checkpoint,
        {stored(R"("schema":"sslbench.checkpoint/1","key":"k","step":"7","notes":"{\"epoch\":[1,2.5,null]}")")});

}  // namespace
}  // namespace sslbench
