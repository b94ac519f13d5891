// SPDX-License-Identifier: Apache-2.0
// Which tables of a folder are lists of labelled pictures, and whether these or the folders are its labels.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "datasets/readers/class_folders.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/image_list.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// The split that a list's name speaks of.
bool split_of_list(const std::string& name, Split& split) {
  const std::string stem = fs::path(name).stem().string();
  for (size_t start = 0; start < stem.size();) {
    const size_t end = std::min(stem.find_first_of("_-. ", start), stem.size());
    if (split_of_folder(stem.substr(start, end - start), split)) return true;
    start = end + 1;
  }
  return false;
}

std::vector<std::string> tables_in(const fs::path& folder) {
  std::vector<std::string> out;
  for (const std::string& name : files_in(folder)) {
    const std::string ending = lower_case(fs::path(name).extension().string());
    if (ending == ".csv" || ending == ".tsv") out.push_back(name);
  }
  return out;
}

// The class folder that a picture lies in, below that of its split.
std::string class_folder_of(const std::string& picture) {
  const fs::path path(picture);
  auto part = path.begin();
  Split split = Split::train;
  if (part != path.end() && split_of_word(part->string(), split)) ++part;
  return part == path.end() || std::next(part) == path.end() ? "" : part->string();
}

// Whether folders are parts of one set, of which nobody calls a class: images_part_1, images_part_2.
bool are_parts(const fs::path& folder) {
  constexpr std::string_view kWords[] = {"part", "fold", "batch", "chunk", "shard", "image", "img", "subset", "volume"};
  std::set<std::string> names;
  size_t parts = 0;
  for (const std::string& name : folders_in(folder)) {
    std::string text = lower_case(name);
    std::erase_if(text, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
    parts += text.size() < name.size() &&
             std::ranges::any_of(kWords, [&](std::string_view word) { return text.find(word) != std::string::npos; });
    names.insert(text);
  }
  return parts > 1 && names.size() == 1;
}

// What a folder's lists say of the pictures in its class folders.
struct ListMeaning {
  bool names_pictures = false, holds_boxes = false;
  bool unclear = false, damaged = false;                // told when it is read
  int64_t labelled = 0;                                 // pictures with a label, in a column called so
  std::map<std::string, std::set<std::string>> labels;  // of every class folder
  std::set<std::string> all;
  std::string example;  // a picture and its label

  // Whether the labels are others than the folders say: several a folder, and not one a picture.
  bool differs() const {
    const bool names = labelled > 0 && 2 * static_cast<int64_t>(all.size()) <= labelled;
    return names && std::ranges::any_of(labels, [](const auto& folder) { return folder.second.size() > 1; });
  }
};

void look_into(const fs::path& folder, const ImageList& list, ListMeaning& out) {
  const std::vector<CsvRow> rows = read_csv(read_data_text(list.file, kMaxListBytes), list.file);
  if (rows.empty()) return;
  out.holds_boxes = out.holds_boxes || box_column(rows.front().fields) != std::string::npos;
  const bool unclear = std::exchange(out.unclear, true);  // unless its columns are
  const ListColumns columns = columns_of(rows, folder, list.file);
  out.unclear = unclear;
  out.names_pictures = out.names_pictures || columns.found > 0;
  if (!columns.sure && columns.named) return;
  for (const CsvRow& row : rows) {
    if (row.fields.size() <= std::max(columns.path, columns.label)) continue;
    const std::string picture = columns.scheme.path_of(folder, row.fields[columns.path]);
    const std::string of_folder = class_folder_of(picture), label = tidy_name(row.fields[columns.label]);
    if (of_folder.empty() || !has_file(folder / picture)) continue;
    if (out.labelled++ == 0) out.example = "'" + picture + "' is '" + label + "' in " + list.file.filename().string();
    out.labels[of_folder].insert(label);
    out.all.insert(label);
  }
}

ListMeaning meaning_of(const fs::path& folder, const std::vector<ImageList>& lists) {
  ListMeaning out;
  for (const ImageList& list : lists) {
    try {
      look_into(folder, list, out);
    } catch (const RunFailure&) {
      out.damaged = true;
    }
  }
  return out;
}

}  // namespace

// The lists of a folder: its only table, or those of splits where train has one.
std::vector<ImageList> image_lists_in(const fs::path& folder) {
  const std::vector<std::string> tables = tables_in(folder);
  if (tables.size() == 1) return {{folder / tables.front(), Split::train}};
  std::vector<ImageList> out;
  std::map<Split, std::string> seen;
  for (const std::string& name : tables) {
    ImageList list{folder / name, Split::train};
    if (!split_of_list(name, list.split)) continue;
    if (!seen.emplace(list.split, name).second) {
      throw_bad_data(list.file, "is a second list of the split of '" + seen[list.split] + "'; keep one of them");
    }
    out.push_back(std::move(list));
  }
  return seen.contains(Split::train) ? out : std::vector<ImageList>{};
}

bool lists_label_pictures(const fs::path& folder) {
  const ListMeaning meaning = meaning_of(folder, image_lists_in(folder));
  if (!meaning.names_pictures && !meaning.damaged) return false;
  return meaning.holds_boxes || meaning.differs() || are_parts(folder) || !are_class_folders(folder);
}

void refuse_two_meanings(const fs::path& folder) {
  const ListMeaning meaning = meaning_of(folder, image_lists_in(folder));
  if (!meaning.differs() || are_parts(folder) || !are_class_folders(folder)) return;
  throw_bad_data(folder, "its folders say one label and its list another (" + meaning.example +
                             "); say which is meant: --format class_folders or --format image_list");
}

std::vector<std::string> tables_of_pictures(const fs::path& folder) {
  std::vector<std::string> out = tables_in(folder);
  std::erase_if(out, [&](const std::string& name) {
    const ListMeaning meaning = meaning_of(folder, {{folder / name, Split::train}});
    return !meaning.names_pictures && !meaning.unclear;
  });
  return out;
}

}  // namespace sslbench
