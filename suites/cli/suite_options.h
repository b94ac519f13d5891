// SPDX-License-Identifier: Apache-2.0
// Options that `plan`, `run` and `submit` have in common.
#pragma once

#include <CLI/App.hpp>

#include "suites/cli/commands/commands.h"

namespace sslbench {

// Each fills in `options`, which outlives the command.
CLI::Option* add_suite(CLI::App* command, SuiteOptions& options);
void add_suite_options(CLI::App* command, SuiteOptions& options);
// How the runs share this machine.
void add_sharing(CLI::App* command, SuiteOptions& options);

// Throws CLI's errors unless `run` was given a suite, or --spec and nothing that a RunSpec says itself.
void expect_suite_or_spec(const CLI::App& command);

}  // namespace sslbench
