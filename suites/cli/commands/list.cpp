// SPDX-License-Identifier: Apache-2.0
// sslbench list [KIND]
#include <unistd.h>

#include <iostream>

#include "datasets/format.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/text/catalog_text.h"
#include "suites/cli/text/text_table.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/ground/terminal/terminal_line.h"
#include "suites/plan/suite.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

using nlohmann::json;

// One kind as rows: what JSON prints, and what the tables pick their columns from.
json suites_as_json() {
  json out = json::array();
  for (const auto& file : known_suites()) {
    out.push_back(
        {{"name", file.stem().string()}, {"question", question_of(read_file(file))}, {"file", file.string()}});
  }
  return out;
}

// How image sets of people's own may lie in folders, as `data add --format` names them.
json formats_as_json() {
  json out = json::array();
  for (const auto& [name, format] : Registry<FormatEntry>::all()) {
    out.push_back({{"name", name}, {"summary", format.layout}});
  }
  return out;
}

json entries_as_json(const Catalog& catalog, const std::string& kind) {
  const json all = catalog_to_json(catalog).at("kinds");
  return all.value(kind, json::array());
}

// Columns of a kind: header and the key (of the entry, then of its facts).
std::vector<std::pair<std::string, std::string>> columns(const std::string& kind) {
  if (kind == "suite") return {{"suite", "name"}, {"question", "question"}};
  if (kind == "method")
    return {{"method", "name"}, {"what it does", "summary"}, {"views", "views"}, {"paper", "paper"}};
  if (kind == "dataset") {
    return {{"dataset", "name"}, {"what it is", "summary"}, {"tasks", "tasks"}, {"px", "image_size"}};
  }
  if (kind == "protocol") {
    return {{"protocol", "name"}, {"what it measures", "summary"}, {"metrics", "metrics"}, {"version", "version"}};
  }
  if (kind == "format") return {{"format", "name"}, {"a folder of it holds", "summary"}};
  if (kind == "recipe") return {{"recipe", "name"}, {"its views", "summary"}, {"source", "source"}};
  if (kind == "backbone") return {{"backbone", "name"}, {"what it is", "summary"}, {"paper", "paper"}};
  return {{kind, "name"}, {"what it is", "summary"}};
}

std::string cell(const json& entry, const std::string& key) {
  if (entry.contains(key)) return value_text(entry.at(key));
  const json facts = entry.value("facts", json::object());
  return facts.contains(key) ? value_text(facts.at(key)) : "";
}

TextTable table_of(const std::string& kind, const json& entries) {
  std::vector<std::string> header;
  for (const auto& [title, key] : columns(kind)) header.push_back(title);
  TextTable table(header);
  for (const json& entry : entries) {
    std::vector<std::string> row;
    for (const auto& [title, key] : columns(kind)) row.push_back(cell(entry, key));
    table.add(std::move(row));
  }
  return table;
}

}  // namespace

ExitCode list_plugins(const ListOptions& options) {
  std::vector<std::string> kinds = {"suite", "method", "backbone", "dataset", "protocol", "recipe", "format"};
  if (!options.kind.empty()) kinds = {singular_kind(options.kind)};
  const bool own = kinds == std::vector<std::string>{"suite"} || kinds == std::vector<std::string>{"format"};
  const Catalog catalog = own ? Catalog{} : load_catalog();
  json all = {{"schema", "sslbench.list/1"}};
  bool first = true;
  for (const std::string& kind : kinds) {
    const json entries = kind == "suite"    ? suites_as_json()
                         : kind == "format" ? formats_as_json()
                                            : entries_as_json(catalog, kind);
    all[kind + "s"] = entries;
    if (options.json) continue;
    const TextTable table = table_of(kind, entries);
    std::cout << (first ? "" : "\n") << (options.markdown ? table.markdown() : table.plain(width_at(STDOUT_FILENO)));
    first = false;
  }
  if (options.json) std::cout << all.dump(1) << "\n";
  return ExitCode::done;
}

}  // namespace sslbench
