// SPDX-License-Identifier: Apache-2.0
// Every command as a function of its options; suites/cli/command_line.cpp fills them in. Results go to stdout, all else
// to stderr; mistakes are UserErrors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/cli/text/exit_code.h"

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

// What `plan`, `run` and `submit` share: which runs, where, how.
struct SuiteOptions {
  std::string suite, out;                       // out "" = results/<suite name>
  std::vector<std::string> sets, only;          // only: patterns of row names, empty = all
  std::string seeds, device = "auto", devices;  // devices: "" = the one device
  std::optional<int> jobs, threads, ranks;
};

struct NewSuiteOptions {
  std::string file, dataset;
  std::string methods = "simclr";  // a list with commas
  std::string budget;              // e.g. "30m"; "" = none
};
ExitCode new_suite(const NewSuiteOptions& options);

struct PlanOptions {
  SuiteOptions suite;
  bool no_calibrate = false, json = false;
};
ExitCode plan_suite(const PlanOptions& options);

struct RunOptions {
  SuiteOptions suite;
  std::string spec;  // the RunSpec file of one run, instead of a suite; "" = none
  bool again = false, keep_work = false;
  int stall_timeout = 600;  // s
};
ExitCode run_suite(const RunOptions& options);
ExitCode run_spec(const RunOptions& options);
// The same for a command whose stdout is its own: what `run` would print there.
struct SuiteEnding {
  ExitCode code = ExitCode::done;
  std::string text;
};
SuiteEnding carry_out_suite(const RunOptions& options);

struct ImportOptions {
  std::string features, row, folder;
  int64_t seed = 0;
  bool again = false;
};
ExitCode import_features(const ImportOptions& options);

struct SubmitOptions {
  SuiteOptions suite;
  std::string to;    // slurm, kubernetes or list
  std::string time;  // limit of a task; "" = by what was measured
  std::string image;
  std::vector<std::string> sbatch;
  int at_once = 0, per_task = 1;  // at_once 0: no limit of ours
  bool dry = false;
};
ExitCode submit_suite(const SubmitOptions& options);

struct StatusOptions {
  std::string folder;
  bool json = false, watch = false;
};
ExitCode show_status(const StatusOptions& options);

struct ReportOptions {
  std::vector<std::string> folders;
  std::string out;  // "" = beside the one folder's runs
  bool html = false, brief = false, json = false;
};
ExitCode write_report(const ReportOptions& options);

struct ExportOptions {
  std::string folder, to = "safetensors";
  std::vector<std::string> only;
  std::string out;  // safetensors: a folder, or a file that ends in .safetensors; else a file, "" = stdout
  bool with_head = false, follow = false;
};
ExitCode export_runs(const ExportOptions& options);
// What --to takes.
std::vector<std::string> export_formats();

struct CompareOptions {
  std::string base, now;  // results folder, measurements.h5 or a file of a history
  std::string markdown;   // a file, or ""
  bool json = false;
};
ExitCode compare_results(const CompareOptions& options);

struct AbOptions {
  std::string old_build, new_build;       // a build's folder, its program, or "this"
  std::string suite, new_suite;           // new_suite "" = the same on both sides
  std::string out;                        // "" = results/ab/<suite name>
  std::vector<std::string> rows, sets;    // rows: patterns, empty = all
  std::string device = "auto", markdown;  // markdown: a file, or ""
  std::optional<int> threads;
  int rounds = 16;
  double margin = 1;  // percent
  bool json = false;
};
ExitCode ab_compare(const AbOptions& options);

struct HistoryOptions {
  std::string store, folder, suite;
  std::string cell = "*", metric = "*", reason;  // of accept
  std::string into;                              // of accept: a file of a change, "" = the history itself
  std::string accepted;                          // of record: such a file, "" = none
  std::string out = "trend";
  bool json = false;
};
struct HistorySeedOptions {
  int runs = 0;  // seeds 0 .. runs - 1
  std::string suite, store, out;
};
ExitCode history_seed(const HistorySeedOptions& options);
ExitCode history_record(const HistoryOptions& options);
ExitCode history_accept(const HistoryOptions& options);
ExitCode history_list(const HistoryOptions& options);
ExitCode history_trend(const HistoryOptions& options);

struct GateOptions {
  std::string folder, store, rules, accepted;            // accepted: a file of shifts that the change means, "" = none
  int confirm = 0;                                       // fresh seeds for suspects; 0 = decide by what is there
  std::string ab;                                        // a build (AbOptions) for costs of another machine; "" = none
  int rounds = 16;                                       // of it
  std::string bisect;                                    // GOOD..BAD, or "history"; "" = look for no commit
  std::string build = "scripts/setup && scripts/build";  // of a candidate, in its tree
  bool strict = false, json = false;
  std::string markdown, junit, gha, bmf, openmetrics;  // files, or ""
};
ExitCode gate_results(const GateOptions& options);

struct BundleOptions {
  std::string folder, out;
  bool weights = false, small = false;
};
ExitCode bundle_results(const BundleOptions& options);

struct CiOptions {
  bool github = false, gitlab = false, force = false;  // neither: github
  std::string out = ".";
  std::vector<std::string> suites = {"smoke"};
};
ExitCode ci_init(const CiOptions& options);

struct VerifyOptions {
  std::string folder;
  bool json = false;
};
ExitCode verify_results(const VerifyOptions& options);

struct ScoreOptions {
  std::string op, input;
  std::string truth, predictions, iou = "bbox", max_dets = "1,10,100";  // of detection
};
ExitCode score_predictions(const ScoreOptions& options);

struct DataOptions {
  std::string name, path;
  std::string fresh_name;         // rename
  std::string format;             // add: "" = found out
  std::string out;                // pack, show, leaks
  std::string test_set, csv;      // leaks: "" = the set's own test images; "" = none is written
  std::string split = "train";    // show
  std::string rule;               // split
  std::vector<std::string> sets;  // pack, show, leaks: KEY=VALUE over the set's options
  std::string recipe;             // show: whose views; "" = the images alone
  int images = 0, size = 0;       // show: how many, px of a view; 0 = as the help says
  int64_t seed = 0, epoch = 0;    // show: of the run whose views are drawn
  bool accept_copies = false, link = false, json = false;
};
ExitCode data_add(const DataOptions& options);
ExitCode data_list(const DataOptions& options);
ExitCode data_check(const DataOptions& options);
ExitCode data_remove(const DataOptions& options);
ExitCode data_rename(const DataOptions& options);
ExitCode data_pack(const DataOptions& options);
ExitCode data_split(const DataOptions& options);
ExitCode data_show(const DataOptions& options);
ExitCode data_leaks(const DataOptions& options);
ExitCode data_get(const DataOptions& options);

struct EnvOptions {
  bool json = false;
};
ExitCode show_environment(const EnvOptions& options);

}  // namespace sslbench
