// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/coco/coco_json.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "datasets/readers/coco/coco_values.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/printable.h"
#include "suites/ground/run_length_mask.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr int64_t kMaxJsonBytes = int64_t{2} << 30;

json parse(const fs::path& file) {
  const std::string text = read_data_text(file, kMaxJsonBytes);
  try {
    return parse_foreign_json(text);
  } catch (const json::exception& error) {
    throw_bad_data(file, std::string("no JSON: ") + json_mistake(error));
  }
}

class CocoReader {
 public:
  CocoReader(const fs::path& file, FaultCounts& faults, const FindSize& find_size)
      : file_(file), faults_(faults), find_size_(find_size), root_(parse(file)) {}

  CocoFile read() {
    read_categories();
    size_t number = 0;
    for (const json& image : list("images")) read_image(image, number++);
    number = 0;
    for (const json& annotation : list("annotations")) read_annotation(annotation, number++);
    if (out_.has_regions) {
      for (const std::string& where : without_region_) {
        faults_.add("boxes without a segmentation, whose pixels are without class", where);
      }
    }
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

  std::string id(const json& from, const char* key, const char* list, size_t number) const {
    const auto found = from.is_object() ? from.find(key) : from.end();
    std::optional<std::string> out;
    if (from.is_object() && found != from.end()) out = coco_id(*found);
    if (!out) refuse(list, number, std::string("'") + key + "' is neither a whole number nor a text");
    return *out;
  }

  std::string text(const json& from, const char* key, const char* list, size_t number) const {
    const auto found = from.is_object() ? from.find(key) : from.end();
    if (!from.is_object() || found == from.end() || !found->is_string()) {
      refuse(list, number, std::string("'") + key + "' is not a text");
    }
    return found->get<std::string>();
  }

  void read_categories() {
    std::map<std::string, std::string, CocoIdOrder> names;
    size_t number = 0;
    for (const json& category : list("categories")) {
      const std::string number_text = id(category, "id", "categories", number);
      const std::string name = tidy_name(text(category, "name", "categories", number));
      if (name.empty()) refuse("categories", number, "'name' is empty");
      if (const auto [at, fresh] = names.emplace(number_text, name); !fresh && at->second != name) {
        refuse("categories", number, "the id " + number_text + " is used twice");
      }
      ++number;
    }
    std::set<std::string> seen;
    for (const auto& [number_text, name] : names) {
      label_of_[number_text] = static_cast<int32_t>(out_.classes.size());
      out_.classes.push_back(seen.insert(name).second ? name : name + " (" + number_text + ")");
    }
    if (out_.classes.empty()) throw_bad_data(file_, "'categories' is empty");
  }

  // A side in pixels; 0 where it is not said.
  int32_t side(const json& from, const char* key, size_t number) const {
    const auto found = from.find(key);
    if (found == from.end() || found->is_null() || found->is_string()) return 0;
    if (!found->is_number()) refuse("images", number, std::string("'") + key + "' is not a number");
    const double value = found->get<double>();
    if (value != std::floor(value) || value < 0 || value > kLargestMaskSide) {
      refuse("images", number, std::string("the ") + key + " " + short_value(*found) + " is none");
    }
    return static_cast<int32_t>(value);
  }

  void read_image(const json& from, size_t number) {
    const std::string image_id = id(from, "id", "images", number);
    CocoImage image{.file_name = text(from, "file_name", "images", number)};
    if (const auto [at, fresh] = image_of_.emplace(image_id, out_.images.size()); !fresh) {
      const std::string& first = out_.images[at->second].file_name;
      if (first == image.file_name) return faults_.add("images that are listed twice, the first counts", first);
      refuse("images", number,
             "the id " + image_id + " is that of '" + first + "', too, so that annotations cannot be told apart");
    }
    image.height = side(from, "height", number), image.width = side(from, "width", number);
    if (image.height == 0 || image.width == 0) {
      const auto size = find_size_ ? find_size_(image.file_name) : std::nullopt;
      image.height = size ? size->height : 0, image.width = size ? size->width : 0;
      faults_.add("images whose size is not said, taken from the picture", image.file_name);
    }
    out_.images.push_back(std::move(image));
  }

  // Whether the same annotation stood before. An id alone says nothing: some programs begin anew with every picture.
  bool repeated(const json& from, const std::string& where) {
    const auto found = from.find("id");
    const auto number = found == from.end() ? std::nullopt : coco_id(*found);
    if (!number) return false;
    const auto [at, fresh] = ids_.emplace(*number, &from);
    if (fresh) return false;
    const bool same = *at->second == from;
    faults_.add(same ? "annotations that are given twice, the first counts" : "annotation ids that are used again",
                where);
    return same;
  }

  void read_annotation(const json& from, size_t number) {
    const auto image = image_of_.find(id(from, "image_id", "annotations", number));
    const auto given = from.contains("id") ? coco_id(from.at("id")) : std::nullopt;
    const std::string where = given ? "annotation " + *given : "annotations[" + std::to_string(number) + "]";
    if (repeated(from, where)) return;
    if (image == image_of_.end()) return faults_.add("annotations of an unknown image, left out", where);
    const auto label = label_of_.find(id(from, "category_id", "annotations", number));
    if (label == label_of_.end()) return faults_.add("annotations of an unknown category, left out", where);
    CocoImage& to = out_.images[image->second];
    if (to.height == 0) return;  // the picture is not there, which its reader tells
    const json crowd = from.value("iscrowd", json(0));
    Box box = read_box(from, number);
    box.label = label->second;
    box.difficult = crowd == 1 || crowd == true;
    const bool kept = keep_box(box, static_cast<float>(to.width), static_cast<float>(to.height), where, faults_);
    if (kept) to.boxes.push_back(box);
    read_region(from, box, kept, where, to);
  }

  Box read_box(const json& from, size_t number) const {
    const json& corners = from.contains("bbox") ? from.at("bbox") : json();
    const bool numbers = corners.is_array() && corners.size() == 4 &&
                         std::all_of(corners.begin(), corners.end(), [](const json& n) { return n.is_number(); });
    if (!numbers) refuse("annotations", number, "'bbox' is not [x, y, width, height]");
    const auto at = [&](size_t k) { return static_cast<float>(corners[k].get<double>()); };
    return {.x0 = at(0), .y0 = at(1), .x1 = at(0) + at(2), .y1 = at(1) + at(3)};
  }

  // Of an object whose segmentation cannot be read, the pixels in its box are without class.
  void read_region(const json& from, const Box& box, bool kept, const std::string& where, CocoImage& to) {
    const auto shape = from.find("segmentation");
    CocoRegion region{.label = box.label, .crowd = box.difficult};
    const auto area = from.find("area");
    region.area = area != from.end() && area->is_number() ? area->get<double>() : (box.x1 - box.x0) * (box.y1 - box.y0);
    const bool given = shape != from.end() && !shape->is_null() && !(shape->is_array() && shape->empty());
    if (given && !(shape->is_object() ? read_coco_runs(*shape, to.height, to.width, region)
                                      : read_coco_polygons(*shape, where, faults_, region))) {
      region.polygons.clear(), region.runs.clear();
      faults_.add("segmentations that cannot be read, the pixels of whose boxes are without class", where);
    }
    if (!region.polygons.empty() || !region.runs.empty()) {
      out_.has_regions = true;
      return to.regions.push_back(std::move(region));
    }
    if (!given) without_region_.push_back(where);
    if (!kept) return;
    region.crowd = true;
    region.polygons = {{box.x0, box.y0, box.x1, box.y0, box.x1, box.y1, box.x0, box.y1}};
    to.regions.push_back(std::move(region));
  }

  const fs::path& file_;
  FaultCounts& faults_;
  const FindSize& find_size_;
  json root_;
  CocoFile out_;
  std::map<std::string, int32_t> label_of_;
  std::map<std::string, size_t> image_of_;
  std::map<std::string, const json*> ids_;
  std::vector<std::string> without_region_;
};

}  // namespace

CocoFile read_coco_json(const fs::path& file, FaultCounts& faults, const FindSize& find_size) {
  return CocoReader(file, faults, find_size).read();
}

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
