// SPDX-License-Identifier: Apache-2.0
// Every command as a function of its options; suites/cli/command_line.cpp fills them in. Results go to stdout, all else
// to stderr; mistakes are UserErrors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/cli/exit_code.h"

namespace sslbench {

struct ListOptions {
  std::string kind;  // "" = all kinds
  bool json = false, markdown = false;
};
ExitCode list_plugins(const ListOptions& options);

struct DescribeOptions {
  std::string kind, name;
  bool json = false;
};
ExitCode describe_plugin(const DescribeOptions& options);

// What `plan` and `run` share: which runs, where, how.
struct SuiteOptions {
  std::string suite, out;  // out "" = results/<suite name>
  std::vector<std::string> sets;
  std::string seeds, only = "*", device = "auto";
  std::optional<int> jobs, threads;
};

struct PlanOptions {
  SuiteOptions suite;
  bool calibrate = false, json = false;
};
ExitCode plan_suite(const PlanOptions& options);

struct RunOptions {
  SuiteOptions suite;
  bool again = false, keep_work = false;
  int stall_timeout = 600;  // s
};
ExitCode run_suite(const RunOptions& options);

struct StatusOptions {
  std::string folder;
  bool json = false;
};
ExitCode show_status(const StatusOptions& options);

struct ReportOptions {
  std::vector<std::string> folders;
  std::string out;  // "" = beside the one folder's runs
  bool json = false;
};
ExitCode write_report(const ReportOptions& options);

struct ExportOptions {
  std::string folder, to = "safetensors", only = "*";
  std::string out;  // a folder, or a file that ends in .safetensors
  bool with_head = false;
};
ExitCode export_runs(const ExportOptions& options);

struct DataOptions {
  std::string name, path;
  bool json = false;
};
ExitCode data_add(const DataOptions& options);
ExitCode data_list(const DataOptions& options);
ExitCode data_check(const DataOptions& options);

struct EnvOptions {
  bool json = false;
};
ExitCode show_environment(const EnvOptions& options);

}  // namespace sslbench
