// SPDX-License-Identifier: Apache-2.0
// Suite: what was asked, parsed and checked against the catalog; nothing is resolved here (suites/plan/plan.h does
// that).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "suites/plan/catalog.h"

namespace sslbench {

// A dataset or backbone by name, with the options that were given.
struct PluginChoice {
  std::string name;
  nlohmann::json options = nlohmann::json::object();

  bool operator==(const PluginChoice&) const = default;
};

struct MethodRow {
  std::string row, method;
  std::string place;                              // "pets.toml:14:1", for errors
  std::optional<PluginChoice> backbone, dataset;  // unset: the suite's
  std::string preset;                             // "" = by image size
  nlohmann::json options = nlohmann::json::object();
  nlohmann::json pretrain = nlohmann::json::object();  // this row's own, over the suite's
  nlohmann::json views = nlohmann::json::object();
};

struct ProtocolRow {
  std::string row, protocol;
  PluginChoice dataset;  // the row's own, else the suite's; offers the protocol's task
  nlohmann::json options = nlohmann::json::object();
};

// [gate]: how far a metric may fall before `gate` fails.
struct GateRule {
  std::string row, metric;  // protocol row or "pretrain"; metric of it
  double max_drop = 0;
  std::string unit;  // "points" (0.01 of a fraction) or "percent" (of the base)
};

struct Suite {
  std::string name;            // the file's name without .toml
  std::filesystem::path file;  // as named by the person
  std::string text, question;  // whole file; its first comment line
  std::vector<std::string> sets;
  PluginChoice dataset, backbone;
  std::vector<int64_t> seeds{0};
  std::optional<int> jobs, threads, ranks;
  nlohmann::json pretrain = nlohmann::json::object();
  nlohmann::json views = nlohmann::json::object();
  std::vector<MethodRow> methods;      // in the order of the file
  std::vector<ProtocolRow> protocols;  // likewise
  std::vector<GateRule> gate;
};

// Reads and checks a suite file with the --set arguments over it (--set is stronger than a row: `--set
// pretrain.epochs=1` also replaces what rows give for that key). UserError with every mistake: file, line, column, the
// line, and the nearest valid key.
Suite read_suite(const std::filesystem::path& file, const std::vector<std::string>& sets, const Catalog& catalog);

// Where each row is written, for errors about it; rows that no suite file has (imported ones) are not in it.
using RowPlaces = std::map<std::string, std::string>;
RowPlaces row_places(const Suite& suite);

// "pets.toml:14:1: [methods.simclr]".
std::string row_label(const RowPlaces& places, const std::string& row);

// The first line of a suite file without its '#', or "" when it is no comment.
std::string question_of(const std::string& text);

// "0..2" (both ends) or "0,1,5": distinct seeds >= 0. UserError otherwise.
std::vector<int64_t> parse_seeds(const std::string& text);

}  // namespace sslbench
