// SPDX-License-Identifier: Apache-2.0
// What decides whether two runs, or two stages, are the same: SHA-256 over canonical JSON (keys sorted, no spaces) of
// the settings that count (suites/plan/sameness.h), the digests of the data and the versions of protocols.
#pragma once

#include <map>
#include <string>

#include "suites/plan/run_spec.h"
#include "suites/plan/sameness.h"

namespace sslbench {

// The protocol for whose sake all others of a run tell more; it is part of their keys.
inline constexpr const char* kLeaksProtocol = "leaks";
bool looks_for_leaks(const RunSpec& run);

// The keys of runs that differ in nothing but their seed: what counts of their settings is looked up once.
class RowKeys {
 public:
  RowKeys(const RunSpec& run, const Sameness& sameness);

  // 12 hex digits over all settings that count, protocol rows and versions, dataset digests.
  std::string id() const;

  // Fills in the keys of a run's stages. Pretraining: what counts of method, backbone, dataset, pretrain and views; the
  // data's digest; the seed. A protocol: the pretraining's key, its plugin, version, settings and dataset; protocols
  // are independent of each other.
  void set(RunSpec& run) const;

 private:
  nlohmann::json pretrain_;
  std::map<std::string, nlohmann::json> protocols_;  // by row
};

// A run without what belongs to one seed: its number and keys.
RunSpec without_seed(RunSpec run);

// RowKeys of one run.
std::string run_id(const RunSpec& run, const Sameness& sameness);
void set_keys(RunSpec& run, const Sameness& sameness);

}  // namespace sslbench
