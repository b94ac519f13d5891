// SPDX-License-Identifier: Apache-2.0
#include "reports/record/counted_settings.h"

#include "suites/ground/sha256.h"
#include "suites/plan/sameness.h"

namespace sslbench {
namespace {

using nlohmann::json;

json part(const json& object, const std::string& key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : json();
}

json counting_part(const Record& record, const char* key) {
  if (record.counting.is_null()) return part(Sameness().counting(record.effective), key);
  return part(record.counting, key);
}

json protocol_entry(const Record& record, const std::string& protocol) {
  const json protocols = part(record.effective, "protocols");
  if (!protocols.is_array()) return nullptr;
  for (const json& entry : protocols) {
    if (part(entry, "row") == protocol) return entry;
  }
  return nullptr;
}

json named_settings(const json& dataset) { return {part(dataset, "name"), part(dataset, "settings")}; }

}  // namespace

json counted_pretraining(const Record& record) { return counting_part(record, "pretraining"); }

json counted_protocol(const Record& record, const std::string& protocol) {
  return part(counting_part(record, "protocols"), protocol);
}

json pretraining_data(const Record& record) { return part(part(record.effective, "dataset"), "digest"); }

std::optional<std::string> protocol_preset(const Record& record, const std::string& protocol) {
  const json entry = protocol_entry(record, protocol);
  if (!entry.is_object()) return std::nullopt;
  const json preset = part(entry, "preset");
  return preset.is_string() ? preset.get<std::string>() : "";
}

json protocol_data(const Record& record, const std::string& protocol) {
  return part(part(protocol_entry(record, protocol), "dataset"), "digest");
}

std::string config_of_history_1(const Record& record, const std::string& protocol) {
  const json& spec = record.effective;
  json pretrain = part(spec, "pretrain");
  if (pretrain.is_object()) {
    for (const char* key : {"checkpoint_seconds", "hash_every", "data_workers", "resident_budget"}) pretrain.erase(key);
    if (part(pretrain, "decode") == "exact") pretrain.erase("decode");
    if (part(pretrain, "on_corrupt") == "fail") pretrain.erase("on_corrupt");
  }
  const json entry = protocol_entry(record, protocol);
  const json all = {record.method,
                    record.backbone,
                    part(spec, "method_settings"),
                    part(spec, "backbone_settings"),
                    named_settings(part(spec, "dataset")),
                    pretrain,
                    part(spec, "views"),
                    part(spec, "files"),
                    part(entry, "settings"),
                    named_settings(part(entry, "dataset"))};
  return sha256_hex(all.dump(-1, ' ', false, json::error_handler_t::replace)).substr(0, 16);
}

}  // namespace sslbench
