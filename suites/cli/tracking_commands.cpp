// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/tracking_commands.h"

#include <CLI/CLI.hpp>

#include "suites/cli/commands/output_place.h"

namespace sslbench {
namespace {

constexpr int kMostRuns = 100;

void add_compare(CLI::App& app, CompareOptions& options, const AddCommand& add) {
  CLI::App* each = add(app, "compare", "two results folders (or their measurements) cell by cell",
                       [&options] { return compare_results(options); });
  each->add_option("BASE", options.base, "a results folder, a measurements.h5 or a file of a history")->required();
  each->add_option("NEW", options.now, "likewise")->required();
  each->add_option("--markdown", options.markdown, "also write the Markdown to this file")->check(why_not_written);
  each->add_flag("--json", options.json, "print JSON");
}

void add_store(CLI::App* command, HistoryOptions& options) {
  command->add_option("--history", options.store, "the folder that holds the history")
      ->required()
      ->check(why_not_written);
}

void add_history(CLI::App& app, HistoryOptions& options, const AddCommand& add) {
  CLI::App* parent = add(app, "history", "what was measured before, in small files for git", nullptr);
  parent->require_subcommand(1);
  CLI::App* each =
      add(*parent, "record", "append the results of a folder", [&options] { return history_record(options); });
  each->add_option("DIR", options.folder, "results folder")->required();
  add_store(each, options);

  each = add(*parent, "accept", "a shift is the new normal: only later runs count",
             [&options] { return history_accept(options); });
  add_store(each, options);
  each->add_option("--cell", options.cell, "rows it holds for, as a pattern, e.g. 'byol*'")->required();
  each->add_option("--metric", options.metric, "metrics it holds for, e.g. 'linear_probe.*' (default all)");
  each->add_option("--reason", options.reason, "why, for those who read it later")->required();
  each->add_option("--suite", options.suite, "which suite, where the history holds several");

  each = add(*parent, "list", "runs and accepted shifts by time", [&options] { return history_list(options); });
  add_store(each, options);
  each->add_option("--suite", options.suite, "only this suite");
  each->add_flag("--json", options.json, "print JSON");

  each = add(*parent, "trend", "the course of every cell with its change points, as Markdown and SVG",
             [&options] { return history_trend(options); });
  add_store(each, options);
  each->add_option("--suite", options.suite, "which suite, where the history holds several");
  each->add_option("-o,--out", options.out, "folder to write (default trend)")->check(why_not_written);
}

void add_gate(CLI::App& app, GateOptions& options, const AddCommand& add) {
  CLI::App* each = add(app, "gate", "fail when results are worse than history and margins allow",
                       [&options] { return gate_results(options); });
  each->add_option("DIR", options.folder, "results folder")->required();
  each->add_option("--history", options.store, "the folder that holds the history")->required();
  each->add_option("--rules", options.rules, "a TOML file whose [gate] replaces the suite's");
  each->add_option("--confirm", options.confirm, "train suspects again with this many fresh seeds before they count")
      ->check(CLI::Range(3, kMostRuns));
  each->add_flag("--strict", options.strict, "exit 4 when a cell is inconclusive");
  each->add_option("--markdown", options.markdown, "write the comment for a pull request")->check(why_not_written);
  each->add_option("--junit", options.junit, "write JUnit XML")->check(why_not_written);
  each->add_option("--gha", options.gha, "write JSON of github-action-benchmark (smaller is better)")
      ->check(why_not_written);
  each->add_option("--bmf", options.bmf, "write Bencher's metric format")->check(why_not_written);
  each->add_option("--openmetrics", options.openmetrics, "write OpenMetrics text")->check(why_not_written);
  each->add_flag("--json", options.json, "print JSON");
}

void add_verify(CLI::App& app, VerifyOptions& options, const AddCommand& add) {
  CLI::App* each = add(app, "verify", "check a results folder: files, digests, completeness, seeds, environments",
                       [&options] { return verify_results(options); });
  each->add_option("DIR", options.folder, "results folder, or an archive that bundle wrote")->required();
  each->add_flag("--json", options.json, "print JSON");
}

void add_bundle(CLI::App& app, BundleOptions& options, const AddCommand& add) {
  CLI::App* each = add(app, "bundle", "one archive of a results folder for another machine",
                       [&options] { return bundle_results(options); });
  each->add_option("DIR", options.folder, "results folder")->required();
  each->add_option("-o,--out", options.out, "the archive to write, FILE.tar.gz")->required()->check(why_not_written);
  each->add_flag("--small", options.small, "without pictures, state hashes, paths and curves other than losses");
  each->add_flag("--weights", options.weights, "with the pretrained backbones");
}

void add_ci(CLI::App& app, CiOptions& options, const AddCommand& add) {
  CLI::App* parent = add(app, "ci", "jobs for continuous integration", nullptr);
  parent->require_subcommand(1);
  CLI::App* each = add(*parent, "init", "write jobs that run suites, gate them and show the outcome",
                       [&options] { return ci_init(options); });
  each->add_flag("--github", options.github, "a GitHub Actions workflow (the default)");
  each->add_flag("--gitlab", options.gitlab, "a GitLab job");
  each->add_option("--suite", options.suites, "which suite (default smoke); once for each")->allow_extra_args(false);
  each->add_option("-o,--out", options.out, "root of the repository (default .)")->check(why_not_written);
  each->add_flag("--force", options.force, "overwrite files that are there");
}

}  // namespace

void add_tracking_commands(CLI::App& app, TrackingOptions& options, const AddCommand& add) {
  add_compare(app, options.compare, add);
  add_history(app, options.history, add);
  add_gate(app, options.gate, add);
  add_verify(app, options.verify, add);
  add_bundle(app, options.bundle, add);
  add_ci(app, options.ci, add);
}

}  // namespace sslbench
