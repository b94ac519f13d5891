// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/shown_rows.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/ranking.h"

namespace sslbench {
namespace {

// Where a row of the whole stands among those that are shown.
using Places = std::vector<std::optional<size_t>>;

std::vector<Difference> shown_differences(const std::vector<Difference>& all, const Places& places) {
  std::vector<Difference> out;
  for (const Difference& each : all) {
    if (!places[each.row] || !places[each.over]) continue;
    out.push_back(each);
    out.back().row = *places[each.row];
    out.back().over = *places[each.over];
  }
  return out;
}

}  // namespace

std::vector<size_t> shown_rows(const Comparison& whole) {
  std::vector<size_t> all(whole.rows.size());
  std::iota(all.begin(), all.end(), 0);
  if (all.size() <= kMostRowsShown) return all;
  std::vector<size_t> order = whole.primary ? ranked_rows(whole, *whole.primary, false) : std::vector<size_t>();
  std::vector<bool> shown(all.size(), false);
  size_t best = 0;
  for (const auto& candidates : {order, all}) {
    for (const size_t r : candidates) {
      if (best == kBestRowsShown) break;
      if (shown[r] || !whole.rows[r].role.empty()) continue;
      shown[r] = true;
      ++best;
    }
  }
  std::map<std::string, size_t> of_role;
  for (const size_t r : all) {
    const std::string& role = whole.rows[r].role;
    if (!role.empty()) shown[r] = ++of_role[role] <= kRowsOfRoleShown || whole.floor == r;
  }
  std::erase_if(all, [&](size_t r) { return !shown[r]; });
  return all;
}

Comparison with_rows(const Comparison& whole, const std::vector<size_t>& rows) {
  Comparison out;
  out.suite = whole.suite, out.question = whole.question, out.answer = whole.answer;
  out.commands = whole.commands, out.superseded = whole.superseded;
  out.records = whole.records, out.columns = whole.columns, out.places = whole.places;
  out.primary = whole.primary;
  out.failures = whole.failures, out.not_run = whole.not_run, out.notes = whole.notes;
  out.mixed_revisions = whole.mixed_revisions;
  out.left_out = whole.rows.size() - rows.size();
  Places places(whole.rows.size());
  for (const size_t r : rows) {
    places[r] = out.rows.size();
    out.rows.push_back(whole.rows[r]);
  }
  if (whole.floor) out.floor = places[*whole.floor];
  out.over_floor = shown_differences(whole.over_floor, places);
  out.steps = shown_differences(whole.steps, places);
  for (const PublishedMatch& match : whole.published) {
    if (!places[match.row]) continue;
    out.published.push_back(match);
    out.published.back().row = *places[match.row];
  }
  return out;
}

std::string left_out_sentence(const Comparison& shown) {
  if (shown.left_out == 0) return "";
  const std::string by = shown.primary ? "best by " + column_title(shown.columns[*shown.primary]) : "first";
  return std::to_string(shown.rows.size()) + " of " + std::to_string(shown.rows.size() + shown.left_out) +
         " rows are shown: the " + std::to_string(kBestRowsShown) + " " + by +
         ", floor and ceiling. report.csv holds the numbers of all rows, report.json their runs and stages as well.";
}

}  // namespace sslbench
