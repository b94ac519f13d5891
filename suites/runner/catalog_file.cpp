// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/catalog_file.h"

#include <system_error>

#include "datasets/install/installed.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/runner/process.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

std::optional<Catalog> kept_catalog(const fs::path& file) {
  try {
    Catalog catalog = parse_catalog(read_file(file), file.string());
    if (catalog.build == build_id()) return catalog;
  } catch (const std::system_error&) {  // not there yet
  } catch (const UserError&) {          // torn or of another version: made again below
  }
  return std::nullopt;
}

std::string ask_worker() {
  const fs::path worker = worker_program();
  CommandResult result = run_command({worker.string(), "catalog"});
  if (result.end.signal == 0 && result.end.code == 0) return std::move(result.output);
  const std::string how = result.end.signal != 0 ? "was killed by signal " + std::to_string(result.end.signal)
                                                 : "exited with " + std::to_string(result.end.code);
  throw UserError("`" + worker.string() + " catalog` " + how + "\n  " + result.errors);
}

}  // namespace

Catalog parse_catalog(const std::string& text, const std::string& from) {
  try {
    return catalog_from_json(parse_foreign_json(text));
  } catch (const nlohmann::json::exception& error) {
    throw UserError(from + ": not a catalog: " + json_mistake(error));
  }
}

namespace {

Catalog catalog_of_build() {
  if (worker_is_overridden()) return parse_catalog(ask_worker(), worker_program().string());
  const fs::path file = program_folder() / "catalog.json";
  if (std::optional<Catalog> kept = kept_catalog(file)) return std::move(*kept);
  const std::string text = ask_worker();
  Catalog catalog = parse_catalog(text, worker_program().string());
  try {
    write_atomically(file, text);
  } catch (const RunFailure&) {  // an installed program in a read-only folder asks again each time
  }
  return catalog;
}

// A set whose facts are damaged is left out here; `data list` and `data check` say so.
void add_own_datasets(Catalog& catalog) {
  try {
    const fs::path root = default_data_root();
    for (const std::string& name : own_datasets(root)) {
      try {
        const DatasetEntry entry = dataset_entry(name, root);
        catalog.kinds["dataset"].emplace(name, CatalogEntry{name, entry.summary, entry.options, dataset_facts(entry)});
      } catch (const UserError&) {
      }
    }
  } catch (const UserError&) {  // no folder for data on this machine
  }
}

}  // namespace

MetricsOfPlugins declared_metrics(const Catalog& catalog) {
  MetricsOfPlugins out;
  const auto protocols = catalog.kinds.find("protocol");
  if (protocols == catalog.kinds.end()) return out;
  for (const auto& [name, entry] : protocols->second) {
    out.emplace(name, metrics_from_json(entry.facts.value("declared", nlohmann::json())));
  }
  return out;
}

KnownBuild known_build() {
  const auto known = [](const Catalog& catalog) { return KnownBuild{Sameness(catalog), declared_metrics(catalog)}; };
  try {
    const fs::path file = program_folder() / "catalog.json";
    if (!worker_is_overridden()) return known(parse_catalog(read_file(file), file.string()));
  } catch (const std::exception&) {  // not there, torn, or of another version
  }
  try {
    return known(catalog_of_build());
  } catch (const UserError&) {  // no worker either
    return {};
  }
}

Catalog load_catalog() {
  Catalog catalog = catalog_of_build();
  add_own_datasets(catalog);
  return catalog;
}

}  // namespace sslbench
