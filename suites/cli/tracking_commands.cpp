// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/tracking_commands.h"

#include <CLI/CLI.hpp>

#include "suites/cli/commands/output_place.h"
#include "suites/plan/plan_limits.h"

namespace sslbench {
namespace {

constexpr int kMostRuns = 100, kMostSeeds = 1000;

void add_compare(CLI::App& app, CompareOptions& options, const AddCommand& add) {
  CLI::App* each = add(app, "compare", "two results folders (or their measurements) cell by cell",
                       [&options] { return compare_results(options); });
  each->add_option("BASE", options.base, "a results folder, a measurements.h5 or a file of a history")->required();
  each->add_option("NEW", options.now, "likewise")->required();
  each->add_option("--markdown", options.markdown, "also write the Markdown to this file")->check(why_not_written);
  each->add_flag("--json", options.json, "print JSON");
}

void add_ab(CLI::App& app, AbOptions& options, const AddCommand& add) {
  CLI::App* each = add(app, "ab", "two builds or two suites on this machine, in turns: is the new one slower or worse?",
                       [&options] { return ab_compare(options); });
  each->add_option("OLD", options.old_build, "a folder with a build's programs, its `sslbench`, or `this`")->required();
  each->add_option("NEW", options.new_build, "likewise")->required();
  each->add_option("SUITE", options.suite, "a suite file, or the name of a shipped suite")->required();
  each->add_option("--new-suite", options.new_suite,
                   "the suite of NEW, where it is another; rows that both hold count");
  each->add_option("--rounds", options.rounds, "pairs of runs of every row, each with its own seed (default 16)")
      ->check(CLI::Range(3, kMostRuns));
  each->add_option("--rows", options.rows, "only these rows, with commas between, as names or patterns")
      ->delimiter(',')
      ->allow_extra_args(false);
  each->add_option("--margin", options.margin, "percent by which a cost may get worse (default 1)")
      ->check(CLI::Range(0.0, 100.0));
  each->add_option("--set", options.sets, "KEY=VALUE over both suite files, e.g. pretrain.epochs=2")
      ->allow_extra_args(false);
  each->add_option("--threads", options.threads, "threads of each run (default: the suite's, else the cores)")
      ->check(CLI::Range(1, kMostWorkers));
  each->add_option("--device", options.device, "auto, cpu, cuda or cuda:<i> (default auto)");
  each->add_option("-o,--output", options.out, "where the runs lie (default results/ab/<suite name>)")
      ->check(why_not_written);
  each->add_option("--markdown", options.markdown, "also write the Markdown to this file")->check(why_not_written);
  each->add_flag("--json", options.json, "print JSON");
}

void add_store(CLI::App* command, HistoryOptions& options) {
  command->add_option("--history", options.store, "the folder that holds the history")
      ->required()
      ->check(why_not_written);
}

void add_seed(CLI::App& parent, HistorySeedOptions& options, const AddCommand& add) {
  CLI::App* each = add(parent, "seed", "run a suite with N seeds and record them at once: a history to begin with",
                       [&options] { return history_seed(options); });
  each->add_option("N", options.runs, "runs of each row; the gate judges by 10 or more")
      ->required()
      ->check(CLI::Range(2, kMostSeeds));
  each->add_option("SUITE", options.suite, "a suite file, or the name of a shipped suite")->required();
  each->add_option("--history", options.store, "the folder that holds the history")->required()->check(why_not_written);
  each->add_option("-o,--out", options.out, "results folder (default results/<suite name>-history)")
      ->check(why_not_written);
}

void add_accept(CLI::App& parent, HistoryOptions& options, const AddCommand& add) {
  CLI::App* each = add(parent, "accept", "a shift is the new normal: only later runs count",
                       [&options] { return history_accept(options); });
  each->add_option("--history", options.store, "the folder that holds the history")->check(why_not_written);
  each->add_option("--into", options.into,
                   "write it into this TOML file, which is reviewed with the change (--accepted reads it)")
      ->check(why_not_written);
  each->add_option("--cell", options.cell, "rows it holds for, as a pattern, e.g. 'byol*'")->required();
  each->add_option("--metric", options.metric, "metrics it holds for, e.g. 'linear_probe.*' (default all)");
  each->add_option("--reason", options.reason, "why, for those who read it later")->required();
  each->add_option("--suite", options.suite, "which suite, where the history holds several");
}

void add_history(CLI::App& app, TrackingOptions& tracking, const AddCommand& add) {
  HistoryOptions& options = tracking.history;
  CLI::App* parent = add(app, "history", "what was measured before, in small files for git", nullptr);
  parent->require_subcommand(1);
  add_seed(*parent, tracking.seed, add);
  CLI::App* each =
      add(*parent, "record", "append the results of a folder", [&options] { return history_record(options); });
  each->add_option("DIR", options.folder, "results folder")->required();
  add_store(each, options);
  each->add_option("--accepted", options.accepted,
                   "a file of shifts that these results mean; the history takes them over");
  add_accept(*parent, options, add);

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
  each->add_option("--accepted", options.accepted, "a file of shifts that this change means (`history accept --into`)");
  each->add_option("--confirm", options.confirm, "train suspects again with this many fresh seeds before they count")
      ->check(CLI::Range(3, kMostRuns));
  CLI::Option* ab = each->add_option("--ab", options.ab,
                                     "measure costs of training that history holds of other machines only here, in "
                                     "turns with this older build (a folder, as `sslbench ab` takes it)");
  each->add_option("--rounds", options.rounds, "of --ab: pairs of runs of every such row (default 16)")
      ->check(CLI::Range(3, kMostRuns))
      ->needs(ab);
  each->add_option("--bisect", options.bisect,
                   "look for the commit of the worst regression: GOOD..BAD, or `history` for the last recorded one")
      ->excludes(ab);
  each->add_option("--build", options.build,
                   "how to build a commit, in its tree (default: scripts/setup && scripts/build)")
      ->needs("--bisect");
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
  add_ab(app, options.ab, add);
  add_history(app, options, add);
  add_gate(app, options.gate, add);
  add_verify(app, options.verify, add);
  add_bundle(app, options.bundle, add);
  add_ci(app, options.ci, add);
}

}  // namespace sslbench
