// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/findings/growth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace sslbench {
namespace {

using nlohmann::json;

struct Factor {
  const char* name;
  const char *table, *key;  // of the RunSpec
};
constexpr std::array kFactors = {Factor{"batch", "pretrain", "batch_size"}, Factor{"image side", "views", "size"},
                                 Factor{"width", "backbone_settings", "width"}};
// What decides what a step computes and how, besides the factors.
constexpr std::array kOfStep = {"method", "method_settings", "backbone", "threads", "device"};
constexpr std::array kOfPretrain = {"precision", "kernels", "accumulate", "recompute", "graph", "optimizer"};

double size_in(const json& spec, const Factor& factor) {
  const json table = spec.value(factor.table, json::object());
  const auto found = table.find(factor.key);
  return found != table.end() && found->is_number() ? found->get<double>() : kUndefined;
}

// Everything that rows of one growth share.
std::string shared_part(const json& spec, const Factor& grown) {
  json out = json::object();
  for (const char* key : kOfStep) out[key] = spec.value(key, json());
  for (const char* key : kOfPretrain) out[key] = spec.value("pretrain", json::object()).value(key, json());
  for (const char* key : {"views", "backbone_settings"}) out[key] = spec.value(key, json::object());
  out["views"].erase("size");
  out["backbone_settings"].erase("image_size");  // follows the views
  out["backbone_settings"].erase("width");
  for (const Factor& factor : kFactors) {
    const double size = size_in(spec, factor);
    if (factor.name != grown.name && std::isfinite(size)) out[factor.name] = size;
  }
  return out.dump();
}

double exponent(const std::vector<double>& sizes, const std::vector<double>& costs) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (!(costs[i] > 0)) continue;
    const double a = std::log(sizes[i]), b = std::log(costs[i]);
    n += 1, x += a, y += b, xx += a * a, xy += a * b;
  }
  return n < 2 ? kUndefined : (n * xy - x * y) / (n * xx - x * x);
}

Growth grown(const Comparison& comparison, const Factor& factor, std::vector<std::pair<double, size_t>> rows) {
  std::ranges::stable_sort(rows, {}, &std::pair<double, size_t>::first);
  Growth out{.factor = factor.name, .rows = {}, .sizes = {}};
  std::vector<double> seconds, operations, bytes;
  for (const auto& [size, r] : rows) {
    const Row& row = comparison.rows[r];
    out.rows.push_back(row.name);
    out.sizes.push_back(size);
    seconds.push_back(1 / row.cost.images_per_second);
    operations.push_back(row.cost.gigaflop_an_image);
    bytes.push_back(row.cost.peak_device_bytes > 0 ? row.cost.peak_device_bytes : row.cost.peak_tensor_bytes);
  }
  out.seconds_an_image = exponent(out.sizes, seconds);
  out.gigaflop_an_image = exponent(out.sizes, operations);
  out.tensor_bytes = exponent(out.sizes, bytes);
  return out;
}

}  // namespace

std::vector<Growth> growth_of(const Comparison& comparison) {
  std::vector<Growth> out;
  for (const Factor& factor : kFactors) {
    std::vector<std::string> order;
    std::map<std::string, std::vector<std::pair<double, size_t>>> groups;
    for (size_t r = 0; r < comparison.rows.size(); ++r) {
      const Row& row = comparison.rows[r];
      if (row.records.empty() || !(row.cost.images_per_second > 0)) continue;
      const json& spec = comparison.records[row.records.front()].effective;
      const double size = size_in(spec, factor);
      if (!(size > 0)) continue;
      const std::string shared = shared_part(spec, factor);
      auto& group = groups[shared];
      if (group.empty()) order.push_back(shared);
      const auto same = [size](const auto& each) { return each.first == size; };
      if (std::ranges::none_of(group, same)) group.emplace_back(size, r);
    }
    for (const std::string& key : order) {
      if (groups.at(key).size() > 1) out.push_back(grown(comparison, factor, groups.at(key)));
    }
  }
  return out;
}

}  // namespace sslbench
