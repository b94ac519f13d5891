// SPDX-License-Identifier: Apache-2.0
// What decides whether two runs, or two stages, are the same: SHA-256 over canonical JSON (keys sorted, no spaces) of
// the settings that count (suites/plan/sameness.h), the digests of the data and the versions of protocols.
#pragma once

#include <string>

#include "suites/plan/run_spec.h"
#include "suites/plan/sameness.h"

namespace sslbench {

// 12 hex digits over all settings that count, protocol rows and versions, dataset digests; equal for all seeds of a
// row.
std::string run_id(const RunSpec& run, const Sameness& sameness);

// Fills in the keys of its stages. Pretraining: what counts of method, backbone, dataset, pretrain and
// views; the data's digest; the seed. A
// protocol: the pretraining's key, its plugin, version, settings and dataset; protocols are independent of each other.
void set_keys(RunSpec& run, const Sameness& sameness);

}  // namespace sslbench
