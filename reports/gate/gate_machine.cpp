// SPDX-License-Identifier: Apache-2.0
// Gate and comparison for programs: JSON, JUnit XML, GitHub annotations.
#include <cmath>

#include "reports/gate/gate_text.h"
#include "reports/history/metric_text.h"
#include "reports/text/escape.h"
#include "reports/text/json_text.h"

namespace sslbench {
namespace {

using nlohmann::json;

json optional_number(const std::optional<size_t>& value) { return value ? json(*value) : json(nullptr); }

json interval_json(const Interval& interval) {
  return std::isfinite(interval.low) ? json{interval.low, interval.high} : json(nullptr);
}

template <class Report>
json counts_json(const Report& report) {
  json out = json::object();
  for (int v = 0; v <= static_cast<int>(Verdict::failed); ++v) {
    out[std::string(verdict_name(static_cast<Verdict>(v)))] = report.count(static_cast<Verdict>(v));
  }
  return out;
}

json cell_json(const SnapshotCell& cell) {
  return {{"row", cell.row},         {"protocol", cell.protocol}, {"metric", cell.metric},   {"dataset", cell.dataset},
          {"version", cell.version}, {"unit", cell.unit},         {"better", cell.direction}};
}

// "-1.08 points [-1.46, -0.70], margin 0.5 points: reason"
std::string message_of(const GateCell& cell) {
  if (!std::isfinite(cell.fresh_mean - cell.history_mean)) return cell.reason;
  std::string out = change_text(cell.cell, cell.fresh_mean - cell.history_mean, cell.history_mean) + " " +
                    change_interval_text(cell.cell, cell.change, cell.history_mean);
  return cell.reason.empty() ? out : out + ": " + cell.reason;
}

std::string outcome_xml(const GateCell& cell) {
  const std::string message = " message=\"" + escape_xml(message_of(cell)) + "\"";
  switch (cell.verdict) {
    case Verdict::same:
    case Verdict::improved: return "";
    case Verdict::regressed: return "<failure type=\"regression\"" + message + "/>";
    case Verdict::inconclusive: return "<skipped" + message + "/>";
    case Verdict::failed:
    case Verdict::missing:
    case Verdict::incomparable: break;
  }
  return "<error type=\"" + std::string(verdict_name(cell.verdict)) + "\"" + message + "/>";
}

// GitHub's escaping of the data of a workflow command.
std::string annotation_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\n')
      out += "%0A";
    else if (c == '\r')
      out += "%0D";
    else
      out += c;
  }
  return out;
}

}  // namespace

json gate_json(const GateReport& report) {
  json cells = json::array();
  for (const GateCell& cell : report.cells) {
    json one = cell_json(cell.cell);
    one.update({{"verdict", verdict_name(cell.verdict)},
                {"reason", cell.reason},
                {"marks", cell.marks},
                {"history_runs", cell.history.size()},
                {"history_nights", cell.cell.is_cost() ? json(cell.nights.size()) : json(nullptr)},
                {"same_seeds", cell.same_seeds},
                {"new_runs", cell.fresh.size()},
                {"history_mean", number_or_null(cell.history_mean)},
                {"new_mean", number_or_null(cell.fresh_mean)},
                {"drop", number_or_null(cell.drop)},
                {"change_interval", interval_json(cell.change)},
                {"margin", number_or_null(cell.margin)},
                {"detectable_drop", number_or_null(cell.detectable)},
                {"p", number_or_null(cell.p_worse)},
                {"p_adjusted", number_or_null(cell.adjusted)},
                {"suspect", cell.suspect},
                {"more_history", optional_number(cell.more_history)},
                {"more_runs", optional_number(cell.more_runs)}});
    cells.push_back(one);
  }
  json failed = json::array();
  for (const SnapshotRun& run : report.failed) {
    failed.push_back({{"row", run.row}, {"seed", run.seed}, {"status", run.status}});
  }
  return {{"schema", "sslbench.gate/1"},
          {"failed_runs", failed},
          {"suite", report.suite},
          {"revision", report.revision},
          {"history_runs", report.history_runs},
          {"judged", report.judged},
          {"suspects", report.suspects},
          {"confirmed", report.confirmed},
          {"counts", counts_json(report)},
          {"cells", cells}};
}

json comparison_json(const SnapshotComparison& comparison) {
  json cells = json::array();
  for (const ComparedCell& cell : comparison.cells) {
    json one = cell_json(cell.base);
    one.update({{"verdict", verdict_name(cell.verdict)},
                {"reason", cell.reason},
                {"marks", cell.marks},
                {"base", cell.base.values()},
                {"new", cell.now.values()},
                {"change", number_or_null(cell.change)},
                {"interval", interval_json(cell.interval)},
                {"paired", cell.paired},
                {"p", number_or_null(cell.p)},
                {"p_adjusted", number_or_null(cell.adjusted)},
                {"margin", number_or_null(cell.margin)},
                {"runs_needed", optional_number(cell.runs_needed)}});
    cells.push_back(one);
  }
  return {{"schema", "sslbench.compare/1"},       {"base", comparison.base.shown_commit()},
          {"new", comparison.now.shown_commit()}, {"counts", counts_json(comparison)},
          {"only_new", comparison.only_new},      {"cells", cells}};
}

std::string gate_junit(const GateReport& report) {
  const size_t errors = report.failed.size() + report.count(Verdict::failed) + report.count(Verdict::missing) +
                        report.count(Verdict::incomparable);
  const std::string counts = " tests=\"" + std::to_string(report.cells.size() + report.failed.size()) +
                             "\" failures=\"" + std::to_string(report.count(Verdict::regressed)) + "\" errors=\"" +
                             std::to_string(errors) + "\" skipped=\"" +
                             std::to_string(report.count(Verdict::inconclusive)) + "\" time=\"0\"";
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts + ">\n<testsuite name=\"" +
                    escape_xml(report.suite) + "\"" + counts + ">\n<properties>\n<property name=\"revision\" value=\"" +
                    escape_xml(report.revision) + "\"/>\n<property name=\"history_runs\" value=\"" +
                    std::to_string(report.history_runs) + "\"/>\n</properties>\n";
  for (const SnapshotRun& run : report.failed) {
    out += "<testcase classname=\"" + escape_xml(report.suite + "." + run.row) + "\" name=\"seed " +
           std::to_string(run.seed) + "\" time=\"0\"><error type=\"run\" message=\"" + escape_xml(run.status) +
           "\"/></testcase>\n";
  }
  for (const GateCell& cell : report.cells) {
    out += "<testcase classname=\"" + escape_xml(report.suite + "." + cell.cell.row) + "\" name=\"" +
           escape_xml(cell.cell.measure()) + "\" time=\"0\">" + outcome_xml(cell) + "</testcase>\n";
  }
  return out + "</testsuite>\n</testsuites>\n";
}

std::string gate_annotations(const GateReport& report) {
  std::string out;
  for (const SnapshotRun& run : report.failed) {
    out += "::error title=sslbench run::" +
           annotation_text(visible_text(run.row + ", seed " + std::to_string(run.seed) + ": " + run.status)) + "\n";
  }
  for (const GateCell& cell : report.cells) {
    if (cell.verdict == Verdict::same || cell.verdict == Verdict::improved) continue;
    const bool warning = cell.verdict == Verdict::inconclusive;
    out += std::string(warning ? "::warning" : "::error") + " title=sslbench " +
           std::string(verdict_name(cell.verdict)) +
           "::" + annotation_text(visible_text(cell.cell.name() + ": " + message_of(cell))) + "\n";
  }
  return out;
}

}  // namespace sslbench
