// SPDX-License-Identifier: Apache-2.0
// sslbench export DIR --to FORMAT: weights as safetensors, measurements as any registered exporter writes them.

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iostream>
#include <optional>
#include <set>
#include <system_error>

#include "reports/export/exporter.h"
#include "reports/record/weights_file.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/export_features.h"
#include "suites/cli/commands/export_follow.h"
#include "suites/cli/commands/results_place.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/files/atomic_file.h"
#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"
#include "suites/ground/wall_clock.h"
#include "suites/plan/python_constructor.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/output_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// The selected runs of DIR whose weights exist.
std::vector<RunSpec> trained_runs(const fs::path& folder, const std::vector<std::string>& only) {
  std::vector<RunSpec> out = select_runs(plan_in(folder, "export").runs, only);
  std::error_code error;
  std::erase_if(out, [&](const RunSpec& run) { return !fs::exists(run.backbone_file(), error); });
  return out;
}

// UTC of the newest file; "" where there is none.
std::string written_at(const fs::path& folder) {
  std::error_code none;
  std::time_t newest = 0;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const auto time = std::chrono::file_clock::to_sys(entry.last_write_time(none));
    newest = std::max(newest,
                      std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::seconds>(time)));
  }
  return newest == 0 ? "" : utc_text(newest);
}

constexpr const char *kWeights = "safetensors", *kFeatures = "features";

// Nothing, too, where this build does not have the run's backbone.
std::optional<PythonConstructor> constructor_of(const Catalog& catalog, const RunSpec& run, int64_t classes) {
  const auto backbones = catalog.kinds.find("backbone");
  if (backbones == catalog.kinds.end() || !backbones->second.contains(run.backbone)) return std::nullopt;
  return python_constructor(backbones->second.at(run.backbone), run.backbone_settings, classes);
}

std::map<std::string, std::string> constructor_metadata(const std::optional<PythonConstructor>& constructor) {
  if (!constructor) return {};
  return {{"constructor", constructor_text(*constructor)}};
}

// On standard error, once for files that load alike.
void tell_loader(const std::optional<PythonConstructor>& constructor, const RunSpec& run, const std::string& file,
                 std::set<std::string>& shown) {
  const std::string what = constructor ? constructor_text(*constructor) : run.backbone + run.backbone_settings.dump();
  if (!shown.insert(what).second) return;
  if (constructor) {
    std::cerr << "\n" << python_loader(*constructor, file) << "\n";
  } else {
    std::cerr << "export: neither timm nor torchvision has a network of " << run.backbone
              << " with these settings, so the file names no constructor\n";
  }
}

// A name that ends in '/' is a folder. Nothing is synced: it can be exported again.
void write_exported(const fs::path& out, const std::string& name, const std::string& bytes) {
  expect_no_link_below(out, name);
  if (!name.ends_with('/')) return write_unsynced(out / name, bytes);
  std::error_code error;
  fs::create_directories(out / name, error);
  if (error) throw UserError("export: " + (out / name).string() + ": " + error.message());
}

ExitCode export_files(const ExportOptions& options, const std::map<std::string, std::string>& files) {
  if (options.out.empty())
    throw UserError("export: --to " + options.to + " writes several files; name a folder with -o");
  std::set<std::string> folders;  // one line for each: MLflow has a file for every setting
  for (const auto& [name, bytes] : files) {
    write_exported(options.out, name, bytes);
    folders.insert((fs::path(options.out) / *fs::path(name).begin()).string());
  }
  for (const std::string& folder : folders) std::cout << folder << "\n";
  return files.empty() ? ExitCode::nothing : ExitCode::done;
}

ExitCode export_measurements(const ExportOptions& options) {
  if (options.with_head) throw UserError("export: --with-head belongs to --to safetensors");
  const ExporterEntry& exporter = Registry<ExporterEntry>::find(options.to);
  expect_as_bundled(ResultsPlace(options.folder), options.folder);
  ResultsFolder results = read_results(options.folder, exporter.needs, known_build().sameness);
  for (const std::string& warning : results.warnings) print_warning(warning);
  std::erase_if(results.records, [&](const Record& record) { return !row_matches(record.row, options.only); });
  std::erase_if(results.runs, [&](const SnapshotRun& run) { return !row_matches(run.row, options.only); });
  Snapshot snapshot = results.snapshot();
  snapshot.created = written_at(fs::path(options.folder) / "runs");
  if (snapshot.cells.empty()) {
    std::cerr << "export: no measurement in " << options.folder << "\n";
    return ExitCode::nothing;
  }
  if (exporter.files) return export_files(options, exporter.files({snapshot, results.records}));
  const std::string text = exported_text(exporter, {snapshot, results.records});
  if (options.out.empty()) {
    std::cout << text;
    return ExitCode::done;
  }
  std::error_code ignored;
  if (fs::is_directory(options.out, ignored)) {
    throw UserError("export: " + options.out + " is a folder; --to " + options.to + " writes one file");
  }
  write_atomically(options.out, text);
  std::cout << options.out << "\n";
  return ExitCode::done;
}

}  // namespace

std::vector<std::string> export_formats() {
  std::vector<std::string> out = Registry<ExporterEntry>::names();
  out.push_back(kWeights);
  out.push_back(kFeatures);
  return out;
}

ExitCode export_runs(const ExportOptions& options) {
  if (options.follow) return follow_into_event_files(options);
  if (options.to != kWeights && options.to != kFeatures) return export_measurements(options);
  if (options.out.empty()) throw UserError("export: --to " + options.to + " needs -o, a folder or a file");
  if (options.with_head && options.to == kFeatures) throw UserError("export: --with-head belongs to --to safetensors");
  const fs::path folder = options.folder, out = options.out;
  const std::vector<RunSpec> runs = trained_runs(folder, options.only);
  if (runs.empty()) {
    std::cerr << "export: no finished run with weights in " << folder.string() << "\n";
    return ExitCode::nothing;
  }
  const bool one_file = out.extension() == ".safetensors";
  if (one_file && runs.size() > 1) {
    throw UserError("export: " + std::to_string(runs.size()) + " runs do not fit into one file '" + out.string() +
                    "'; choose one with --only, or name a folder with -o");
  }
  const Catalog catalog = load_catalog();
  std::set<std::string> shown;
  for (const RunSpec& run : runs) {
    const fs::path to = one_file ? out : out / (run.row + "-s" + std::to_string(run.seed) + ".safetensors");
    std::optional<PythonConstructor> constructor;
    try {
      if (!to.parent_path().empty()) fs::create_directories(to.parent_path());
      if (options.to == kFeatures) {
        export_features(run, to);
        std::cout << to.string() << "\n";
        continue;
      }
      export_weights(run.backbone_file(), to, options.with_head, [&](int64_t classes) {
        constructor = constructor_of(catalog, run, classes);
        return constructor_metadata(constructor);
      });
    } catch (const RunFailure& failure) {
      throw UserError(std::string("export: ") + failure.what());
    } catch (const fs::filesystem_error& error) {
      throw UserError("export: " + error.path1().string() + ": " + error.code().message());
    }
    std::cout << to.string() << "\n";
    tell_loader(constructor, run, to.string(), shown);
  }
  return ExitCode::done;
}

}  // namespace sslbench
