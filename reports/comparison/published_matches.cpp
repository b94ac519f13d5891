// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/published_matches.h"

#include <cmath>

#include "reports/record/asked_run.h"

namespace sslbench {
namespace {

using nlohmann::json;

// A value below keys of an object, null where one is missing.
json below(const json& object, std::initializer_list<const char*> keys) {
  const json* at = &object;
  for (const char* key : keys) {
    if (!at->is_object() || !at->contains(key)) return nullptr;
    at = &at->at(key);
  }
  return *at;
}

void add_count(std::optional<double> ours, int64_t theirs, const std::string& what, std::vector<std::string>& out) {
  constexpr double kMost = 1e15;  // of a file from elsewhere
  if (!ours || theirs == 0 || !(std::abs(*ours) < kMost) || static_cast<int64_t>(*ours) == theirs) return;
  out.push_back(what + " " + std::to_string(static_cast<int64_t>(*ours)) + " here, " + std::to_string(theirs) +
                " there");
}

// Options that the suite chose: others did not publish theirs in this form, so each is named.
void add_options(const json& options, const std::string& what, std::vector<std::string>& out) {
  if (!options.is_object() || options.empty()) return;
  std::string text;
  for (const auto& [key, value] : options.items()) {
    text += (text.empty() ? "" : ", ") + key + " " + (value.is_string() ? value.get<std::string>() : value.dump());
  }
  out.push_back(what + " here: " + text);
}

std::vector<std::string> differing(const Record& record, const PublishedFigure& figure) {
  std::vector<std::string> out;
  const json pretrain = asked_run(record).pretrain;
  add_count(number_in(pretrain, "epochs"), figure.epochs, "epochs", out);
  add_count(number_in(pretrain, "batch_size"), figure.batch_size, "batch", out);
  add_options(below(record.requested, {"dataset", "options"}), "data set", out);
  add_options(below(record.requested, {"backbone", "options"}), "backbone", out);
  if (!figure.selection.empty() && figure.selection != "last epoch") out.push_back("there: " + figure.selection);
  if (!figure.notes.empty()) out.push_back("there: " + figure.notes);
  return out;
}

}  // namespace

std::vector<PublishedMatch> published_matches(const Comparison& comparison, const std::vector<PublishedFigure>& all) {
  std::vector<PublishedMatch> out;
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const Row& row = comparison.rows[r];
    if (row.records.empty()) continue;
    const Record& record = comparison.records[row.records.front()];
    for (size_t c = 0; c < comparison.columns.size(); ++c) {
      const Column& column = comparison.columns[c];
      if (!row.cells[c].word.empty() || column.dataset != record.dataset) continue;
      for (const PublishedFigure& figure : all) {
        if (figure.method == record.method && figure.dataset == record.dataset && figure.backbone == record.backbone &&
            figure.protocol == column.plugin && figure.metric == column.metric) {
          out.push_back({r, c, figure, differing(record, figure)});
        }
      }
    }
  }
  return out;
}

}  // namespace sslbench
