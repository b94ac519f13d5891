// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/plan_keys.h"

#include <algorithm>

#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

using nlohmann::json;

json counting(const RunSpec& run, const Sameness& sameness) {
  const auto dataset = [](const DatasetSpec& set) { return json{{"name", set.name}, {"settings", set.settings}}; };
  json protocols = json::array();
  for (const ProtocolSpec& each : run.protocols) {
    protocols.push_back({{"row", each.row},
                         {"protocol", each.protocol},
                         {"settings", each.settings},
                         {"dataset", dataset(each.dataset)}});
  }
  return sameness.counting({{"method", run.method},
                            {"method_settings", run.method_settings},
                            {"backbone", run.backbone},
                            {"backbone_settings", run.backbone_settings},
                            {"dataset", dataset(run.dataset)},
                            {"pretrain", run.pretrain},
                            {"views", run.views},
                            {"files", run.files},
                            {"protocols", std::move(protocols)}});
}

json protocol_part(const ProtocolSpec& protocol, const json& counts) {
  return {{"settings", counts.at("protocols").at(protocol.row)},
          {"version", protocol.version},
          {"data", protocol.dataset.digest}};
}

json pretrain_part(const RunSpec& run, const json& counts) {
  return {{"settings", counts.at("pretraining")}, {"data", run.dataset.digest}};
}

}  // namespace

bool looks_for_leaks(const RunSpec& run) {
  return std::any_of(run.protocols.begin(), run.protocols.end(),
                     [](const ProtocolSpec& each) { return each.protocol == kLeaksProtocol; });
}

RowKeys::RowKeys(const RunSpec& run, const Sameness& sameness) {
  const json counts = counting(run, sameness);
  pretrain_ = pretrain_part(run, counts);
  const bool leaks = looks_for_leaks(run);
  for (const ProtocolSpec& each : run.protocols) {
    protocols_[each.row] = protocol_part(each, counts);
    if (leaks) protocols_[each.row]["leaks"] = run.dataset.digest;
  }
}

std::string RowKeys::id() const {
  json all = pretrain_;
  all["protocols"] = protocols_;
  return sha256_hex(all.dump()).substr(0, 12);
}

void RowKeys::set(RunSpec& run) const {
  json all = pretrain_;
  all["seed"] = run.seed;
  run.pretrain_key = sha256_hex(all.dump());
  for (ProtocolSpec& each : run.protocols) {
    json own = protocols_.at(each.row);
    own["pretrain_key"] = run.pretrain_key;
    each.key = sha256_hex(own.dump());
  }
}

RunSpec without_seed(RunSpec run) {
  run.seed = 0;
  run.pretrain_key = "";
  for (ProtocolSpec& protocol : run.protocols) protocol.key = "";
  return run;
}

std::string run_id(const RunSpec& run, const Sameness& sameness) { return RowKeys(run, sameness).id(); }

void set_keys(RunSpec& run, const Sameness& sameness) { RowKeys(run, sameness).set(run); }

}  // namespace sslbench
