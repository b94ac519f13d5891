// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "suites/cli/commands/commands.h"

namespace sslbench {

struct TrackingOptions {
  CompareOptions compare;
  AbOptions ab;
  HistoryOptions history;
  HistorySeedOptions seed;
  GateOptions gate;
  VerifyOptions verify;
  BundleOptions bundle;
  CiOptions ci;
};

// Adds a command that does `act` when it is named.
using AddCommand = std::function<CLI::App*(CLI::App& parent, const std::string& name, const std::string& help,
                                           std::function<ExitCode()> act)>;

// compare, ab, history, gate, verify, bundle and ci; `options` outlives the parser.
void add_tracking_commands(CLI::App& app, TrackingOptions& options, const AddCommand& add);

}  // namespace sslbench
