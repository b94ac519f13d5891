// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/run_spec.h"

#include <algorithm>
#include <utility>

#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/name_rule.h"
#include "suites/plan/plan_limits.h"
#include "suites/plan/suite.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "sslbench.runspec/1";
constexpr size_t kIdDigits = 12;

json dataset_to_json(const DatasetSpec& dataset) {
  return {{"name", dataset.name}, {"settings", dataset.settings}, {"digest", dataset.digest}};
}

DatasetSpec dataset_from_json(json& from) {
  return {from.at("name"), std::move(from.at("settings")), from.at("digest")};
}

json protocol_to_json(const ProtocolSpec& protocol) {
  json out{{"row", protocol.row},           {"protocol", protocol.protocol},
           {"version", protocol.version},   {"dataset", dataset_to_json(protocol.dataset)},
           {"settings", protocol.settings}, {"key", protocol.key}};
  if (!protocol.preset.empty()) out["preset"] = protocol.preset;
  return out;
}

ProtocolSpec protocol_from_json(json& from) {
  return {from.at("row"),
          from.at("protocol"),
          from.at("version"),
          dataset_from_json(from.at("dataset")),
          std::move(from.at("settings")),
          from.at("key"),
          from.value("preset", "")};
}

// Takes the settings out of `from`: they are most of it.
RunSpec parse(json& from) {
  RunSpec spec;
  spec.suite = from.at("suite");
  spec.question = from.at("question");
  spec.row = from.at("row");
  spec.method = from.at("method");
  spec.seed = exact_integer_within(from, "seed", 0, INT64_MAX);
  spec.id = from.at("id");
  spec.dataset = dataset_from_json(from.at("dataset"));
  spec.backbone = from.at("backbone");
  spec.backbone_settings = std::move(from.at("backbone_settings"));
  spec.method_settings = std::move(from.at("method_settings"));
  spec.pretrain = std::move(from.at("pretrain"));
  spec.views = std::move(from.at("views"));
  spec.files = from.at("files").get<std::map<std::string, std::string>>();
  spec.pretrain_key = from.at("pretrain_key");
  for (json& protocol : from.at("protocols")) spec.protocols.push_back(protocol_from_json(protocol));
  spec.requested = from.at("requested");
  spec.equal_cost = from.at("equal_cost");
  spec.threads = static_cast<int>(exact_integer_within(from, "threads", 1, kMostWorkers));
  spec.device = from.at("device");
  spec.out = from.at("out").get<std::string>();
  spec.data_root = from.at("data_root").get<std::string>();
  spec.attempt = exact_integer_within(from, "attempt", 1, INT32_MAX);
  if (from.contains("ranks")) spec.ranks = static_cast<int>(exact_integer_within(from, "ranks", 1, kMostWorkers));
  spec.preset = from.value("preset", "");  // these five came later, as did `ranks`
  spec.worker = from.value("worker", "");
  spec.build = from.value("build", "");
  spec.commit = from.value("commit", "");
  spec.repository = from.value("repository", "");
  spec.reuse = from.at("reuse").get<std::map<std::string, std::string>>();
  return spec;
}

void expect_name(const std::string& what, const std::string& name, const std::string& file) {
  const std::string reason = why_not_a_name(name);
  if (!reason.empty()) throw UserError(file + ": " + what + ": " + reason);
}

// Names of files and folders are made of these.
void expect_names(const RunSpec& spec, const std::string& file) {
  expect_name("suite", spec.suite, file);
  expect_name("row", spec.row, file);
  for (const ProtocolSpec& protocol : spec.protocols) expect_name("protocol row", protocol.row, file);
  const bool digits =
      std::ranges::all_of(spec.id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (spec.id.size() == kIdDigits && digits) return;
  throw UserError(file + ": id: expected " + std::to_string(kIdDigits) + " hex digits, got '" + spec.id + "'");
}

}  // namespace

json run_spec_to_json(const RunSpec& spec) {
  json protocols = json::array();
  for (const ProtocolSpec& protocol : spec.protocols) protocols.push_back(protocol_to_json(protocol));
  return {{"schema", kSchema},
          {"suite", spec.suite},
          {"question", spec.question},
          {"row", spec.row},
          {"method", spec.method},
          {"seed", spec.seed},
          {"id", spec.id},
          {"dataset", dataset_to_json(spec.dataset)},
          {"backbone", spec.backbone},
          {"backbone_settings", spec.backbone_settings},
          {"method_settings", spec.method_settings},
          {"pretrain", spec.pretrain},
          {"views", spec.views},
          {"preset", spec.preset},
          {"files", spec.files},
          {"pretrain_key", spec.pretrain_key},
          {"protocols", protocols},
          {"requested", spec.requested.value()},
          {"equal_cost", spec.equal_cost},
          {"threads", spec.threads},
          {"ranks", spec.ranks},
          {"device", spec.device},
          {"out", spec.out.string()},
          {"data_root", spec.data_root.string()},
          {"attempt", spec.attempt},
          {"worker", spec.worker},
          {"build", spec.build},
          {"commit", spec.commit},
          {"repository", spec.repository},
          {"reuse", spec.reuse}};
}

RunSpec run_spec_from_json(json from, const std::string& file) {
  RunSpec spec;
  try {
    if (from.at("schema") != kSchema) throw UserError("expected schema " + std::string(kSchema));
    spec = parse(from);
  } catch (const json::exception& error) {
    throw UserError(file + ": not a RunSpec: " + json_mistake(error));
  } catch (const UserError& mistake) {
    throw UserError(file + ": " + mistake.what());
  }
  expect_names(spec, file);
  return spec;
}

}  // namespace sslbench
