// SPDX-License-Identifier: Apache-2.0
// One part a row: settings that the suite chose, the pieces of its loss, what would show a collapse.
#include <algorithm>
#include <cmath>
#include <set>

#include "reports/comparison/learning_signs.h"
#include "reports/page/figures.h"
#include "reports/page/report_sections.h"
#include "reports/record/asked_run.h"
#include "reports/text/number_text.h"
#include "suites/plan/training_text.h"

namespace sslbench {
namespace {

using nlohmann::json;

std::string value_text(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json part_of(const json& object, const char* key) {
  return object.is_object() && object.contains(key) ? object.at(key) : json();
}

// Adds "key value" of each entry; objects are left out.
void add_settings(const json& object, std::set<std::string>& seen, std::vector<Text>& out) {
  if (!object.is_object()) return;
  for (const auto& [key, value] : object.items()) {
    if (value.is_object() || !seen.insert(key).second) continue;
    out.push_back(Text::name(key) + " " + Text(value_text(value)));
  }
}

void add_line(const char* title, const std::vector<Text>& settings, Bullets& bullets) {
  if (!settings.empty()) bullets.items.push_back(Text(title) + ": " + listed(settings));
}

// What came of defaults, preset and suite; "" for a row that trained nothing.
std::string training_of(const Record& record) {
  const bool trained = std::any_of(record.stages.begin(), record.stages.end(), [](const StageRecord& stage) {
    return stage.plugin == "pretrain" && stage.images > 0;
  });
  const AskedRun asked = asked_run(record);
  return trained ? training_text(asked.pretrain, asked.preset) : "";
}

// What the suite file and --set asked for; all else is as `sslbench describe` prints it.
Bullets settings_of(const Record& record) {
  const json& asked = record.requested;
  Bullets out;
  const auto lines = [&](const char* title, std::initializer_list<json> parts) {
    std::vector<Text> settings;
    std::set<std::string> seen;
    for (const json& part : parts) add_settings(part, seen, settings);
    add_line(title, settings, out);
  };
  lines("method", {part_of(asked, "options")});
  lines("pretraining", {part_of(asked, "row_pretrain"), part_of(asked, "suite_pretrain")});
  lines("views", {part_of(asked, "row_views"), part_of(asked, "suite_views")});
  lines("backbone", {part_of(part_of(asked, "backbone"), "options")});
  lines("data set", {part_of(part_of(asked, "dataset"), "options")});
  return out;
}

DocumentTable curve_table(const StageRecord& stage) {
  DocumentTable table({"recorded while pretraining", "at the start", "at the end", "lowest", "highest"});
  for (const auto& [name, curve] : stage.curves) {
    if (curve.value.empty()) continue;
    double low = curve.value.front(), high = low;
    for (const double value : curve.value) {
      low = std::fmin(low, value);
      high = std::fmax(high, value);
    }
    std::vector<TableCell> cells{Text::name(name)};
    for (const double value : {curve.value.front(), curve.value.back(), low, high}) {
      cells.emplace_back(Text::own(significant_text(value)), value);
    }
    table.add(std::move(cells));
  }
  return table;
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& sentence : sentences) out += (out.empty() ? "" : "; ") + sentence;
  return out;
}

// An embedding of unit length whose directions are uniform has a standard deviation of 1/sqrt(width) a dimension; 0 is
// one point.
Text collapse_line(const Row& row, const Record& record) {
  if (run_status(record.status).collapsed()) return "Collapsed: every image gets nearly the same embedding.";
  if (!row.signs.empty()) {
    std::vector<std::string> sentences;
    for (const LearningSign& sign : row.signs) sentences.push_back(sign.sentence);
    return "Signs of having learnt little: " + Text(joined(sentences)) + ".";
  }
  const std::vector<std::string> facts = learning_facts(record);
  return facts.empty() ? Text() : "No collapse was seen: " + Text::own(joined(facts)) + ".";
}

Document part_of_row(const Comparison& comparison, size_t row) {
  Document out;
  const Record& record = comparison.records[comparison.rows[row].records.front()];
  Text what = "Method " + Text::name(record.method) + " on " + Text::name(record.backbone);
  const std::string training = training_of(record);
  const bool untrained = std::any_of(record.stages.begin(), record.stages.end(), [](const StageRecord& stage) {
    return stage.plugin == "pretrain" && stage.finished() && stage.images == 0;
  });
  if (!record.dataset.empty()) {
    what +=
        (untrained ? ", not trained here; images prepared as those of " : ", pretrained on ") + Text(record.dataset);
  }
  add(out, Paragraph{what + "."});
  if (!training.empty()) add(out, Paragraph{"Trained with " + Text(training) + "."});
  Bullets settings = settings_of(record);
  if (!settings.items.empty()) {
    add(out, Paragraph{"Settings that the suite chose; the others are the defaults (" +
                       Text::name("sslbench describe method " + record.method) + "):"});
    add(out, std::move(settings));
  }
  const Text collapse = collapse_line(comparison.rows[row], record);
  if (!collapse.empty()) add(out, Paragraph{collapse});
  for (const StageRecord& stage : record.stages) {
    if (stage.plugin != "pretrain") continue;
    DocumentTable table = curve_table(stage);
    if (!table.empty()) add(out, std::move(table));
  }
  Figure pieces = pieces_figure(comparison, row);
  if (!pieces.bytes.empty()) add(out, std::move(pieces));
  return out;
}

}  // namespace

void add_methods(const Comparison& comparison, Document& document) {
  Document parts;
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    if (comparison.rows[r].records.empty()) continue;
    add(parts, Fold{Text::name(comparison.rows[r].name), part_of_row(comparison, r)});
  }
  if (parts.empty()) return;
  add(document, Heading{2, "Row by row"});
  add(document, Paragraph{"The first seed of each row."});
  document.insert(document.end(), parts.begin(), parts.end());
}

}  // namespace sslbench
