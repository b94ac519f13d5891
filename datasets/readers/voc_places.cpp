// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/voc_places.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "datasets/readers/file_items.h"
#include "datasets/readers/pascal_voc.h"
#include "datasets/readers/voc_lists.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

bool is_annotation(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string piece(4096, '\0');
  in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  const bool utf16 = piece.starts_with("\xFF\xFE") || piece.starts_with("\xFE\xFF");
  return utf16 || piece.find("<annotation>") != std::string::npos || piece.find("<annotation ") != std::string::npos;
}

// Whether the first *.xml is an annotation. Beside pictures only those right there are asked for.
bool has_annotations(const fs::path& folder, bool beside) {
  if (!beside) {
    const std::vector<fs::path> files = voc_annotations_below(folder);
    return !files.empty() && is_annotation(files.front());
  }
  const std::vector<std::string> files = files_in(folder);
  const auto first =
      std::find_if(files.begin(), files.end(), [](const std::string& name) { return name.ends_with(".xml"); });
  return first != files.end() && is_annotation(folder / *first);
}

}  // namespace

std::vector<fs::path> voc_annotations_below(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".xml" && !at->path().filename().string().starts_with('.')) out.push_back(at->path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<VocPlace> find_voc_places(const fs::path& folder) {
  const auto is_folder = [&](const fs::path& path) {
    std::error_code ignored;
    return fs::is_directory(folder / path, ignored);
  };
  if (is_folder("JPEGImages") && is_folder("Annotations")) return {{"JPEGImages", "Annotations", {}}};
  std::vector<VocPlace> out;
  const auto add = [&](const fs::path& images, const fs::path& annotations, Split split) {
    if (is_folder(images) && is_folder(annotations) && has_annotations(folder / annotations, images == annotations)) {
      out.push_back({images, annotations, split});
    }
  };
  Split split = Split::train;
  for (const char* images : {"images", "JPEGImages"}) {
    for (const char* annotations : {"annotations/xmls", "annotations", "Annotations", "xmls", "labels"}) {
      for (const std::string& name : folders_in(folder / images)) {
        if (split_of_folder(name, split)) add(fs::path(images) / name, fs::path(annotations) / name, split);
      }
      for (const std::string& name : folders_in(folder)) {
        if (split_of_folder(name, split)) add(fs::path(name) / images, fs::path(name) / annotations, split);
      }
      if (out.empty()) add(images, annotations, Split::train);
      if (!out.empty()) return out;
    }
  }
  for (const std::string& name : folders_in(folder)) {
    if (split_of_folder(name, split)) add(name, name, split);
  }
  if (out.empty()) add("", "", Split::train);
  return out;
}

std::vector<std::string> find_voc_classes(const fs::path& folder, const std::vector<VocPlace>& places) {
  std::set<std::string> names;
  for (const VocPlace& place : places) {
    for (const fs::path& file : voc_annotations_below(folder / place.annotations)) {
      for (const std::string& object : voc_object_names(file)) names.insert(object);
    }
  }
  const bool challenge = std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return std::ranges::count(voc_challenge_classes(), name) > 0;
  });
  if (challenge && (names.size() > 10 || fs::exists(folder / "SegmentationClass"))) return voc_challenge_classes();
  return {names.begin(), names.end()};
}

}  // namespace sslbench
