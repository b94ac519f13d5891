// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/joined.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "datasets/install/installed.h"
#include "suites/ground/joined_name.h"

namespace sslbench {
namespace {

class JoinedSource : public DataSource {
 public:
  struct Part {
    std::string name;
    std::unique_ptr<DataSource> source;
    std::vector<int32_t> classes;  // its classes among all; empty: its labels are not taken
  };

  JoinedSource(std::vector<Part> parts, std::vector<std::string> classes)
      : parts_(std::move(parts)), classes_(std::move(classes)) {
    for (const Part& part : parts_) ends_.push_back((ends_.empty() ? 0 : ends_.back()) + part.source->size());
  }
  int64_t size() const override { return ends_.back(); }
  Item item(int64_t i) const override {
    const auto [part, k] = at(i);
    Item out = part.source->item(k);
    return {std::move(out.image), among_all(part, out.label), {}, {}};
  }
  int32_t label(int64_t i) const override {
    const auto [part, k] = at(i);
    return among_all(part, part.source->label(k));
  }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::string name(int64_t i) const override {
    const auto [part, k] = at(i);
    return part.name + "/" + part.source->name(k);
  }
  StoredImage stored_image(int64_t i) const override {
    const auto [part, k] = at(i);
    return part.source->stored_image(k);
  }
  std::optional<Item> annotation(int64_t i, int32_t height, int32_t width) const override {
    const auto [part, k] = at(i);
    const std::optional<Item> own = part.source->annotation(k, height, width);
    return own ? std::optional(Item{{}, among_all(part, own->label), {}, {}}) : std::nullopt;
  }
  std::filesystem::path file(int64_t i) const override {
    const auto [part, k] = at(i);
    return part.source->file(k);
  }
  std::vector<std::filesystem::path> files(int64_t i) const override {
    const auto [part, k] = at(i);
    return part.source->files(k);
  }

 private:
  std::pair<const Part&, int64_t> at(int64_t i) const {
    const auto part = static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), i) - ends_.begin());
    return {parts_.at(part), part == 0 ? i : i - ends_[part - 1]};
  }
  static int32_t among_all(const Part& part, int32_t label) {
    return label < 0 || part.classes.empty() ? -1 : part.classes.at(static_cast<size_t>(label));
  }

  std::vector<Part> parts_;
  std::vector<std::string> classes_;
  std::vector<int64_t> ends_;  // of each part's examples among all
};

bool all_classified(const std::vector<DatasetEntry>& parts) {
  return std::all_of(parts.begin(), parts.end(), [](const DatasetEntry& part) {
    return std::find(part.tasks.begin(), part.tasks.end(), "classification") != part.tasks.end();
  });
}

// The class names of all sets, each once, in the order in which they come: pictures of classes of the same name in two
// sets are of one class.
std::vector<std::string> joined_classes(const std::vector<DatasetEntry>& parts) {
  std::vector<std::string> out;
  for (const DatasetEntry& part : parts) {
    for (const std::string& name : part.classes) {
      if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    }
  }
  return out;
}

// The deviation within the sets and that of their means.
void average_colours(const std::vector<DatasetEntry>& parts, DatasetEntry& out) {
  const auto count = static_cast<double>(parts.size());
  for (size_t c = 0; c < out.mean.size(); ++c) {
    double mean = 0, square = 0;
    for (const DatasetEntry& part : parts) {
      const double m = part.mean[c], d = part.deviation[c];
      mean += m / count;
      square += (d * d + m * m) / count;
    }
    out.mean[c] = static_cast<float>(mean);
    out.deviation[c] = static_cast<float>(std::sqrt(std::max(0.0, square - mean * mean)));
  }
}

}  // namespace

DatasetEntry joined_entry(const std::string& name, const std::vector<DatasetEntry>& parts) {
  DatasetEntry out{.name = name};
  if (all_classified(parts)) out.tasks = {"classification"}, out.classes = joined_classes(parts);
  for (const DatasetEntry& part : parts) {
    out.summary += (out.summary.empty() ? "" : " and ") + part.name;
    out.source += (out.source.empty() ? "" : "; ") + part.source;
    out.licence += (out.licence.empty() ? "" : "; ") + part.licence;
    out.image_size = std::max(out.image_size, part.image_size);
  }
  out.summary += ", joined";
  average_colours(parts, out);
  std::map<std::string, int32_t> number;
  for (size_t k = 0; k < out.classes.size(); ++k) number[out.classes[k]] = static_cast<int32_t>(k);
  out.open = [number, parts, classes = out.classes](const Settings&, const OpenRequest& request) {
    std::vector<JoinedSource::Part> opened;
    for (const DatasetEntry& part : parts) {
      std::vector<int32_t> own;
      for (const std::string& each : part.classes) {
        if (!number.empty()) own.push_back(number.at(each));
      }
      opened.push_back({part.name,
                        open_dataset(part.name, nlohmann::json::object(), request.split, request.folder.parent_path()),
                        std::move(own)});
    }
    return std::make_unique<JoinedSource>(std::move(opened), classes);
  };
  return out;
}

}  // namespace sslbench
