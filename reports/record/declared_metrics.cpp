// SPDX-License-Identifier: Apache-2.0
// How a stage's numbers get into its record, and how they are to be read.
#include "reports/record/declared_metrics.h"

#include <algorithm>
#include <cmath>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kStages = "stages";  // of a declaration in a record: the rows that measure it

Measurement measurement_of(const StageRecord& stage, const std::string& name, const Metric& metric, Split split,
                           double value, int64_t n, const std::string& why_undefined) {
  const std::string& reason = why_undefined.empty() ? metric.undefined_when : why_undefined;
  const bool undefined = std::isnan(value) && !reason.empty();
  if (!std::isfinite(value) && !undefined) {
    throw RunFailure(FailureKind::non_finite, stage.name + "." + name + " is not finite; it measures nothing");
  }
  Measurement out;
  out.metric = name;
  out.split = split_name(split);
  out.value = value;
  out.unit = metric.unit;
  out.direction = better_name(metric.better);
  out.n = n;
  if (undefined) out.reason = reason;
  return out;
}

const Metric& declared(const StageRecord& stage, const std::string& name) {
  const Metric* metric = find_metric(stage.metrics, name);
  require(metric != nullptr, stage.plugin + " measures '" + name + "', which it does not declare");
  return *metric;
}

// Of a record that declares nothing: those made before metrics were declared, when a unit of "1" meant a fraction, and
// only shares of the test images were called top<k>.
MetricKind kind_as_recorded(const Measurement& m) {
  if (m.unit != "1") return MetricKind::cost;
  return m.metric.starts_with("top") ? MetricKind::share : MetricKind::score;
}

Metric as_recorded(const Measurement& m) {
  Metric out{.name = metric_family(m.metric), .unit = m.unit};
  out.better = m.direction == "lower" ? Better::lower : m.direction == "none" ? Better::none : Better::higher;
  out.kind = kind_as_recorded(m);
  out.headline = m.metric != "top5";
  return out;
}

}  // namespace

void StageRecord::add(const std::string& metric, Split split, double value, int64_t n,
                      const std::string& why_undefined) {
  measurements.push_back(measurement_of(*this, metric, declared(*this, metric), split, value, n, why_undefined));
}

void StageRecord::add_constant(const std::string& metric, double value, int64_t n) {
  Metric of = declared(*this, metric);
  require(!of.constant_answer.empty(), plugin + "." + metric + " declares no constant answer");
  of.better = Better::none;
  measurements.push_back(measurement_of(*this, constant_name(metric), of, Split::test, value, n, ""));
}

Metric StageRecord::metric_of(const Measurement& m) const {
  const Metric* metric = find_metric(metrics, m.metric);
  return metric != nullptr ? *metric : as_recorded(m);
}

MetricKind StageRecord::kind_of(const Measurement& m) const {
  const Metric* metric = find_metric(metrics, m.metric);
  return metric != nullptr ? metric->kind : kind_as_recorded(m);
}

json declarations_of(const std::vector<StageRecord>& stages) {
  std::vector<json> order;
  std::map<json, json> rows_of;  // declaration -> stages
  for (const StageRecord& stage : stages) {
    for (json& metric : metrics_to_json(stage.metrics)) {
      json& rows = rows_of[metric];
      if (rows.empty()) order.push_back(metric);
      rows.push_back(stage.name);
    }
  }
  json out;
  for (json& metric : order) {
    json& each = out.emplace_back(metric);
    each[kStages] = rows_of[metric];
  }
  return out;
}

void apply_declarations(const json& from, std::vector<StageRecord>& stages) {
  if (!from.is_array()) return;
  for (const json& each : from) {
    const std::vector<Metric> metric = metrics_from_json(json::array({each}));
    if (metric.empty() || !each.contains(kStages)) continue;
    for (StageRecord& stage : stages) {
      const json& rows = each.at(kStages);
      if (std::find(rows.begin(), rows.end(), json(stage.name)) != rows.end())
        stage.metrics.own().push_back(metric.front());
    }
  }
}

void declare_where_missing(const MetricsOfPlugins& known, Record& record) {
  for (StageRecord& stage : record.stages) {
    const auto found = known.find(stage.plugin);
    if (stage.metrics.empty() && found != known.end()) stage.metrics = found->second;
  }
}

}  // namespace sslbench
