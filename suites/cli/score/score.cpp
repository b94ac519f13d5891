// SPDX-License-Identifier: Apache-2.0
// sslbench score OP: what any model's predictions are worth; needs no LibTorch and no record.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iostream>
#include <system_error>

#include "suites/cli/commands/commands.h"
#include "suites/cli/score/score_detection.h"
#include "suites/cli/score/score_op.h"
#include "suites/files/atomic_file.h"
#include "suites/files/safetensors_header.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/near_miss.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) throw UserError("score: " + file.string() + " is a folder; name a file");
  try {
    return read_file(file);
  } catch (const std::system_error& error) {
    throw UserError(std::string("score: cannot read ") + error.what());
  }
}

template <class Value>
NumberTensor numbers_from(const StoredTensor& stored, bool integer) {
  NumberTensor out{stored.shape, {}, integer};
  out.values.reserve(stored.bytes.size() / sizeof(Value));
  for (size_t at = 0; at < stored.bytes.size(); at += sizeof(Value)) {
    Value value;
    std::memcpy(&value, stored.bytes.data() + at, sizeof value);
    out.values.push_back(static_cast<double>(value));
  }
  return out;
}

NumberTensor numbers_of(const StoredTensor& stored) {
  if (stored.dtype == "F32") return numbers_from<float>(stored, false);
  if (stored.dtype == "F64") return numbers_from<double>(stored, false);
  if (stored.dtype == "I64") return numbers_from<int64_t>(stored, true);
  if (stored.dtype == "I32") return numbers_from<int32_t>(stored, true);
  if (stored.dtype == "U8" || stored.dtype == "BOOL") return numbers_from<uint8_t>(stored, true);
  throw UserError("'" + stored.name + "' is stored as " + stored.dtype + "; expected F32, F64, I64, I32, U8 or BOOL");
}

// Numbers nested as the shape says, from place `at` on.
json nested(const NumberTensor& tensor, size_t dimension, size_t& at) {
  if (dimension == tensor.shape.size()) {
    const double value = tensor.values.at(at++);
    return tensor.integer ? json(static_cast<int64_t>(value)) : number_or_null(value);
  }
  json out = json::array();
  for (int64_t i = 0; i < tensor.shape[dimension]; ++i) out.push_back(nested(tensor, dimension + 1, at));
  return out;
}

json score_tensors(const ScoreEntry& op, const std::string& bytes) {
  const StoredTensors stored = parse_safetensors(bytes);
  NumberTensors inputs;
  for (const StoredTensor& tensor : stored.tensors) {
    if (tensor.name.starts_with("in.")) inputs.emplace(tensor.name.substr(3), numbers_of(tensor));
  }
  const auto settings = stored.metadata.find("settings");
  const json given = settings == stored.metadata.end() ? json::object() : parse_foreign_json(settings->second);
  check_settings(op, given);
  json out = json::object();
  for (const auto& [name, tensor] : op.on_tensors(ScoreInputs(std::move(inputs), given))) {
    size_t at = 0;
    out["out." + name] = nested(tensor, 0, at);
  }
  return out;
}

// Says which case is wrong where a file holds several.
json score_case(const ScoreEntry& op, const json& settings, const json& input, const std::string& where) {
  try {
    check_input_keys(op, input);
    return op.on_json(settings, input);
  } catch (const json::exception& error) {
    throw UserError(where + json_mistake(error));
  } catch (const UserError& error) {
    throw UserError(where + error.what());
  }
}

json score_json(const ScoreEntry& op, const std::string& bytes) {
  const json content = parse_foreign_json(bytes);
  if (!content.is_object() || (!content.contains("input") && !content.contains("cases"))) {
    throw UserError("expected an object with 'input', or with 'cases' of which each has an 'input'");
  }
  const json settings = content.value("settings", json::object());
  check_settings(op, settings);
  if (!content.contains("cases")) return score_case(op, settings, content.at("input"), "input: ");
  json out = json::array();
  for (const json& one : content.at("cases")) {
    const std::string where = "cases[" + std::to_string(out.size()) + "]: ";
    if (!op.whole_case && !(one.is_object() && one.contains("input"))) throw UserError(where + "has no 'input'");
    if (one.contains("settings")) throw UserError(where + "'settings' stand once in a file, beside 'cases'");
    out.push_back(score_case(op, settings, op.whole_case ? one : one.at("input"), where));
  }
  return out;
}

}  // namespace

json score_bytes(const ScoreEntry& op, const std::string& bytes) {
  try {
    return op.on_tensors ? score_tensors(op, bytes) : score_json(op, bytes);
  } catch (const BadSafetensors& error) {
    throw UserError(std::string("not a valid safetensors file: ") + error.what());
  } catch (const json::exception& error) {
    throw UserError(json_mistake(error));
  }
}

namespace {

json score_file(const ScoreEntry& op, const fs::path& file) {
  const std::string bytes = bytes_of(file);
  const bool tensors = file.extension() == ".safetensors";
  if (tensors && !op.on_tensors) throw UserError("score: " + op.name + " reads a JSON file, not " + file.string());
  if (!tensors && !op.on_json)
    throw UserError("score: " + op.name + " reads a .safetensors file, not " + file.string());
  try {
    return score_bytes(op, bytes);
  } catch (const UserError& error) {
    throw UserError("score: " + file.string() + ": " + error.what());
  }
}

std::array<int, 3> limits_of(const std::string& text) {
  std::array<int, 3> out{};
  const char *at = text.data(), *end = text.data() + text.size();
  bool good = true;
  for (size_t i = 0; i < out.size() && good; ++i) {
    if (i > 0 && (at == end || *at != ',')) good = false;
    if (i > 0 && good) ++at;
    const auto [rest, error] = std::from_chars(at, end, out[i]);
    good = good && error == std::errc() && out[i] > 0 && out[i] <= 1'000'000;
    at = rest;
  }
  if (!good || at != end) throw UserError("score: --max-dets '" + text + "': expected three numbers such as 1,10,100");
  return out;
}

bool is_detection(const std::string& op) { return op == "detection" || op == "coco_ap"; }

const ScoreEntry& operation(const std::string& name) {
  const auto& all = Registry<ScoreEntry>::all();
  const auto found = all.find(name);
  if (found != all.end()) return found->second;
  std::vector<std::string> names = Registry<ScoreEntry>::names();
  names.push_back("detection");
  std::sort(names.begin(), names.end());
  std::string list;
  for (const std::string& each : names) list += " " + each;
  throw UserError("score: unknown operation '" + name + "'" + did_you_mean(name, names) + "; operations:" + list);
}

}  // namespace

ExitCode score_predictions(const ScoreOptions& options) {
  json out;
  if (is_detection(options.op)) {
    if (options.truth.empty() || options.predictions.empty() || !options.input.empty()) {
      throw UserError("score: " + options.op + " reads two files: --truth gt.json --predictions dt.json");
    }
    out = score_detection(options.truth, options.predictions, options.iou == "segm" ? CocoKind::masks : CocoKind::boxes,
                          limits_of(options.max_dets));
  } else {
    const ScoreEntry& op = operation(options.op);
    if (options.input.empty() || !options.truth.empty() || !options.predictions.empty()) {
      throw UserError("score: " + op.name + " reads one file: --input " + op.name +
                      (op.on_json ? ".json" : ".safetensors"));
    }
    out = score_file(op, options.input);
  }
  std::cout << out.dump(1) << "\n";
  return ExitCode::done;
}

}  // namespace sslbench
