// SPDX-License-Identifier: Apache-2.0
#include "reports/record/metric.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "reports/record/revision_of.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr std::string_view kConstant = "constant_";

constexpr std::pair<MetricKind, const char*> kKinds[] = {{MetricKind::share, "share"},
                                                         {MetricKind::score, "score"},
                                                         {MetricKind::quantity, "quantity"},
                                                         {MetricKind::cost, "cost"}};
constexpr std::pair<Better, const char*> kBetters[] = {
    {Better::higher, "higher"}, {Better::lower, "lower"}, {Better::none, "none"}};

template <class Value, size_t N>
std::string name_in(const std::pair<Value, const char*> (&names)[N], Value value) {
  const auto found =
      std::find_if(std::begin(names), std::end(names), [&](const auto& each) { return each.first == value; });
  return found == std::end(names) ? "" : found->second;
}

template <class Value, size_t N>
std::optional<Value> value_in(const std::pair<Value, const char*> (&names)[N], const std::string& name) {
  const auto found =
      std::find_if(std::begin(names), std::end(names), [&](const auto& each) { return each.second == name; });
  return found == std::end(names) ? std::nullopt : std::optional(found->first);
}

std::optional<Metric> metric_from_json(const json& from) {
  if (!from.is_object()) return std::nullopt;
  const auto kind = metric_kind(text_of(from, "kind"));
  const auto better = value_in(kBetters, text_of(from, "better"));
  Metric out{.name = text_of(from, "name"), .unit = text_of(from, "unit")};
  if (!kind || !better || out.name.empty()) return std::nullopt;
  out.kind = *kind;
  out.better = *better;
  out.definition = text_of(from, "definition");
  out.constant_answer = text_of(from, "constant_answer");
  out.undefined_when = text_of(from, "undefined_when");
  const auto constant = from.find("constant_value"), headline = from.find("headline");
  if (constant != from.end() && constant->is_number()) out.constant_value = constant->get<double>();
  if (headline != from.end() && headline->is_boolean()) out.headline = headline->get<bool>();
  return out;
}

}  // namespace

std::string kind_name(MetricKind kind) { return name_in(kKinds, kind); }

std::optional<MetricKind> metric_kind(const std::string& name) { return value_in(kKinds, name); }

std::string better_name(Better better) { return name_in(kBetters, better); }

std::string metric_family(const std::string& metric) { return metric.substr(0, metric.find('/')); }

bool is_of_class(const std::string& metric) { return metric.find('/') != std::string::npos; }

std::string constant_name(const std::string& metric) { return std::string(kConstant) + metric; }

std::string metric_with_constant(const std::string& constant_name) { return constant_name.substr(kConstant.size()); }

bool is_constant_name(const std::string& metric) { return metric.starts_with(kConstant); }

bool same_metrics(const std::vector<Metric>& a, const std::vector<Metric>& b) {
  const auto words = [](const Metric& m) {
    return std::tie(m.name, m.unit, m.better, m.kind, m.definition, m.constant_answer, m.undefined_when, m.headline);
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Metric& x, const Metric& y) {
    return words(x) == words(y) &&
           (x.constant_value == y.constant_value || (std::isnan(x.constant_value) && std::isnan(y.constant_value)));
  });
}

const Metric* find_metric(const std::vector<Metric>& declared, const std::string& metric) {
  const std::string family = metric_family(metric);
  auto found = std::ranges::find(declared, metric, &Metric::name);
  if (found == declared.end()) {
    found = std::ranges::find_if(
        declared, [&](const Metric& m) { return m.name == family || (is_of_class(metric) && m.name == family + "/"); });
  }
  return found == declared.end() ? nullptr : &*found;
}

json metrics_to_json(const std::vector<Metric>& metrics) {
  json out = json::array();
  for (const Metric& metric : metrics) {
    json& each = out.emplace_back(json{{"name", metric.name},
                                       {"unit", metric.unit},
                                       {"better", better_name(metric.better)},
                                       {"kind", kind_name(metric.kind)},
                                       {"definition", metric.definition}});
    if (!metric.constant_answer.empty()) each["constant_answer"] = metric.constant_answer;
    if (!std::isnan(metric.constant_value)) each["constant_value"] = metric.constant_value;
    if (!metric.undefined_when.empty()) each["undefined_when"] = metric.undefined_when;
    if (!metric.headline) each["headline"] = false;
  }
  return out;
}

std::vector<Metric> metrics_from_json(const json& from) {
  std::vector<Metric> out;
  if (!from.is_array()) return out;
  for (const json& each : from) {
    if (auto metric = metric_from_json(each)) out.push_back(std::move(*metric));
  }
  return out;
}

}  // namespace sslbench
