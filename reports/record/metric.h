// SPDX-License-Identifier: Apache-2.0
// Metric: how a number is to be read, declared once by who measures it. Every table, chart, verdict and export asks
// here.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace sslbench {

enum class MetricKind {
  share,     // of n items, each right or wrong: 0 to 1, shown in percent; has an interval even at exactly 0 and 1
  score,     // 0 to 1, shown in percent, of what hangs together among the items (AP, IoU)
  quantity,  // any number, shown as it is in its unit
  cost,      // what measuring took, shown in its unit; compared on one class of machine only
};

// 0 to 1: shown in percent and compared in points.
inline bool is_fraction(MetricKind kind) { return kind == MetricKind::share || kind == MetricKind::score; }

enum class Better { higher, lower, none };

struct Metric {
  std::string name;  // "top1"; "ap50" stands for "ap50/<class>", too, "iou/" for "iou/<class>" alone
  std::string unit = "1";
  Better better = Better::higher;
  MetricKind kind = MetricKind::score;
  std::string definition;                // one sentence, without a full stop
  std::string constant_answer;           // the answer that ignores the image and whose value is measured beside it
  double constant_value = std::nan("");  // what such an answer scores by nature, where that need not be measured
  std::string undefined_when;            // why there may be no number; "" = there always is one
  bool headline = true;                  // false: not in the first table of a report

  bool is_fraction() const { return sslbench::is_fraction(kind); }
};

std::string kind_name(MetricKind kind);  // "share", ...
std::optional<MetricKind> metric_kind(const std::string& name);
std::string better_name(Better better);  // "higher", "lower", "none", as records say it

// "iou" of "iou/star": a number of one class is defined as the metric.
std::string metric_family(const std::string& metric);
bool is_of_class(const std::string& metric);

// Under which name the value of a constant answer is recorded, and whether a name is such a one.
std::string constant_name(const std::string& metric);
bool is_constant_name(const std::string& metric);
std::string metric_with_constant(const std::string& constant_name);  // "top1" of "constant_top1"

// Whether two plugins say the same.
bool same_metrics(const std::vector<Metric>& a, const std::vector<Metric>& b);

// The declaration of a metric or, without one, of its family among `declared`, or null.
const Metric* find_metric(const std::vector<Metric>& declared, const std::string& metric);

nlohmann::json metrics_to_json(const std::vector<Metric>& metrics);
// What files say; an entry of a strange shape is left out, since a number can be read without it.
std::vector<Metric> metrics_from_json(const nlohmann::json& json);

}  // namespace sslbench
