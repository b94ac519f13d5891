// SPDX-License-Identifier: Apache-2.0
// sslbench suite new FILE --dataset NAME
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <thread>

#include "datasets/install/installed.h"
#include "reports/text/number_text.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/suite_request.h"
#include "suites/cli/text/new_suite_text.h"
#include "suites/files/atomic_file.h"
#include "suites/files/temporary_folder.h"
#include "suites/ground/error.h"
#include "suites/ground/missing_set.h"
#include "suites/plan/plan.h"
#include "suites/runner/calibrate_unknown.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/device_choice.h"
#include "suites/runner/progress/progress_view.h"
#include "suites/runner/worker_check.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr int kMostViewOnCpu = 96, kMostView = 224, kLeastView = 32, kViewStep = 16;  // px
constexpr int64_t kEpochs = 100, kTriedEpochs = 10, kMostEpochs = 1000;
constexpr double kUsableShare = 0.85;  // of the budget: features, probes and starts take the rest

// Seconds of "90s", "30m", "1h30m".
double budget_seconds(const std::string& text) {
  double total = 0;
  size_t at = 0;
  while (at < text.size()) {
    size_t used = 0;
    double amount = 0;
    try {
      amount = std::stod(text.substr(at), &used);
    } catch (const std::exception&) {
      used = 0;
    }
    const char unit = at + used < text.size() ? text[at + used] : '\0';
    const double seconds = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86400 : 0;
    if (used == 0 || seconds == 0 || !(amount > 0) || !std::isfinite(amount)) {
      throw UserError("--budget: '" + text + "' is no duration; write it like 90s, 30m, 1h30m or 2d");
    }
    total += amount * seconds;
    at += used + 1;
  }
  if (total <= 0) throw UserError("--budget is empty; write it like 30m or 2h");
  return total;
}

std::vector<NewRow> rows_of(const std::string& list, const Catalog& catalog) {
  std::vector<NewRow> out;
  for (size_t from = 0; from <= list.size();) {
    const size_t comma = std::min(list.find(',', from), list.size());
    const std::string name = list.substr(from, comma - from);
    from = comma + 1;
    if (name == "random_init" || name == "supervised") continue;  // always there
    const CatalogEntry& entry = catalog.find("method", name);
    if (!entry.facts.value("trains", true)) {
      throw UserError("--methods: " + name + " trains nothing; name methods that pretrain (sslbench list methods)");
    }
    const bool twice = std::ranges::any_of(out, [&](const NewRow& row) { return row.method == name; });
    if (!twice) out.push_back({name, entry.facts.value("needs_vit", false)});
  }
  if (out.empty()) throw UserError("--methods names no method that pretrains; see sslbench list methods");
  return out;
}

NewSuite suite_of(const NewSuiteOptions& options, const Catalog& catalog) {
  const fs::path root = default_data_root();
  const DatasetEntry entry = dataset_entry(options.dataset, root);
  const InstalledDataset installed = entry.builtin ? InstalledDataset{} : find_dataset(options.dataset, root);
  if (!entry.builtin && installed.digest.empty()) refuse_missing_set(options.dataset, entry.source);
  NewSuite suite{.dataset = options.dataset, .tasks = entry.tasks, .rows = rows_of(options.methods, catalog)};
  suite.on_gpu = choose_device("auto") != "cpu";
  const int side =
      std::min(entry.image_size > 0 ? entry.image_size : kMostView, suite.on_gpu ? kMostView : kMostViewOnCpu);
  suite.view_size = std::max(kLeastView, side / kViewStep * kViewStep);
  const auto train = installed.images.find("train");
  if (train != installed.images.end()) suite.train_images = train->second;
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  suite.jobs = suite.on_gpu ? 1 : std::min(2, cores);
  suite.threads = std::max(1, cores / suite.jobs);
  suite.epochs = kEpochs;
  return suite;
}

// The epochs of every row that fit into `seconds`, as a few steps of each foretell.
int64_t fitting_epochs(NewSuite suite, const std::string& name, double seconds) {
  const TemporaryFolder folder("sslbench-suite");
  const fs::path file = folder.path() / (name + ".toml");
  suite.epochs = kTriedEpochs;
  write_atomically(file, new_suite_text(suite));
  SuiteOptions options;
  options.suite = file.string();
  options.out = (folder.path() / "results").string();
  const SuiteRequest request = request_from(options);
  check_runs(request.plan.runs, request.places);
  StageCosts costs = costs_measured_beside(request.out, request.catalog);
  const auto failed = calibrate_unknown(request.plan.runs, costs, [](const RunSpec& run, size_t, size_t) {
    std::cerr << "a few steps of " << run.row << "\n";
  });
  if (!failed.empty()) throw UserError(failed.front());
  double an_epoch = 0, fixed = 0;  // summed over the runs
  for (const RunSpec& run : request.plan.runs) {
    for (const auto& [row, seconds] : costs.estimate(run).stages) {
      (row == "pretrain" ? an_epoch : fixed) += row == "pretrain" ? seconds / kTriedEpochs : seconds;
    }
  }
  const double usable = kUsableShare * seconds * suite.jobs - fixed;
  const auto epochs = an_epoch > 0 ? static_cast<int64_t>(usable / an_epoch) : kMostEpochs;
  if (epochs >= 1) return std::min(epochs, kMostEpochs);
  throw UserError("--budget " + suite.budget + " does not hold one epoch of every row: that takes about " +
                  duration_text((an_epoch + fixed) / suite.jobs / kUsableShare) +
                  " here; give more, or name fewer methods");
}

}  // namespace

ExitCode new_suite(const NewSuiteOptions& options) {
  const fs::path file = options.file;
  if (file.extension() != ".toml") throw UserError("'" + options.file + "' does not end in .toml; name a suite file");
  if (fs::exists(fs::symlink_status(file))) throw UserError(options.file + " is there already; name another file");
  NewSuite suite = suite_of(options, load_catalog());
  if (!options.budget.empty()) {
    suite.budget = options.budget;
    suite.epochs = fitting_epochs(suite, file.stem().string(), budget_seconds(options.budget));
  }
  write_atomically(file, new_suite_text(suite));
  std::cout << file.string() << ": " << suite.rows.size() << (suite.rows.size() == 1 ? " method" : " methods") << ", "
            << suite.epochs << " epochs\nwhat it costs: sslbench plan " << file.string()
            << "\ncarry it out:  sslbench run " << file.string() << "\n";
  return ExitCode::done;
}

}  // namespace sslbench
