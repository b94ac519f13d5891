// SPDX-License-Identifier: Apache-2.0
// How one table of a suite file is read: a method row, a protocol row, a stage, the gate.
#pragma once

#include <string>
#include <vector>

#include "suites/plan/suite.h"
#include "suites/plan/toml_tree.h"

namespace sslbench {

MethodRow read_method_row(const std::string& row, const TomlNode& node, const Catalog& catalog);
// A preset that the row names stands among its options as `preset`. `fallback` is the suite's dataset, taken when it
// offers the protocol's task; else the error says which key to add.
ProtocolRow read_protocol_row(const std::string& row, const TomlNode& node, const Catalog& catalog,
                              const PluginChoice& fallback);
// A stage's table: [pretrain], [views], or a row's own. `init = { weights = ..., take = ... }` of pretrain stands for
// the options init, init_take, and so on.
nlohmann::json read_stage(const TomlNode& node, const std::string& stage, const std::string& label,
                          const Catalog& catalog);
std::vector<GateRule> read_gate(const TomlNode& node, const Suite& suite, const Catalog& catalog);

}  // namespace sslbench
