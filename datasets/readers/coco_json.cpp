// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/coco_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "suites/spec/run_length_mask.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr int64_t kMaxJsonBytes = int64_t{2} << 30;
constexpr int kMaxDepth = 32;

json parse(const fs::path& file) {
  const std::string text = read_data_file(file, kMaxJsonBytes);
  const auto shallow = [&](int depth, json::parse_event_t, json&) {
    if (depth > kMaxDepth) throw_bad_data(file, "is nested more than 32 deep");
    return true;
  };
  try {
    return json::parse(text, shallow);
  } catch (const json::exception& error) {
    throw_bad_data(file, std::string("no JSON: ") + error.what());
  }
}

class CocoReader {
 public:
  CocoReader(const fs::path& file, FaultCounts& faults) : file_(file), faults_(faults), root_(parse(file)) {}

  CocoFile read() {
    read_categories();
    size_t number = 0;
    for (const json& image : list("images")) read_image(image, number++);
    number = 0;
    for (const json& annotation : list("annotations")) read_annotation(annotation, number++);
    return std::move(out_);
  }

 private:
  const json& list(const char* key) const {
    if (!root_.is_object() || !root_.contains(key) || !root_.at(key).is_array()) {
      throw_bad_data(file_, std::string("has no list '") + key + "'");
    }
    return root_.at(key);
  }

  [[noreturn]] void refuse(const char* list, size_t number, const std::string& what) const {
    throw_bad_data(file_, std::string(list) + "[" + std::to_string(number) + "]: " + what);
  }

  int64_t whole(const json& from, const char* key, const char* list, size_t number) const {
    const auto found = from.is_object() ? from.find(key) : from.end();
    if (!from.is_object() || found == from.end() || !found->is_number_integer()) {
      refuse(list, number, std::string("'") + key + "' is not a whole number");
    }
    return found->get<int64_t>();
  }

  std::string text(const json& from, const char* key, const char* list, size_t number) const {
    const auto found = from.is_object() ? from.find(key) : from.end();
    if (!from.is_object() || found == from.end() || !found->is_string()) {
      refuse(list, number, std::string("'") + key + "' is not a text");
    }
    return found->get<std::string>();
  }

  void read_categories() {
    std::map<int64_t, std::string> names;
    size_t number = 0;
    for (const json& category : list("categories")) {
      const int64_t id = whole(category, "id", "categories", number);
      if (!names.emplace(id, text(category, "name", "categories", number)).second) {
        refuse("categories", number, "the id " + std::to_string(id) + " is used twice");
      }
      ++number;
    }
    std::set<std::string> seen;
    for (const auto& [id, name] : names) {
      label_of_[id] = static_cast<int32_t>(out_.classes.size());
      out_.classes.push_back(seen.insert(name).second ? name : name + " (" + std::to_string(id) + ")");
    }
    if (out_.classes.empty()) throw_bad_data(file_, "'categories' is empty");
  }

  void read_image(const json& from, size_t number) {
    const int64_t id = whole(from, "id", "images", number);
    CocoImage image{.file_name = text(from, "file_name", "images", number)};
    const int64_t height = whole(from, "height", "images", number), width = whole(from, "width", "images", number);
    if (height < 1 || width < 1 || height > kLargestMaskSide || width > kLargestMaskSide) {
      refuse("images", number, "the size " + std::to_string(width) + "x" + std::to_string(height) + " is none");
    }
    image.height = static_cast<int32_t>(height), image.width = static_cast<int32_t>(width);
    if (!image_of_.emplace(id, out_.images.size()).second) {
      return faults_.add("image ids that are used twice, the first counts", std::to_string(id));
    }
    out_.images.push_back(std::move(image));
  }

  void read_annotation(const json& from, size_t number) {
    const std::string where = "annotation " + std::to_string(whole(from, "id", "annotations", number));
    if (!ids_.insert(from.at("id").get<int64_t>()).second) {
      return faults_.add("annotation ids that are used twice, the first counts", where);
    }
    const auto image = image_of_.find(whole(from, "image_id", "annotations", number));
    if (image == image_of_.end()) return faults_.add("annotations of an unknown image, left out", where);
    const auto label = label_of_.find(whole(from, "category_id", "annotations", number));
    if (label == label_of_.end()) return faults_.add("annotations of an unknown category, left out", where);
    CocoImage& to = out_.images[image->second];
    const json crowd = from.value("iscrowd", json(0));
    Box box = read_box(from, number);
    box.label = label->second;
    box.difficult = crowd == 1 || crowd == true;
    if (!keep_box(box, static_cast<float>(to.width), static_cast<float>(to.height), where, faults_)) return;
    to.boxes.push_back(box);
    if (from.contains("segmentation")) read_region(from, box, where, to);
  }

  Box read_box(const json& from, size_t number) const {
    const json& corners = from.contains("bbox") ? from.at("bbox") : json();
    const bool numbers = corners.is_array() && corners.size() == 4 &&
                         std::all_of(corners.begin(), corners.end(), [](const json& n) { return n.is_number(); });
    if (!numbers) refuse("annotations", number, "'bbox' is not [x, y, width, height]");
    const auto at = [&](size_t k) { return static_cast<float>(corners[k].get<double>()); };
    return {.x0 = at(0), .y0 = at(1), .x1 = at(0) + at(2), .y1 = at(1) + at(3)};
  }

  void read_region(const json& from, const Box& box, const std::string& where, CocoImage& to) {
    const json& shape = from.at("segmentation");
    CocoRegion region{.label = box.label, .crowd = box.difficult};
    const auto area = from.find("area");
    region.area = area != from.end() && area->is_number() ? area->get<double>() : (box.x1 - box.x0) * (box.y1 - box.y0);
    if (!(shape.is_object() ? read_runs(shape, to, region) : read_polygons(shape, region))) {
      return faults_.add("damaged segmentations, left out", where);
    }
    if (region.polygons.empty() && region.runs.empty()) return faults_.add("empty segmentations", where);
    out_.has_regions = true;
    to.regions.push_back(std::move(region));
  }

  static bool read_polygons(const json& shape, CocoRegion& region) {
    if (!shape.is_array()) return false;
    for (const json& polygon : shape) {
      const bool numbers = polygon.is_array() &&
                           std::all_of(polygon.begin(), polygon.end(), [](const json& n) { return n.is_number(); });
      if (!numbers || polygon.size() < 6 || polygon.size() % 2 != 0) return false;
      region.polygons.push_back(polygon.get<std::vector<double>>());
    }
    return true;
  }

  static bool read_runs(const json& shape, const CocoImage& image, CocoRegion& region) {
    const auto size = shape.find("size"), counts = shape.find("counts");
    if (size == shape.end() || counts == shape.end() || *size != json{image.height, image.width}) return false;
    if (counts->is_string()) {
      if (!counts_of_string(counts->get_ref<const std::string&>(), region.runs)) return false;
    } else {
      if (!counts->is_array()) return false;
      for (const json& run : *counts) {
        if (!run.is_number_integer()) return false;
        region.runs.push_back(run.get<int64_t>());
      }
    }
    const bool negative = std::any_of(region.runs.begin(), region.runs.end(), [](int64_t run) { return run < 0; });
    const int64_t total = int64_t{image.height} * image.width;
    return !negative && std::accumulate(region.runs.begin(), region.runs.end(), int64_t{0}) == total;
  }

  const fs::path& file_;
  FaultCounts& faults_;
  json root_;
  CocoFile out_;
  std::map<int64_t, int32_t> label_of_;
  std::map<int64_t, size_t> image_of_;
  std::set<int64_t> ids_;
};

}  // namespace

CocoFile read_coco_json(const fs::path& file, FaultCounts& faults) { return CocoReader(file, faults).read(); }

bool paint_regions(const CocoImage& image, Mask& mask) {
  mask = {image.height, image.width, {}};
  mask.labels.assign(static_cast<size_t>(image.height) * static_cast<size_t>(image.width), 0);
  std::vector<const CocoRegion*> order;
  for (const CocoRegion& region : image.regions) order.push_back(&region);
  std::stable_sort(order.begin(), order.end(), [](const CocoRegion* a, const CocoRegion* b) {
    return a->crowd != b->crowd ? a->crowd : a->area > b->area;
  });
  for (const CocoRegion* region : order) {
    BinaryMask part{image.height, image.width, std::vector<uint8_t>(mask.labels.size())};
    if (!region->runs.empty() && !fill_runs(region->runs, part)) return false;
    for (const auto& polygon : region->polygons) {
      if (!fill_polygon(polygon, part)) return false;
    }
    const uint8_t value = region->crowd ? Mask::kIgnore : static_cast<uint8_t>(region->label + 1);
    for (size_t p = 0; p < mask.labels.size(); ++p) {
      if (part.inside[p] != 0) mask.labels[p] = value;
    }
  }
  return true;
}

}  // namespace sslbench
