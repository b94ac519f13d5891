// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/coco/coco_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

#include "datasets/readers/data_text.h"

namespace sslbench {
namespace {

using nlohmann::json;

bool all_numbers(const json& list) {
  return list.is_array() && std::all_of(list.begin(), list.end(), [](const json& n) { return n.is_number(); });
}

}  // namespace

std::optional<std::string> coco_id(const json& id) {
  if (id.is_number_integer()) return std::to_string(id.get<int64_t>());
  if (id.is_string()) return trimmed(id.get_ref<const std::string&>());
  if (!id.is_number_float()) return {};
  const double value = id.get<double>();
  if (value != std::floor(value) || std::abs(value) > 1e15) return {};
  return std::to_string(static_cast<int64_t>(value));
}

bool CocoIdOrder::operator()(const std::string& a, const std::string& b) const {
  const auto key = [](const std::string& id) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
    const bool number = error == std::errc() && end == id.data() + id.size();
    return std::tuple(!number, number ? value : 0, number ? std::string() : id);
  };
  return key(a) < key(b);
}

bool read_coco_polygons(const json& shape, const std::string& where, FaultCounts& faults, CocoRegion& region) {
  if (!shape.is_array()) return false;
  const json single = all_numbers(shape) ? json::array({shape}) : json();
  for (const json& polygon : single.is_null() ? shape : single) {
    if (all_numbers(polygon) && polygon.size() >= 6 && polygon.size() % 2 == 0) {
      region.polygons.push_back(polygon.get<std::vector<double>>());
    } else {
      faults.add("polygons of fewer than three points, left out", where);
    }
  }
  return !region.polygons.empty();
}

bool read_coco_runs(const json& shape, int32_t height, int32_t width, CocoRegion& region) {
  const auto size = shape.find("size"), counts = shape.find("counts");
  if (size == shape.end() || counts == shape.end() || *size != json{height, width}) return false;
  if (counts->is_string()) {
    if (!counts_of_string(counts->get_ref<const std::string&>(), region.runs)) return false;
  } else {
    if (!counts->is_array()) return false;
    for (const json& run : *counts) {
      if (!run.is_number_integer()) return false;
      region.runs.push_back(run.get<int64_t>());
    }
  }
  int64_t left = int64_t{height} * width;
  for (const int64_t run : region.runs) {
    if (run < 0 || run > left) return false;
    left -= run;
  }
  return left == 0;
}

}  // namespace sslbench
