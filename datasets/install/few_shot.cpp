// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/few_shot.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <unordered_map>

#include "datasets/format.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/selection.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/printable.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kFile = "subset.json";

struct Rule {
  int64_t number = 0;
  bool percent = false;
  fs::path list;  // of a published part, instead of a number
  std::string suffix() const {
    return list.empty() ? std::to_string(number) + (percent ? "pct" : "shot") : list.stem().string();
  }
  std::string text() const {
    return list.empty() ? std::to_string(number) + (percent ? "%" : "-per-class") : list.filename().string();
  }
};

Rule parse_rule(const std::string& text) {
  Rule rule;
  if (text.ends_with(".txt")) {
    if (!has_file(text)) throw UserError("--few-shot: there is no list '" + text + "'; check the path");
    rule.list = text;
    return rule;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rule.number);
  const std::string unit = error == std::errc() ? std::string(end, text.data() + text.size()) : "";
  rule.percent = unit == "%";
  const bool counted = error == std::errc() && (unit.empty() || unit == "-per-class");
  if ((rule.percent && rule.number >= 1 && rule.number <= 99) || (counted && rule.number >= 1)) return rule;
  throw UserError(
      "--few-shot: expected a share such as 1% or 10%, a number a class such as 5-per-class, or a list of "
      "pictures such as 1percent.txt, got '" +
      text + "'");
}

// The pictures that a list names, by their paths or, where only one is called so, their file names.
std::vector<int64_t> choose_listed(const DataSource& train, const fs::path& list) {
  constexpr int64_t kSeveral = -1;
  std::unordered_map<std::string, int64_t> by_name;
  for (int64_t i = 0; i < train.size(); ++i) {
    const std::string name = train.name(i), file = fs::path(name).filename().string();
    if (!by_name.emplace(file, i).second && file != name) by_name[file] = kSeveral;
  }
  for (int64_t i = 0; i < train.size(); ++i) by_name[train.name(i)] = i;
  std::set<int64_t> out;
  int64_t line = 0;
  for (const std::string& name : read_data_lines(list)) {
    ++line;
    const auto found = by_name.find(name);
    const std::string why = found == by_name.end()              ? "is no picture of train"
                            : found->second == kSeveral         ? "is the name of several pictures; write their paths"
                            : !out.insert(found->second).second ? "is listed a second time"
                                                                : "";
    if (why.empty()) continue;
    throw UserError("'" + list.string() + "' line " + std::to_string(line) + ": '" + printable(name) + "' " + why +
                    (train.size() > 0 ? " (train holds '" + train.name(0) + "', ...)" : ""));
  }
  if (out.empty()) throw UserError("'" + list.string() + "' names no picture; one a line is expected");
  return {out.begin(), out.end()};
}

std::vector<int64_t> choose(const DataSource& train, const Rule& rule) {
  if (!rule.list.empty()) return choose_listed(train, rule.list);
  std::map<int32_t, std::vector<std::pair<std::string, int64_t>>> by_class;
  for (int64_t i = 0; i < train.size(); ++i) {
    by_class[train.label(i)].emplace_back(sha256_hex("few-shot " + train.name(i)), i);
  }
  std::vector<int64_t> out;
  for (auto& [label, images] : by_class) {
    const auto have = static_cast<int64_t>(images.size());
    const int64_t take = rule.percent ? (have * rule.number + 99) / 100 : rule.number;
    if (take > have) {
      const std::string name = label < 0 ? "(no label)" : train.classes().at(static_cast<size_t>(label));
      throw UserError("class '" + name + "' has " + std::to_string(have) + " images, " + std::to_string(take) +
                      " were asked for; ask for fewer a class");
    }
    std::sort(images.begin(), images.end());
    for (int64_t k = 0; k < take; ++k) out.push_back(images[static_cast<size_t>(k)].second);
  }
  std::sort(out.begin(), out.end());
  return out;
}

FolderContent read_subset(const FormatRequest& request) {
  const fs::path file = request.folder / kFile, root = request.folder.parent_path();
  FolderContent out;
  try {
    const json from = parse_foreign_json(read_data_file(file, int64_t{256} << 20));
    const std::string of = from.at("of");
    const InstalledDataset base = find_dataset(of, root);
    if (base.digest != from.at("digest").get<std::string>()) {
      throw UserError("the set '" + of + "' that '" + request.folder.filename().string() +
                      "' is a part of was replaced or removed; make the part again with `sslbench data split " + of +
                      " --few-shot " + from.at("rule").get<std::string>() + "`");
    }
    const DatasetEntry entry = dataset_entry(of, root);
    out.tasks = entry.tasks, out.source = entry.source, out.licence = entry.licence;
    out.mean = entry.mean, out.deviation = entry.deviation;
    out.present = {Split::train, Split::test};
    const std::vector<int64_t> indices = from.at("train");
    const std::shared_ptr<DataSource> train = open_dataset(of, json::object(), Split::train, root);
    for (const int64_t i : indices) {
      if (i < 0 || i >= train->size())
        throw_bad_data(file, "names image " + std::to_string(i) + ", which there is not");
    }
    out.classes = train->classes();
    if (train->mask_classes() != train->classes()) out.mask_classes = train->mask_classes();
    if (request.wants(Split::train)) out.add(Split::train, std::make_shared<Selection>(train, indices));
    if (request.wants(Split::test)) out.add(Split::test, open_dataset(of, json::object(), Split::test, root));
  } catch (const json::exception& failure) {
    throw_bad_data(file, std::string("is damaged: ") + failure.what());
  }
  return out;
}

// A folder that is removed again.
struct ScratchSubset {
  fs::path folder;
  ~ScratchSubset() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
};

}  // namespace

InstalledDataset split_few_shot(const std::string& name, const std::string& rule_text, const fs::path& root) {
  const Rule rule = parse_rule(rule_text);
  const DatasetEntry entry = dataset_entry(name, root);
  if (entry.builtin) throw UserError("dataset '" + name + "' is built in; set its train_images instead");
  const auto train = open_dataset(name, json::object(), Split::train, root);
  const json part = {{"of", name},
                     {"digest", find_dataset(name, root).digest},
                     {"rule", rule.text()},
                     {"train", choose(*train, rule)}};
  const ScratchSubset scratch{root / (".splitting-" + name + "-" + rule.suffix())};
  write_atomically(scratch.folder / kFile, part.dump(1) + "\n");
  try {
    return add_dataset(name + "-" + rule.suffix(), scratch.folder, root, {.format = "subset", .accept_copies = true});
  } catch (const UserError& mistake) {
    std::string text = mistake.what();
    const std::string copy = "'" + scratch.folder.string() + "'";
    if (text.starts_with(copy)) text.replace(0, copy.size(), "the part " + rule.text() + " of '" + name + "'");
    throw UserError(text);
  }
}

namespace {

const bool registered =
    Registry<FormatEntry>::add({.name = "subset",
                                .layout = "subset.json, which `sslbench data split` wrote",
                                .rank = 0,
                                .fits = [](const fs::path& folder) { return fs::exists(folder / kFile); },
                                .read = read_subset});

}  // namespace
}  // namespace sslbench
