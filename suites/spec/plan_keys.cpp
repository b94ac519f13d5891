// SPDX-License-Identifier: Apache-2.0
#include "suites/spec/plan_keys.h"

#include <utility>

#include "suites/spec/sha256.h"

namespace sslbench {
namespace {

using nlohmann::json;

// Options of these names say how a run is carried out, never what comes out (the tests hold them to it), so they are no
// part of any key: changing one repeats nothing.
constexpr const char* kCircumstances[] = {"data_workers", "checkpoint_seconds", "hash_every", "resident_budget"};

// Options that came later, with the value that is what was before: named only where they differ, so that keys stay.
constexpr std::pair<const char*, const char*> kLater[] = {{"decode", "exact"}, {"on_corrupt", "fail"}};

json without_circumstances(json settings) {
  for (const char* name : kCircumstances) settings.erase(name);
  for (const auto& [name, value] : kLater) {
    if (settings.contains(name) && settings.at(name) == value) settings.erase(name);
  }
  return settings;
}

json dataset_part(const DatasetSpec& dataset) { return {dataset.name, dataset.settings, dataset.digest}; }

json pretrain_part(const RunSpec& run) {
  json out = {{"method", run.method},
              {"method_settings", run.method_settings},
              {"backbone", run.backbone},
              {"backbone_settings", run.backbone_settings},
              {"dataset", dataset_part(run.dataset)},
              {"pretrain", without_circumstances(run.pretrain)},
              {"views", run.views}};
  for (const auto& [option, digest] : run.files) {  // what a file holds counts, not where it lies
    out["method_settings"].erase(option);
    out["files"][option] = digest;
  }
  return out;
}

json protocol_part(const ProtocolSpec& protocol) {
  return {{"protocol", protocol.protocol},
          {"version", protocol.version},
          {"settings", without_circumstances(protocol.settings)},
          {"dataset", dataset_part(protocol.dataset)}};
}

}  // namespace

std::string run_id(const RunSpec& run) {
  json all = pretrain_part(run);
  all["protocols"] = json::object();
  for (const ProtocolSpec& protocol : run.protocols) all["protocols"][protocol.row] = protocol_part(protocol);
  return sha256_hex(all.dump()).substr(0, 12);
}

std::string pretrain_key(const RunSpec& run) {
  json all = pretrain_part(run);
  all["seed"] = run.seed;
  return sha256_hex(all.dump());
}

std::string protocol_key(const std::string& pretrain_key, const ProtocolSpec& protocol) {
  json all = protocol_part(protocol);
  all["pretrain_key"] = pretrain_key;
  return sha256_hex(all.dump());
}

}  // namespace sslbench
