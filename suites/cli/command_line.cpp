// SPDX-License-Identifier: Apache-2.0
// All commands and options of `sslbench` in one place.
#include "suites/cli/command_line.h"

#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>

#include "suites/cli/command_examples.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/output_place.h"
#include "suites/cli/completion.h"
#include "suites/cli/data_commands.h"
#include "suites/cli/help_commands.h"
#include "suites/cli/parse_mistake.h"
#include "suites/cli/submit_options.h"
#include "suites/cli/suite_options.h"
#include "suites/cli/text/command_ending.h"
#include "suites/cli/text/help_form.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/cli/tracking_commands.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/revision.h"
#include "suites/ground/terminal/terminal_line.h"
#include "suites/plan/plan_limits.h"

namespace sslbench {
namespace {

// The parser with the options it fills in; `chosen` is set by the command that was named.
struct Parser {
  CLI::App app{"Trains self-supervised methods on image sets, measures what their features are worth, and reports it."};
  ListOptions list;
  DescribeOptions describe;
  NewSuiteOptions fresh;
  PlanOptions plan;
  RunOptions run;
  SubmitOptions submit;
  StatusOptions status;
  ReportOptions report;
  ExportOptions exported;
  ImportOptions imported;
  ScoreOptions score;
  TrackingOptions tracking;
  DataOptions data;
  EnvOptions env;
  HelpOptions help;
  std::function<ExitCode()> chosen;

  Parser();

 private:
  CLI::App* command(CLI::App& parent, const std::string& name, const std::string& help, std::function<ExitCode()> act);
  void add_reading_commands();
  void add_suite_commands();
  void add_new_suite();
  void add_score_command();
};

void add_json(CLI::App* command, bool& json) { command->add_flag("--json", json, "print JSON"); }

CLI::App* Parser::command(CLI::App& parent, const std::string& name, const std::string& help,
                          std::function<ExitCode()> act) {
  CLI::App* added = parent.add_subcommand(name, help);
  added->footer(examples_text(&parent == &app ? name : parent.get_name() + " " + name, help_width()));
  if (act) added->callback([this, act = std::move(act)] { chosen = act; });
  return added;
}

void Parser::add_reading_commands() {
  CLI::App* each = command(app, "list", "what there is: suites, methods, backbones, datasets, protocols",
                           [this] { return list_plugins(list); });
  each->add_option("KIND", list.kind,
                   "suites, methods, backbones, datasets, protocols, recipes or formats; all when left out");
  add_json(each, list.json);
  each->add_flag("--markdown", list.markdown, "print Markdown tables");

  each = command(app, "describe", "one plugin with its options, e.g. describe method simclr",
                 [this] { return describe_plugin(describe); });
  each->add_option("KIND", describe.kind, "method, backbone, dataset, protocol, stage or suite")->required();
  each->add_option("NAME", describe.name, "its name")->required();
  add_json(each, describe.json);

  each = command(app, "status", "how far a suite is", [this] { return show_status(status); });
  each->add_option("DIR", status.folder, "results folder")->required();
  each->add_flag("--watch", status.watch, "again at each change, until all is done")
      ->excludes(each->add_flag("--json", status.json, "print JSON"));

  each = command(app, "report", "write the report of results folders again", [this] { return write_report(report); });
  each->add_option("DIR", report.folders, "results folders, or archives that bundle wrote")->required();
  each->add_option("-o,--out", report.out, "where to write it (default DIR/report)")->check(why_not_written);
  each->add_flag("--html", report.html, "also write report.html: one page that needs no other file");
  each->add_flag("--brief", report.brief,
                 "print answer and headline numbers as Markdown instead of the report's place");
  add_json(each, report.json);

  each = command(app, "export", "pretrained backbones (safetensors), or measurements for other programs",
                 [this] { return export_runs(exported); });
  each->add_option("DIR", exported.folder, "results folder")->required();
  each->add_option("--to", exported.to, "format")->check(CLI::IsMember(export_formats()))->required();
  each->add_option("-o,--out", exported.out,
                   "a folder, or for one run a file that ends in .safetensors; of measurements a file (default: print)")
      ->check(why_not_written);
  each->add_option("--only", exported.only, "only the rows that match this pattern, e.g. 'sim*' (repeatable)")
      ->allow_extra_args(false);
  each->add_flag("--follow", exported.follow,
                 "of tensorboard: goes on until every run is done, with curves as they are logged");
  each->add_flag("--with-head", exported.with_head, "with the classification head that a supervised row trained");

  each = command(app, "env", "machine, build and folders: what a question should come with",
                 [this] { return show_environment(env); });
  add_json(each, env.json);
}

void Parser::add_suite_commands() {
  CLI::App* each = command(app, "plan", "check a suite and print its runs, reuse, time, memory and disk",
                           [this] { return plan_suite(plan); });
  add_suite(each, plan.suite)->required();
  add_suite_options(each, plan.suite);
  add_sharing(each, plan.suite);
  each->add_flag("--no-calibrate", plan.no_calibrate, "no training steps of what was never measured here");
  add_json(each, plan.json);

  each = command(app, "run", "carry out a suite, or go on with it",
                 [this] { return run.spec.empty() ? run_suite(run) : run_spec(run); });
  add_suite(each, run.suite);
  add_suite_options(each, run.suite);
  add_sharing(each, run.suite);
  each->add_flag("--again", run.again, "start every run afresh, those that are done, too");
  each->add_flag("--keep-work", run.keep_work, "keep logs and checkpoints of finished runs");
  each->add_option("--stall-timeout", run.stall_timeout,
                   "seconds without progress after which a run is ended (default 600)")
      ->check(CLI::Range(1, 1'000'000));
  each->add_option("--spec", run.spec,
                   "carry out this one run instead of a suite: OUT/work/<run>/runspec.json, as a scheduler's task");
  each->parse_complete_callback([each] { expect_suite_or_spec(*each); });

  each = command(app, "import", "features computed elsewhere, as one more row of a results folder",
                 [this] { return import_features(imported); });
  each->add_option("FEATURES", imported.features,
                   ".npz, safetensors or HDF5 with train_features, train_labels, test_features, test_labels")
      ->required();
  each->add_option("DIR", imported.folder, "results folder, whose protocols on features they are measured by")
      ->required();
  each->add_option("--row", imported.row, "what the row is called")->required();
  each->add_option("--seed", imported.seed, "of what protocols draw (default 0)")->check(CLI::NonNegativeNumber);
  each->add_flag("--again", imported.again, "measure them again");

  each = command(app, "submit", "hand the runs of a suite to a scheduler, or those that it lost",
                 [this] { return submit_suite(submit); });
  add_suite(each, submit.suite)->required();
  add_suite_options(each, submit.suite);
  add_submit_options(each, submit);
}

void Parser::add_new_suite() {
  CLI::App* parent = command(app, "suite", "suite files", nullptr);
  parent->require_subcommand(1);
  CLI::App* each =
      command(*parent, "new", "write a commented suite file for a dataset", [this] { return new_suite(fresh); });
  each->add_option("FILE", fresh.file, "the file to write, which ends in .toml")->required()->check(why_not_written);
  each->add_option("--dataset", fresh.dataset, "an added dataset (sslbench data list)")->required();
  each->add_option("--methods", fresh.methods, "what to compare, with commas between (default simclr)");
  each->add_option("--budget", fresh.budget,
                   "time for all of it, e.g. 30m or 2h: takes a few steps of each row and chooses the epochs");
}

void Parser::add_score_command() {
  CLI::App* each = command(app, "score", "any model's predictions: detection, voc, segmentation, classification, ...",
                           [this] { return score_predictions(score); });
  each->add_option("OP", score.op, "what to compute; an unknown name lists all")->required();
  each->add_option("--input", score.input, "a JSON or safetensors file with the inputs");
  each->add_option("--truth", score.truth, "detection: COCO's truth");
  each->add_option("--predictions", score.predictions, "detection: COCO's list of results");
  each->add_option("--iou", score.iou, "detection: compare boxes or masks (default bbox)")
      ->check(CLI::IsMember({"bbox", "segm"}));
  each->add_option("--max-dets", score.max_dets, "detection: limits an image and category (default 1,10,100)");
}

Parser::Parser() {
  app.name("sslbench");
  app.require_subcommand(1);
  app.set_version_flag("--version",
                       std::string("sslbench ") + kVersion + " (" + build_revision().text() + ", " + kBuildType + ")");
  app.formatter(std::make_shared<HelpForm>(help_width()));
  app.footer(examples_text("", help_width()) + folded(exit_codes_text(), help_width(), 0));
  add_new_suite();
  add_suite_commands();
  add_reading_commands();
  const AddCommand add = [this](CLI::App& parent, const std::string& name, const std::string& help,
                                std::function<ExitCode()> act) { return command(parent, name, help, std::move(act)); };
  add_tracking_commands(app, tracking, add);
  add_score_command();
  add_data_commands(app, data, add);
  add_help_commands(app, help, add);
}

void collect_flags(const CLI::App& app, const std::string& prefix, std::vector<std::string>& out) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) continue;
    out.push_back(prefix + option->get_name(false, true));
  }
  for (const CLI::App* each : app.get_subcommands({})) collect_flags(*each, prefix + each->get_name() + " ", out);
}

void collect_commands(const CLI::App& app, const std::string& prefix, std::vector<std::string>& out) {
  for (const CLI::App* each : app.get_subcommands({})) {
    if (each->get_subcommands({}).empty()) out.push_back(prefix + each->get_name());
    collect_commands(*each, prefix + each->get_name() + " ", out);
  }
}

// Parses the words and carries out what they ask for.
ExitCode command_of(int argc, const char* const* argv) {
  if (const std::string mistake = argument_mistake(argc, argv); !mistake.empty()) throw UserError(mistake);
  Parser parser;
  if (argc > 2 && std::string_view(argv[1]) == "complete" && std::string_view(argv[2]) == "--") {  // a shell asks
    for (const std::string& each : completions(parser.app, {argv + 3, argv + argc})) std::cout << each << "\n";
    return ExitCode::done;
  }
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    parser.app.exit(wanted);
    return ExitCode::done;
  } catch (const CLI::ParseError& mistake) {
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    throw UserError(explain_mistake(parser.app, words, mistake.what()));
  }
  return parser.chosen();
}

}  // namespace

std::vector<std::string> command_line_flags() {
  const Parser parser;
  std::vector<std::string> out;
  collect_flags(parser.app, "", out);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> command_names() {
  const Parser parser;
  std::vector<std::string> out;
  collect_commands(parser.app, "", out);
  return out;
}

std::string command_line_mistake(const std::string& arguments) {
  Parser parser;
  try {
    parser.app.parse(arguments);
  } catch (const CLI::ParseError& mistake) {
    return mistake.what();
  }
  return "";
}

int command_line(int argc, const char* const* argv) {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  const PrintableStream out(std::cout), errors(std::cerr);
  return carry_out([&] { return command_of(argc, argv); });
}

}  // namespace sslbench
