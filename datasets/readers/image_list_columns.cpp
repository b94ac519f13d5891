// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <initializer_list>

#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/image_list.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr size_t kLookedAt = 1000;  // rows
constexpr size_t kNone = std::string::npos;

size_t column_of(const std::vector<std::string>& header, std::initializer_list<const char*> names) {
  for (size_t c = 0; c < header.size(); ++c) {
    if (std::find(names.begin(), names.end(), lower_case(header[c])) != names.end()) return c;
  }
  return kNone;
}

size_t path_column(const std::vector<std::string>& header) {
  const size_t sure = column_of(header, {"path", "file", "filename", "file_name", "image", "image_path", "filepath",
                                         "file_path", "image_name", "imagename", "filenames", "img_path"});
  return sure != kNone ? sure : column_of(header, {"image_id", "images", "img", "files", "name", "id"});
}

size_t label_column(const std::vector<std::string>& header) {
  return column_of(header, {"label", "class", "category", "target", "labels", "class_name", "category_name", "classes",
                            "label_name", "classname", "class_id", "label_id", "category_id"});
}

// Fields of a column that are pictures of the folder, and of how many rows.
int64_t pictures_in(const std::vector<CsvRow>& rows, size_t column, const NamingScheme& scheme, const fs::path& root) {
  int64_t out = 0;
  for (size_t r = 0; r < std::min(rows.size(), kLookedAt); ++r) {
    if (column < rows[r].fields.size()) out += has_file(root / scheme.path_of(root, rows[r].fields[column]));
  }
  return out;
}

void find_pictures(const std::vector<CsvRow>& rows, size_t column, const fs::path& root, ListColumns& out) {
  std::vector<std::string> folders{""};
  constexpr size_t kMostFolders = 16;  // more are classes
  const std::vector<std::string> below = folders_in(root);
  for (size_t k = 0; below.size() <= kMostFolders && k < below.size(); ++k) folders.push_back(below[k] + "/");
  for (const char* ending : {"", ".jpg", ".png", ".jpeg"}) {
    for (const std::string& folder : folders) {
      const NamingScheme scheme{folder, ending};
      const int64_t found = pictures_in(rows, column, scheme, root);
      if (found > out.found) out.path = column, out.found = found, out.scheme = scheme;
    }
    if (out.found > 0) return;  // endings are only missing where no name is a file
  }
}

void refuse_boxes(const std::vector<std::string>& header, const fs::path& list) {
  const size_t box = box_column(header);
  if (box == kNone) return;
  throw_bad_data(list, "holds boxes (column '" + header[box] +
                           "'), and a list is read for labels of whole pictures alone; bring them as COCO, Pascal VOC "
                           "or YOLO");
}

// A row of names where no name is known: what it has for a path is none, though nearly all others are.
bool is_header(const std::vector<CsvRow>& rows, const ListColumns& columns, const fs::path& root) {
  const std::vector<std::string>& first = rows.front().fields;
  if (columns.path >= first.size() || rows.size() < 2 || is_picture_name(first[columns.path])) return false;
  if (has_file(root / columns.scheme.path_of(root, first[columns.path]))) return false;
  const auto others = static_cast<int64_t>(std::min(rows.size(), kLookedAt)) - 1;
  return 2 * columns.found >= others;
}

}  // namespace

size_t box_column(const std::vector<std::string>& header) {
  return column_of(header, {"xmin", "x_min", "xmax", "bbox", "x1", "box", "left", "bndbox", "xtl"});
}

std::string NamingScheme::path_of(const fs::path& root, const std::string& field) const {
  return listed_path(root, folder + field + ending);
}

ListColumns columns_of(const std::vector<CsvRow>& rows, const fs::path& root, const fs::path& list) {
  ListColumns out;
  const std::vector<std::string>& first = rows.front().fields;
  const size_t path = path_column(first), label = label_column(first);
  if (path != kNone) find_pictures(rows, path, root, out);
  for (size_t c = 0; out.found == 0 && c < first.size(); ++c) find_pictures(rows, c, root, out);
  out.named = (path != kNone && label != kNone) || is_header(rows, out, root);
  const size_t split = column_of(first, {"split", "set", "subset"});
  if (out.named) {
    refuse_boxes(first, list);
    if (out.found == 0) out.path = path;
    out.label = label, out.split = split;
    out.sure = label != kNone && label != out.path;
    if (out.sure) return out;
    // Two columns, besides that of splits, are a path and a label whatever they are called.
    std::vector<size_t> others;
    for (size_t c = 0; c < first.size(); ++c) {
      if (c != out.path && c != split) others.push_back(c);
    }
    if (others.size() != 1) {
      std::string names;
      for (const size_t c : others) names += (names.empty() ? "'" : "', '") + first[c];
      throw_bad_data(list, "which column is the label? Call it 'label'" +
                               (names.empty() ? std::string() : "; there are " + names + "'"));
    }
    out.label = others.front();
    return out;
  }
  if (out.path > 0) out.label = 0;
  if (out.path == 2) out.split = 1;
  return out;
}

}  // namespace sslbench
