// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/yolo_places.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

bool has_text_below(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".txt") return true;
  }
  return false;
}

class PlaceFinder {
 public:
  explicit PlaceFinder(const fs::path& folder) : folder_(folder) {}

  std::map<Split, YoloPlace> find(const YoloSet& set) {
    for (const std::string& name : folders_in(folder_ / "images")) {
      add(name, fs::path("images") / name, fs::path("labels") / name);
    }
    for (const std::string& name : folders_in(folder_)) add(name, fs::path(name) / "images", fs::path(name) / "labels");
    if (out_.empty() && is_folder("images") && is_folder("labels")) out_[Split::train] = {"images", "labels"};
    if (out_.empty()) find_side_by_side();
    if (!out_.contains(Split::train)) find_written(set);
    return std::move(out_);
  }

 private:
  bool is_folder(const fs::path& path) const {
    std::error_code ignored;
    return fs::is_directory(folder_ / path, ignored);
  }

  void add(const std::string& word, const fs::path& images, const fs::path& labels) {
    Split split = Split::train;
    if (!split_of_folder(word, split) || !is_folder(images) || !is_folder(labels)) return;
    const auto [at, fresh] = out_.emplace(split, YoloPlace{images, labels});
    if (!fresh && at->second.images.parent_path() == images.parent_path()) {
      throw_bad_data(folder_ / images, "is the same split as '" + at->second.images.string() + "'; keep one of them");
    }
  }

  bool has_labels_beside(const fs::path& under) const {
    const std::vector<std::string> pictures = pictures_below(folder_ / under);
    return std::any_of(pictures.begin(), pictures.end(), [&](const std::string& name) {
      return is_yolo_label(folder_ / under / fs::path(name).replace_extension(".txt"));
    });
  }

  void find_side_by_side() {
    constexpr std::string_view kBefore = "obj_", kBehind = "_data";
    for (const std::string& name : folders_in(folder_)) {
      std::string word = lower_case(name);
      if (word.starts_with(kBefore) && word.ends_with(kBehind)) {
        word = word.substr(kBefore.size(), word.size() - kBefore.size() - kBehind.size());
      }
      Split split = Split::train;
      if (!split_of_folder(word, split)) continue;
      for (const fs::path& under : {fs::path(name), fs::path(name) / "images"}) {
        if (is_folder(under) && has_labels_beside(under)) out_.emplace(split, YoloPlace{under, under});
      }
    }
    if (!out_.empty()) return;
    for (const char* under : {"images", ""}) {
      if (out_.empty() && is_folder(under) && has_labels_beside(under)) out_[Split::train] = {under, under};
    }
  }

  // `../train/images` of an exported set is meant from a folder that is gone, `path` likewise.
  void find_written(const YoloSet& set) {
    for (const auto& [split, places] : set.places) {
      if (places.size() != 1 || out_.contains(split)) continue;
      fs::path images;
      for (const fs::path& part : fs::path(listed_path(folder_, places.front())).relative_path()) {
        if (part != ".." && part != "." && !part.empty()) images /= part;
      }
      // Ultralytics finds labels by the last `images` of the path.
      fs::path labels;
      bool replaced = false;
      std::vector<fs::path> parts(images.begin(), images.end());
      for (size_t k = parts.size(); k-- > 0 && !replaced;) {
        if (parts[k] == "images") parts[k] = "labels", replaced = true;
      }
      for (const fs::path& part : parts) labels /= part;
      if (!images.empty() && is_folder(images) && is_folder(labels)) out_[split] = {images, labels};
    }
  }

  const fs::path& folder_;
  std::map<Split, YoloPlace> out_;
};

}  // namespace

bool is_yolo_label(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line) && line.find_first_not_of(" \t\r") == std::string::npos) {
  }
  std::istringstream words(line);
  int numbers = 0;
  for (double value = 0; words >> value;) ++numbers;
  return words.eof() && numbers >= 5;
}

bool has_label_files(const fs::path& folder, const std::map<Split, YoloPlace>& places) {
  return std::any_of(places.begin(), places.end(),
                     [&](const auto& place) { return has_text_below(folder / place.second.labels); });
}

std::map<Split, YoloPlace> find_yolo_places(const fs::path& folder, const YoloSet& set) {
  return PlaceFinder(folder).find(set);
}

}  // namespace sslbench
