// SPDX-License-Identifier: Apache-2.0
// Format tiny_imagenet (http://cs231n.stanford.edu/tiny-imagenet-200.zip): wnids.txt, words.txt,
// train/<wnid>/images/*.JPEG, val/images/*.JPEG with val/val_annotations.txt (name, wnid, box). The images of test have
// no published labels and are left out.
#include <map>

#include "datasets/format_set.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// "Egyptian cat" for a wnid, from the first name in words.txt; with the wnid where two classes share it.
std::vector<std::string> class_names(const fs::path& folder, const std::vector<std::string>& wnids) {
  std::map<std::string, std::string> words;
  if (fs::exists(folder / "words.txt")) {
    for (const std::string& line : read_data_lines(folder / "words.txt")) {
      const size_t tab = line.find('\t');
      if (tab != std::string::npos) words[line.substr(0, tab)] = line.substr(tab + 1, line.find(',', tab) - tab - 1);
    }
  }
  std::map<std::string, int> uses;
  for (const std::string& wnid : wnids) ++uses[words[wnid]];
  std::vector<std::string> out;
  for (const std::string& wnid : wnids) {
    const std::string& word = words[wnid];
    out.push_back(word.empty() ? wnid : uses[word] == 1 ? word : word + " (" + wnid + ")");
  }
  return out;
}

std::vector<FileItem> train_items(const fs::path& folder, const std::vector<std::string>& wnids) {
  std::vector<FileItem> out;
  for (size_t k = 0; k < wnids.size(); ++k) {
    const fs::path images = path_under(fs::path("train"), wnids[k], folder / "wnids.txt") / "images";
    for (const std::string& name : files_in(folder / images)) {
      if (is_picture_name(name)) out.push_back({.image = (images / name).string(), .label = static_cast<int32_t>(k)});
    }
  }
  return out;
}

std::vector<FileItem> val_items(const fs::path& folder, const std::vector<std::string>& wnids, FaultCounts& faults) {
  std::map<std::string, int32_t> number;
  for (const std::string& wnid : wnids) number.emplace(wnid, static_cast<int32_t>(number.size()));
  const fs::path file = folder / "val" / "val_annotations.txt";
  std::vector<FileItem> out;
  int64_t line_number = 0;
  for (const std::string& line : read_data_lines(file)) {
    ++line_number;
    const size_t tab = line.find('\t'), next = line.find('\t', tab + 1);
    const std::string wnid = tab == std::string::npos ? "" : line.substr(tab + 1, next - tab - 1);
    const auto found = number.find(wnid);
    if (found == number.end()) {
      throw_bad_data(file, "line " + std::to_string(line_number) + ": the class '" + wnid + "' is not in wnids.txt");
    }
    const fs::path image = path_under(fs::path("val") / "images", line.substr(0, tab), file);
    if (has_file(folder / image)) {
      out.push_back({.image = image.string(), .label = found->second});
    } else {
      faults.add("images that are named but missing", image.string());
    }
  }
  return out;
}

FolderContent read_tiny_imagenet(const FormatRequest& request) {
  std::map<std::string, int32_t> seen;
  const std::vector<std::string> wnids = read_data_lines(request.folder / "wnids.txt");
  for (const std::string& wnid : wnids) {
    if (!seen.emplace(wnid, 0).second) throw_bad_data(request.folder / "wnids.txt", "names '" + wnid + "' twice");
  }
  FolderContent out{.classes = class_names(request.folder, wnids),
                    .tasks = {"classification"},
                    .present = {Split::train, Split::val}};
  const ClassNames names{out.classes, {}};
  if (request.wants(Split::train)) {
    out.add(Split::train, std::make_shared<FileItems>(request.folder, train_items(request.folder, wnids), names));
  }
  if (request.wants(Split::val)) {
    out.add(Split::val,
            std::make_shared<FileItems>(request.folder, val_items(request.folder, wnids, out.faults), names));
  }
  return out;
}

const bool registered =
    Registry<FormatEntry>::add({.name = "tiny_imagenet",
                                .layout = "wnids.txt, words.txt, train/<wnid>/images/, val/images/, "
                                          "val/val_annotations.txt",
                                .rank = 10,
                                .fits =
                                    [](const fs::path& folder) {
                                      return fs::exists(folder / "wnids.txt") &&
                                             fs::exists(folder / "val" / "val_annotations.txt");
                                    },
                                .read = read_tiny_imagenet}) &&
    Registry<DatasetEntry>::add(
        format_set({.name = "tiny_imagenet",
                    .summary = "110,000 photographs of 64x64 in 200 classes; val is the test split",
                    .source = "http://cs231n.stanford.edu/tiny-imagenet-200.zip",
                    .licence = "ImageNet's terms: research only",
                    .tasks = {"classification"},
                    .image_size = 64,
                    .classes = numbered_classes(200),
                    .mean = kImagenetMean,
                    .deviation = kImagenetDeviation,
                    .format = "tiny_imagenet",
                    .expected = {{Split::train, 100'000}, {Split::val, 10'000}}}));

}  // namespace
}  // namespace sslbench
