// SPDX-License-Identifier: Apache-2.0
// What decides whether two runs, or two stages, are the same: SHA-256 over canonical JSON (keys sorted, no spaces).
// Threads, device, paths, row names of methods and the suite's name never count.
#pragma once

#include <string>

#include "suites/spec/run_spec.h"

namespace sslbench {

// 12 hex digits over resolved settings, protocol rows and versions, dataset digests; equal for all seeds of a row.
std::string run_id(const RunSpec& run);

// Key of the pretrain stage: method, backbone, dataset and digest, pretrain, views, seed.
std::string pretrain_key(const RunSpec& run);

// Key of a protocol's stage: the pretrain key, the protocol, its version, settings and dataset. Protocols are
// independent of each other.
std::string protocol_key(const std::string& pretrain_key, const ProtocolSpec& protocol);

}  // namespace sslbench
