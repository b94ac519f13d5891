// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/pascal_voc.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include <pugixml.hpp>

#include "datasets/pictures/image_file.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/xml_text.h"
#include "datasets/subset.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

float number_at(const pugi::xml_node& node, const char* name, const fs::path& file, int64_t object) {
  const std::string text = trimmed(node.child(name).text().as_string());
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(std::abs(value) < 1e7f)) {
    throw_bad_data(file, "object " + std::to_string(object) + ": <" + name + "> is '" + text + "', not a number");
  }
  return value;
}

std::string name_of(const pugi::xml_node& object) { return tidy_name(object.child("name").text().as_string()); }

int32_t class_of(const std::string& name, const std::vector<std::string>& classes, const fs::path& file,
                 int64_t number) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found == classes.end()) {
    throw_bad_data(file, "object " + std::to_string(number) + ": unknown class '" + name + "'");
  }
  return static_cast<int32_t>(found - classes.begin());
}

void read_object(const pugi::xml_node& object, const std::vector<std::string>& classes, const fs::path& file,
                 int64_t number, VocAnnotation& out) {
  const std::string name = name_of(object);
  if (name.empty()) return void(++out.unnamed);
  const pugi::xml_node corners = object.child("bndbox");
  const auto at = [&](const char* name) { return number_at(corners, name, file, number); };
  const float xmin = at("xmin"), ymin = at("ymin"), xmax = at("xmax"), ymax = at("ymax");
  Box box{.label = class_of(name, classes, file, number)};
  box.difficult = object.child("difficult").text().as_int() != 0;
  box.x0 = std::max(xmin - 1, 0.f), box.x1 = std::min(xmax, static_cast<float>(out.width));
  box.y0 = std::max(ymin - 1, 0.f), box.y1 = std::min(ymax, static_cast<float>(out.height));
  if (xmax > xmin && ymax > ymin && box.x1 > box.x0 && box.y1 > box.y0) {
    out.boxes.push_back(box);
  } else {
    ++out.empty;
  }
}

std::vector<std::string> read_ids(const fs::path& folder, const std::string& list) {
  const fs::path file = folder / "ImageSets" / "Main" / (list + ".txt");
  std::vector<std::string> ids = read_data_lines(file);
  for (std::string& id : ids) {
    id.resize(std::min(id.find_first_of(" \t"), id.size()));  // per-class lists carry a flag behind the name
    if (id.find('/') != std::string::npos) throw_bad_data(file, "the image name '" + id + "' holds a '/'");
  }
  if (ids.empty()) throw_bad_data(file, "names no image");
  return ids;
}

fs::path annotation_file(const fs::path& folder, const std::string& id) {
  return folder / "Annotations" / (id + ".xml");
}

class VocSource : public DataSource {
 public:
  VocSource(fs::path folder, std::vector<std::string> ids, const std::vector<std::string>& classes)
      : folder_(std::move(folder)), ids_(std::move(ids)), classes_(classes) {}

  int64_t size() const override { return static_cast<int64_t>(ids_.size()); }

  Item item(int64_t i) const override {
    const std::string& id = ids_.at(static_cast<size_t>(i));
    const fs::path file = annotation_file(folder_, id);
    VocAnnotation annotation = read_voc_annotation(file, classes_);
    Item item{.image = read_image(folder_ / "JPEGImages" / (id + ".jpg")), .boxes = std::move(annotation.boxes)};
    if (item.image.width != annotation.width || item.image.height != annotation.height) {
      throw_bad_data(file, "says " + std::to_string(annotation.width) + "x" + std::to_string(annotation.height) +
                               ", the image has " + std::to_string(item.image.width) + "x" +
                               std::to_string(item.image.height));
    }
    return item;
  }

  const std::vector<std::string>& classes() const override { return classes_; }
  std::string name(int64_t i) const override { return "JPEGImages/" + ids_.at(static_cast<size_t>(i)) + ".jpg"; }
  StoredImage stored_image(int64_t i) const override { return {read_image_bytes(folder_ / name(i)), true}; }
  std::optional<Item> annotation(int64_t i, int32_t height, int32_t width) const override {
    VocAnnotation read = read_voc_annotation(annotation_file(folder_, ids_.at(static_cast<size_t>(i))), classes_);
    if (read.height != height || read.width != width) return {};
    return Item{.boxes = std::move(read.boxes)};
  }

 private:
  fs::path folder_;
  std::vector<std::string> ids_;
  const std::vector<std::string>& classes_;
};

// Reads every item of one list; returns the line that says what it holds.
std::string inspect_list(const fs::path& folder, const std::string& list, const std::vector<std::string>& classes) {
  const auto source = open_voc(folder, list, classes, 0);
  std::vector<int64_t> boxes(classes.size());
  for (int64_t i = 0; i < source->size(); ++i) {
    for (const Box& box : source->item(i).boxes) ++boxes[static_cast<size_t>(box.label)];
  }
  std::string line = list + ": " + std::to_string(source->size()) + " images, boxes";
  for (size_t k = 0; k < classes.size(); ++k) line += " " + classes[k] + " " + std::to_string(boxes[k]);
  return line;
}

}  // namespace

std::vector<std::string> voc_object_names(const fs::path& file) {
  pugi::xml_document document;
  load_xml(file, document);
  std::vector<std::string> out;
  for (const pugi::xml_node object : document.child("annotation").children("object")) {
    if (std::string name = name_of(object); !name.empty()) out.push_back(std::move(name));
  }
  return out;
}

VocAnnotation read_voc_annotation(const fs::path& file, const std::vector<std::string>& classes,
                                  const fs::path& picture) {
  pugi::xml_document document;
  load_xml(file, document);
  const pugi::xml_node root = document.child("annotation");
  VocAnnotation out{.height = root.child("size").child("height").text().as_int(),
                    .width = root.child("size").child("width").text().as_int()};
  if ((out.height <= 0 || out.width <= 0) && !picture.empty()) {
    const PictureSize size = picture_size(read_image_bytes(picture), picture);
    out.height = size.height, out.width = size.width, out.measured = true;
  }
  if (out.height <= 0 || out.width <= 0) throw_bad_data(file, "has no <size> with a positive width and height");
  int64_t number = 0;
  for (const pugi::xml_node object : root.children("object")) read_object(object, classes, file, ++number, out);
  return out;
}

std::unique_ptr<DataSource> open_voc(const fs::path& folder, const std::string& list,
                                     const std::vector<std::string>& classes, int64_t limit) {
  const std::vector<std::string> ids = read_ids(folder, list);
  std::vector<std::string> chosen;
  for (const int64_t i : fixed_subset(static_cast<int64_t>(ids.size()), limit)) {
    chosen.push_back(ids[static_cast<size_t>(i)]);
  }
  return std::make_unique<VocSource>(folder, std::move(chosen), classes);
}

Inspection inspect_voc(const fs::path& folder, const std::vector<std::string>& lists,
                       const std::vector<std::string>& classes) {
  Inspection out;
  std::map<std::string, std::string> seen;  // image -> the first list that names it
  int64_t empty = 0, unnamed = 0;
  std::string where;
  for (const std::string& list : lists) {
    out.findings.push_back(inspect_list(folder, list, classes));
    for (const std::string& id : read_ids(folder, list)) {
      const auto [first, fresh] = seen.emplace(id, list);
      if (!fresh) out.faults.push_back("image " + id + " is in " + first->second + " and in " + list);
      if (!fresh) continue;
      const VocAnnotation annotation = read_voc_annotation(annotation_file(folder, id), classes);
      const int64_t here = annotation.empty;
      unnamed += annotation.unnamed;
      if (here > 0) where += (where.empty() ? "" : ", ") + id + ".xml";
      empty += here;
    }
  }
  if (empty > 0) out.faults.push_back(std::to_string(empty) + " zero-area boxes left out (" + where + ")");
  if (unnamed > 0) out.faults.push_back(std::to_string(unnamed) + " objects without a name left out");
  return out;
}

}  // namespace sslbench
