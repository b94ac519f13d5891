// SPDX-License-Identifier: Apache-2.0
// report.json: every number of the report. A number that does not exist is null.
#include <cmath>
#include <map>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/columns.h"
#include "reports/comparison/findings/over_tasks.h"
#include "reports/comparison/findings/rank_stability.h"
#include "reports/page/json_stages.h"
#include "reports/page/renderer.h"
#include "reports/text/json_text.h"
#include "suites/files/atomic_file.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "sslbench.report/1";
constexpr size_t kWrittenAtOnce = size_t{1} << 20;

json interval_json(const Interval& interval) {
  return std::isfinite(interval.low) ? json{interval.low, interval.high} : json(nullptr);
}

// What an interval is over.
std::string over_text(size_t seeds, bool images) {
  return seeds < 2 ? "test images" : images ? "seeds and test images" : "seeds";
}

json cell_json(const Cell& cell) {
  json values = json::array();
  for (const double value : cell.values) values.push_back(number_or_null(value));
  return {{"value", number_or_null(cell.value)},
          {"values", values},
          {"deviation", number_or_null(cell.deviation)},
          {"interval", interval_json(cell.interval)},
          {"over", over_text(cell.values.size(), cell.over_images)},
          {"n", cell.n},
          {"best", cell.best},
          {"tied", cell.tied},
          {"reason", cell.reason},
          {"word", cell.word}};
}

json cost_json(const Cost& cost) {
  return {{"images", number_or_null(cost.images)},
          {"wall_seconds", number_or_null(cost.wall_seconds)},
          {"cpu_seconds", number_or_null(cost.cpu_seconds)},
          {"images_per_second", number_or_null(cost.images_per_second)},
          {"peak_process_bytes", number_or_null(cost.peak_process_bytes)},
          {"peak_tensor_bytes", number_or_null(cost.peak_tensor_bytes)},
          {"peak_device_bytes", number_or_null(cost.peak_device_bytes)},
          {"energy_joules", number_or_null(cost.energy_joules)}};
}

json columns_json(const Comparison& comparison) {
  json out = json::array();
  for (const Column& column : comparison.columns) {
    out.push_back({{"protocol", column.protocol},
                   {"plugin", column.plugin},
                   {"version", column.version},
                   {"settings", column.variant},
                   {"dataset", column.dataset},
                   {"metric", column.metric},
                   {"split", column.split},
                   {"unit", column.unit},
                   {"direction", column.direction},
                   {"n", column.n},
                   {"headline", column.headline}});
    if (!column.is_fraction()) out.back()["kind"] = kind_name(column.kind);
  }
  return out;
}

json signs_json(const Row& row) {
  json out = json::array();
  for (const LearningSign& sign : row.signs) out.push_back({{"mark", sign.mark}, {"sentence", sign.sentence}});
  return out;
}

json rows_json(const Comparison& comparison) {
  json out = json::array();
  for (const Row& row : comparison.rows) {
    json cells = json::array();
    for (const Cell& cell : row.cells) cells.push_back(cell_json(cell));
    out.push_back({{"row", row.name},
                   {"method", row.method},
                   {"role", row.role},
                   {"budget", row.budget},
                   {"marks", row.marks},
                   {"signs", signs_json(row)},
                   {"seeds_planned", row.planned},
                   {"cells", cells},
                   {"cost", cost_json(row.cost)}});
  }
  return out;
}

json differences_json(const Comparison& comparison, const std::vector<Difference>& differences) {
  json out = json::array();
  for (const Difference& d : differences) {
    const std::string row = comparison.rows[d.row].name, over = comparison.rows[d.over].name;
    out.push_back({{"row", row},
                   {"over", over},
                   {"column", d.column},
                   {"value", number_or_null(d.value)},
                   {"interval", interval_json(d.interval)},
                   {"over", over_text(d.seeds, d.over_images)},
                   {"seeds", d.seeds},
                   {"n", d.n},
                   {"excludes_zero", d.excludes_zero()},
                   {"text", row + " − " + over + ": " + difference_text(comparison.columns[d.column], d)}});
  }
  return out;
}

json failures_json(const Comparison& comparison) {
  json out = json::array();
  for (const Failure& failure : comparison.failures) {
    out.push_back({{"run", failure.run},
                   {"row", failure.row},
                   {"status", failure.status},
                   {"message", failure.message},
                   {"advice", failure.advice}});
  }
  return out;
}

json published_json(const Comparison& comparison) {
  json out = json::array();
  for (const PublishedMatch& match : comparison.published) {
    const double here = comparison.rows[match.row].cells[match.column].value;
    out.push_back({{"row", comparison.rows[match.row].name},
                   {"column", match.column},
                   {"here", number_or_null(here)},
                   {"published", match.figure.value},
                   {"difference", number_or_null(here - match.figure.value)},
                   {"source", match.figure.source},
                   {"differing", match.differing}});
  }
  return out;
}

// Of the columns that the report draws: how often each row is best, and not beaten at its cost.
json stability_json(const Comparison& comparison) {
  json out = json::array();
  for (const size_t c : first_columns(comparison)) {
    const auto stability = rank_stability(comparison, c);
    if (!stability) continue;
    for (size_t r = 0; r < comparison.rows.size(); ++r) {
      if (!std::isfinite(stability->best[r])) continue;
      out.push_back({{"row", comparison.rows[r].name},
                     {"column", c},
                     {"over", over_text(stability->over_seeds ? 2 : 1, true)},
                     {"best", stability->best[r]},
                     {"front", stability->front[r]},
                     {"same_order", stability->same_order},
                     {"same_order_quarter", stability->same_order_quarter}});
    }
  }
  return out;
}

json over_tasks_json(const Comparison& comparison) {
  const auto all = over_tasks(comparison);
  if (!all) return nullptr;
  json rows = json::array();
  for (const RowOverTasks& row : all->rows) {
    rows.push_back({{"row", comparison.rows[row.row].name},
                    {"runs", row.runs},
                    {"iqm", number_or_null(row.iqm.estimate)},
                    {"interval", interval_json(row.iqm.interval)},
                    {"mean", number_or_null(row.mean)},
                    {"place", number_or_null(row.place)},
                    {"over_floor", number_or_null(row.over_floor)},
                    {"above", row.profile}});
  }
  return {{"columns", all->columns}, {"above", kProfile}, {"rows", rows}};
}

void put_environments(const Comparison& comparison, JsonObjectText& out) {
  std::map<std::string, const Record*> by_run;
  for (const Record& record : comparison.records) by_run[record.run] = &record;
  JsonObjectText inner(2, [&out](std::string_view text) { out.put(text); });
  for (const auto& [run, record] : by_run) inner.add(run, record->environment);
  inner.end();
}

void put_report(const Comparison& comparison, JsonObjectText& out) {
  out.add("answer", comparison.answer);
  out.add("columns", columns_json(comparison));
  out.add("commands", comparison.commands);
  out.begin("environments");
  put_environments(comparison, out);
  out.add("failures", failures_json(comparison));
  out.add("mixed_revisions", comparison.mixed_revisions);
  out.add("not_run", comparison.not_run);
  out.add("notes", comparison.notes);
  out.add("over_floor", differences_json(comparison, comparison.over_floor));
  out.add("over_tasks", over_tasks_json(comparison));
  out.add("primary", comparison.primary ? json(*comparison.primary) : json(nullptr));
  out.add("published", published_json(comparison));
  out.add("question", comparison.question);
  out.add("rank_stability", stability_json(comparison));
  out.add("rows", rows_json(comparison));
  out.add("schema", kSchema);
  out.begin("stages");
  put_stages(comparison.records, out);
  out.add("steps", differences_json(comparison, comparison.steps));
  out.add("suite", comparison.suite);
  out.add("superseded", comparison.superseded);
  out.end();
  out.put("\n");
}

std::vector<std::filesystem::path> render(const ReportContent& content, const std::filesystem::path& report_folder) {
  AtomicFile file(report_folder / "report.json");
  std::string waiting;
  const auto write = [&] {
    file.write(waiting);
    waiting.clear();
  };
  JsonObjectText out(1, [&](std::string_view text) {
    waiting += text;
    if (waiting.size() >= kWrittenAtOnce) write();
  });
  put_report(content.comparison, out);
  write();
  file.publish();
  return {"report.json"};
}

}  // namespace

const bool registered_json = Registry<RendererEntry>::add({"json", "report.json with every number", render});

}  // namespace sslbench
