// SPDX-License-Identifier: Apache-2.0
// Caltech-101. Fei-Fei, Fergus, Perona: "Learning Generative Visual Models from Few Training Examples", 2004.
// 101_ObjectCategories/<class>/image_0001.jpg; BACKGROUND_Google is no class and is left out, as Annotations are. No
// split is published; the field draws 30 pictures of a class to train on and tests on the rest. Here the draw is fixed:
// the 30 with the smallest SHA-256 of "caltech101 <class>/<picture>". The measure is the mean over classes
// (mean_per_class).
#include <algorithm>

#include "datasets/format_set.h"
#include "datasets/known/set_root.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr const char* kBackground = "BACKGROUND_Google";
constexpr size_t kTrainOfClass = 30;

std::optional<fs::path> root_of(const fs::path& folder) {
  return set_root(folder, {"101_ObjectCategories", "caltech101/101_ObjectCategories", ""}, "accordion");
}

// The pictures of a class, those to train on first, each part in the order of names.
std::vector<std::string> drawn(const fs::path& folder, const std::string& name) {
  std::vector<std::pair<std::string, std::string>> order;
  for (const std::string& picture : files_in(folder)) {
    if (is_picture_name(picture)) order.emplace_back(sha256_hex("caltech101 " + name + "/" + picture), picture);
  }
  if (order.size() <= kTrainOfClass) {
    throw_bad_data(folder, "holds " + std::to_string(order.size()) + " pictures; " + std::to_string(kTrainOfClass) +
                               " of a class are for training and at least one for testing");
  }
  std::ranges::sort(order);
  std::vector<std::string> out;
  for (const auto& [hash, picture] : order) out.push_back(picture);
  std::ranges::sort(out.begin(), out.begin() + kTrainOfClass);
  std::ranges::sort(out.begin() + kTrainOfClass, out.end());
  return out;
}

FolderContent read_caltech(const FormatRequest& request) {
  const auto root = root_of(request.folder);
  if (!root) throw_bad_data(request.folder, "holds no 101_ObjectCategories/accordion/ of pictures");
  FolderContent out{.tasks = {"classification"}, .present = {Split::train, Split::test}};
  std::map<Split, std::vector<FileItem>> items;
  for (const std::string& name : folders_in(request.folder / *root)) {
    if (name == kBackground) continue;
    const auto label = static_cast<int32_t>(out.classes.size());
    out.classes.push_back(name);
    const std::vector<std::string> pictures = drawn(request.folder / *root / name, name);
    for (size_t k = 0; k < pictures.size(); ++k) {
      items[k < kTrainOfClass ? Split::train : Split::test].push_back(
          {.image = (*root / name / pictures[k]).generic_string(), .label = label});
    }
  }
  if (!request.classes.empty() && out.classes.size() != request.classes.size()) {
    throw_bad_data(request.folder / *root, "holds " + std::to_string(out.classes.size()) + " classes instead of " +
                                               std::to_string(request.classes.size()));
  }
  for (auto& [split, of_split] : items) {
    if (!request.wants(split)) continue;
    out.add(split, std::make_shared<FileItems>(request.folder, std::move(of_split), ClassNames{out.classes, {}}));
  }
  return out;
}

const bool registered =
    Registry<FormatEntry>::add(
        {.name = "caltech101",
         .layout = "101_ObjectCategories/<class>/",
         .rank = 10,
         .archives = {.files = {{"101_ObjectCategories.tar.gz", "b224c7392d521a49829488ab0f1120d9"}}},
         .fits =
             [](const fs::path& folder) {
               const auto root = root_of(folder);
               return root && fs::exists(folder / *root / "Faces_easy");
             },
         .read = read_caltech}) &&
    Registry<DatasetEntry>::add(
        format_set({.name = "caltech101",
                    .summary = "8,677 photographs of 101 objects; 30 of each to train on, drawn once",
                    .source = "https://data.caltech.edu/records/mzrjq-6wc02 (caltech-101.zip)",
                    .licence = "CC BY 4.0",
                    .tasks = {"classification"},
                    .image_size = 300,
                    .classes = numbered_classes(101),
                    .mean = kImagenetMean,
                    .deviation = kImagenetDeviation,
                    .format = "caltech101",
                    .expected = {{Split::train, 3'030}, {Split::test, 5'647}}}));

}  // namespace
}  // namespace sslbench
