// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/suite.h"

#include <algorithm>
#include <set>

#include "suites/ground/error.h"
#include "suites/ground/name_rule.h"
#include "suites/ground/printable.h"
#include "suites/plan/mistakes.h"
#include "suites/plan/plan_limits.h"
#include "suites/plan/suite_choices.h"
#include "suites/plan/suite_rows.h"
#include "suites/plan/table_reader.h"
#include "suites/plan/toml_tree.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kAdvice =
    "a suite's keys: dataset backbone seeds jobs threads ranks pretrain views methods protocols gate";

using Path = std::vector<std::string>;

void collect_leaves(const TomlNode& node, Path& at, std::vector<Path>& out) {
  if (!node.is_table) out.push_back(at);
  for (const auto& [key, child] : node.table) {
    at.push_back(key);
    collect_leaves(child, at, out);
    at.pop_back();
  }
}

void erase_path(TomlNode& node, const Path& path, size_t depth) {
  if (depth + 1 == path.size()) {
    node.table.erase(path[depth]);
    return;
  }
  const auto child = node.table.find(path[depth]);
  if (child != node.table.end()) erase_path(child->second, path, depth + 1);
}

// `--set pretrain.epochs=1` is stronger than a row's own pretrain.epochs, so the rows' values give way.
void clear_rows(TomlNode& root, const Path& path) {
  static const std::set<std::string> kInherited = {"dataset", "backbone", "pretrain", "views"};
  const auto methods = root.table.find("methods");
  if (!kInherited.contains(path[0]) || methods == root.table.end()) return;
  for (auto& [row, node] : methods->second.table) erase_path(node, path, 0);
}

void apply_sets(TomlNode& root, const std::vector<std::string>& sets) {
  std::vector<TomlNode> trees;
  std::set<Path> seen;
  for (const std::string& argument : sets) {
    trees.push_back(parse_set_argument(argument));
    std::vector<Path> leaves;
    Path at;
    collect_leaves(trees.back(), at, leaves);
    for (const Path& path : leaves) {
      if (!seen.insert(path).second) throw UserError("--set: '" + argument + "' sets a key that is already set");
      clear_rows(root, path);
    }
  }
  for (const TomlNode& tree : trees) overlay_toml(root, tree);
}

std::vector<int64_t> read_seeds(const TomlNode& node) {
  if (node.value.is_string()) return parse_seeds(node.value.get<std::string>());
  std::set<int64_t> seen;
  bool good = node.value.is_array() && !node.value.empty();
  for (const json& seed : node.value) {
    good = good && seed.is_number_integer() && seed.get<int64_t>() >= 0 && seen.insert(seed.get<int64_t>()).second;
  }
  if (!good)
    fail_at(node.place,
            "'seeds': expected a list of distinct integers >= 0 such as [0, 1, 2], got " + short_value(node.value));
  return node.value.get<std::vector<int64_t>>();
}

std::optional<int> read_count(const TomlNode* node, const std::string& key) {
  if (node == nullptr) return std::nullopt;
  const std::string reason = why_not(integer_option(key, 1, 1, kMostWorkers, ""), node->value);
  if (!reason.empty()) fail_at(node->place, "'" + key + "': " + reason);
  return node->value.get<int>();
}

const TomlNode& required(TableReader& reader, const TomlNode& root, const std::string& key,
                         const std::string& example) {
  const TomlNode* node = reader.take(key);
  if (node == nullptr) fail_at(root.place, "the key '" + key + "' is missing; for example: " + example);
  return *node;
}

json read_stage(const TomlNode* node, const std::string& stage, const Catalog& catalog) {
  return node == nullptr ? json::object() : read_stage(*node, stage, "[" + stage + "]", catalog);
}

void read_methods(const TomlNode& methods, const Catalog& catalog, Suite& suite, Mistakes& mistakes) {
  require_table(methods, "[methods]", "write [methods.simclr]");
  if (methods.table.empty()) fail_at(methods.place, "[methods] has no row; write [methods.simclr]");
  for (const std::string& row : methods.keys()) {
    mistakes.keep([&] { suite.methods.push_back(read_method_row(row, methods.table.at(row), catalog)); });
  }
}

void read_protocols(const TomlNode& protocols, const Catalog& catalog, Suite& suite, Mistakes& mistakes) {
  require_table(protocols, "[protocols]", "write [protocols.knn]");
  for (const std::string& row : protocols.keys()) {
    mistakes.keep(
        [&] { suite.protocols.push_back(read_protocol_row(row, protocols.table.at(row), catalog, suite.dataset)); });
  }
}

void read_tables(TableReader& reader, const TomlNode& root, const Catalog& catalog, Suite& suite, Mistakes& mistakes) {
  mistakes.keep([&] { read_methods(required(reader, root, "methods", "[methods.simclr]"), catalog, suite, mistakes); });
  const TomlNode* protocols = reader.take("protocols");
  if (protocols != nullptr) mistakes.keep([&] { read_protocols(*protocols, catalog, suite, mistakes); });
  const TomlNode* gate = reader.take("gate");
  if (gate == nullptr) return;
  mistakes.throw_any();  // its keys are the rows above
  suite.gate = read_gate(*gate, suite, catalog);
}

}  // namespace

Suite read_suite(const std::filesystem::path& file, const std::vector<std::string>& sets, const Catalog& catalog) {
  TomlNode root = read_toml_file(file);
  Suite suite;
  suite.name = file.stem().string();
  suite.file = file;
  suite.text = root.place.text->content;
  suite.question = question_of(suite.text);
  suite.sets = sets;
  const std::string reason = why_not_a_name(suite.name);
  if (!reason.empty()) throw UserError(file.string() + ": the file's name is the suite's name: " + reason);
  apply_sets(root, sets);

  TableReader reader(root, "the suite", kAdvice);
  Mistakes mistakes;
  mistakes.keep([&] {
    suite.dataset = read_choice(required(reader, root, "dataset", "dataset = \"shapes\""), "dataset", catalog);
  });
  mistakes.keep([&] {
    suite.backbone = read_choice(required(reader, root, "backbone", "backbone = \"resnet18\""), "backbone", catalog);
  });
  mistakes.keep([&] {
    if (const TomlNode* seeds = reader.take("seeds")) suite.seeds = read_seeds(*seeds);
  });
  mistakes.keep([&] { suite.jobs = read_count(reader.take("jobs"), "jobs"); });
  mistakes.keep([&] { suite.threads = read_count(reader.take("threads"), "threads"); });
  mistakes.keep([&] { suite.ranks = read_count(reader.take("ranks"), "ranks"); });
  mistakes.keep([&] { suite.pretrain = read_stage(reader.take("pretrain"), "pretrain", catalog); });
  mistakes.keep([&] { suite.views = read_stage(reader.take("views"), "views", catalog); });
  mistakes.keep([&] { read_tables(reader, root, catalog, suite, mistakes); });
  mistakes.keep([&] { reader.finish(); });
  mistakes.throw_any();
  return suite;
}

RowPlaces row_places(const Suite& suite) {
  RowPlaces out;
  for (const MethodRow& each : suite.methods) out[each.row] = each.place;
  return out;
}

std::string row_label(const RowPlaces& places, const std::string& row) {
  const auto place = places.find(row);
  const std::string where = place == places.end() || place->second.empty() ? "" : place->second + ": ";
  return where + "[methods." + row + "]";
}

}  // namespace sslbench
