// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/voc_lists.h"

#include <algorithm>

#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// The picture that a line means; the line itself where there is none.
std::string picture_of(const std::string& line, const std::set<std::string>& pictures) {
  if (pictures.contains(line)) return line;
  // "<name> <-1|0|1>" in lists of one class; names themselves may hold blanks.
  const size_t gap = line.find_last_of(" \t");
  const size_t end = gap == std::string::npos ? gap : line.find_last_not_of(" \t", gap) + 1;
  const std::string name = line.substr(0, end);
  if (pictures.contains(name)) return name;
  std::string path = line;
  std::replace(path.begin(), path.end(), '\\', '/');
  if (is_picture_name(path)) path = fs::path(path).replace_extension().generic_string();
  constexpr std::string_view kFolder = "JPEGImages/";
  if (const size_t at = path.rfind(kFolder); at != std::string::npos) path = path.substr(at + kFolder.size());
  return pictures.contains(path) ? path : name;
}

std::vector<std::string> read_names(const fs::path& file, const std::set<std::string>& pictures) {
  std::vector<std::string> out;
  for (const std::string& line : read_data_lines(file)) out.push_back(picture_of(line, pictures));
  return out;
}

std::vector<std::string> without(const std::vector<std::string>& names, const std::vector<std::string>& other) {
  const std::set<std::string> gone(other.begin(), other.end());
  std::vector<std::string> out;
  std::ranges::copy_if(names, std::back_inserter(out), [&](const std::string& name) { return !gone.contains(name); });
  return out;
}

}  // namespace

const std::vector<std::string>& voc_challenge_classes() {
  static const std::vector<std::string> kClasses{
      "aeroplane",   "bicycle", "bird",  "boat",      "bottle", "bus",         "car",   "cat",  "chair", "cow",
      "diningtable", "dog",     "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor"};
  return kClasses;
}

VocLists read_voc_lists(const fs::path& folder, const std::string& under, const std::set<std::string>& pictures) {
  VocLists out;
  std::map<std::string, std::vector<std::string>> joined;  // trainval, default
  for (const std::string& file : files_in(folder / under)) {
    if (!file.ends_with(".txt")) continue;
    const std::string word = lower_case(fs::path(file).stem().string());
    Split split = Split::train;
    const bool of_split = split_of_word(word, split);
    if (!of_split && word != "trainval" && word != "default") continue;
    std::vector<std::string> names = read_names(folder / under / file, pictures);
    out.files.push_back(under + "/" + file);
    if (of_split) {
      std::vector<std::string>& all = out.names[split];
      all.insert(all.end(), names.begin(), names.end());
    } else {
      joined[word] = std::move(names);
    }
  }
  if (out.empty() || out.names.contains(Split::train)) return out;
  if (joined.contains("trainval")) {
    out.names[Split::train] = without(joined["trainval"], out.names[Split::val]);
  } else if (joined.contains("default")) {
    out.names[Split::train] = joined["default"];
  } else {
    std::vector<std::string> rest(pictures.begin(), pictures.end());
    for (const auto& [split, names] : out.names) rest = without(rest, names);
    out.names[Split::train] = std::move(rest);
  }
  if (out.names[Split::val].empty()) out.names.erase(Split::val);
  return out;
}

}  // namespace sslbench
