// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/yolo_set.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <yaml-cpp/yaml.h>

#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr int64_t kMaxYamlBytes = int64_t{16} << 20;

bool is_yaml(const fs::path& file) {
  const std::string ending = lower_case(file.extension().string());
  return ending == ".yaml" || ending == ".yml";
}

YAML::Node parse(const fs::path& file) {
  const std::string text = read_data_text(file, kMaxYamlBytes);
  try {
    return YAML::Load(text);
  } catch (const YAML::Exception& mistake) {
    const std::string line = mistake.mark.is_null() ? "" : "line " + std::to_string(mistake.mark.line + 1) + ": ";
    throw_bad_data(file, line + "no YAML: " + mistake.msg);
  }
}

// The value of a key of the whole file; of several the last counts, as in Python.
YAML::Node value_of(const YAML::Node& root, const std::string& key) {
  YAML::Node out(YAML::NodeType::Undefined);
  if (!root.IsMap()) return out;
  for (const auto& entry : root) {
    if (entry.first.IsScalar() && entry.first.Scalar() == key) out.reset(entry.second);
  }
  return out;
}

std::string text_of(const YAML::Node& value, size_t number, const fs::path& file) {
  if (!value.IsScalar()) throw_bad_data(file, "names: class " + std::to_string(number) + " has no name");
  return tidy_name(value.Scalar());
}

std::vector<std::string> names_of_map(const YAML::Node& names, const fs::path& file) {
  std::map<size_t, std::string> by_number;
  for (const auto& entry : names) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
    size_t number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (error != std::errc() || end != key.data() + key.size()) {
      throw_bad_data(file, "names: '" + key + "' is not the number of a class");
    }
    by_number[number] = text_of(entry.second, number, file);
  }
  std::vector<std::string> out;
  for (const auto& [number, name] : by_number) {
    if (number != out.size()) {
      throw_bad_data(file, "names: expected class " + std::to_string(out.size()) + ", got " + std::to_string(number));
    }
    out.push_back(name);
  }
  return out;
}

std::vector<std::string> names_of(const YAML::Node& names, const fs::path& file) {
  if (names.IsMap()) return names_of_map(names, file);
  if (!names.IsSequence()) throw_bad_data(file, "has no `names`: a list, or a map of numbers");
  std::vector<std::string> out;
  for (const YAML::Node& name : names) out.push_back(text_of(name, out.size(), file));
  return out;
}

// Names that occur twice would be one row in a table.
void tell_apart(std::vector<std::string>& names, const fs::path& file) {
  std::set<std::string> seen;
  for (size_t k = 0; k < names.size(); ++k) {
    if (names[k].empty()) throw_bad_data(file, "class " + std::to_string(k) + " has no name");
    if (!seen.insert(names[k]).second) names[k] += " (" + std::to_string(k) + ")";
  }
}

void read_places(const YAML::Node& root, YoloSet& out) {
  for (const Split split : {Split::train, Split::val, Split::test}) {
    const YAML::Node places = value_of(root, std::string(split_name(split)));
    if (places && places.IsScalar()) out.places[split] = {places.Scalar()};
    if (!places || !places.IsSequence()) continue;
    for (const YAML::Node& place : places) {
      if (place.IsScalar()) out.places[split].push_back(place.Scalar());
    }
  }
}

YoloSet read_yaml(const fs::path& file) {
  const YAML::Node root = parse(file);
  YoloSet out;
  const YAML::Node names = value_of(root, "names");
  if (names) out.names = names_of(names, file);
  if (out.names.empty()) throw_bad_data(file, "has no `names`");
  size_t count = 0;
  const YAML::Node told = value_of(root, "nc");
  if (told && told.IsScalar() && YAML::convert<size_t>::decode(told, count) && count != out.names.size()) {
    throw_bad_data(file, "names " + std::to_string(out.names.size()) + " classes, but `nc` is " + told.Scalar());
  }
  const YAML::Node keypoints = value_of(root, "kpt_shape");
  const bool shaped = keypoints && keypoints.IsSequence() && keypoints.size() == 2;
  if (keypoints && (!shaped || !YAML::convert<size_t>::decode(keypoints[0], out.keypoints) || out.keypoints < 1)) {
    throw_bad_data(file, "`kpt_shape` is not [number of keypoints, 2 or 3]");
  }
  read_places(root, out);
  return out;
}

bool names_classes(const fs::path& file) {
  try {
    return static_cast<bool>(value_of(parse(file), "names"));
  } catch (const RunFailure&) {
    return false;  // of other programs, perhaps; a data.yaml is read all the same when nothing else names classes
  }
}

fs::path yaml_with_names(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const char* name : {"data.yaml", "data.yml", "dataset.yaml"}) {
    if (has_file(folder / name) && names_classes(folder / name)) return folder / name;
  }
  for (const std::string& name : files_in(folder)) {
    if (!is_yaml(name) || !names_classes(folder / name)) continue;
    found.push_back(folder / name);
    if (read_yolo_set(found.back()).names != read_yolo_set(found.front()).names) {
      throw_bad_data(found.back(),
                     "names other classes than " + found.front().filename().string() + "; keep the one that is meant");
    }
  }
  return found.empty() ? fs::path() : found.front();
}

}  // namespace

fs::path yolo_names_file(const fs::path& folder) {
  if (const fs::path yaml = yaml_with_names(folder); !yaml.empty()) return yaml;
  for (const char* name : {"classes.txt", "obj.names", "labels/classes.txt", "train/classes.txt",
                           "train/labels/classes.txt", "labels/train/classes.txt", "train/_darknet.labels",
                           "_darknet.labels", "data.yaml", "data.yml", "dataset.yaml"}) {
    if (has_file(folder / name)) return folder / name;
  }
  for (const std::string& name : files_in(folder)) {
    if (name.ends_with(".names")) return folder / name;
  }
  return {};
}

YoloSet read_yolo_set(const fs::path& file) {
  YoloSet out;
  if (is_yaml(file)) {
    out = read_yaml(file);
  } else {
    for (const std::string& line : read_data_lines(file)) out.names.push_back(tidy_name(line));
  }
  tell_apart(out.names, file);
  return out;
}

}  // namespace sslbench
