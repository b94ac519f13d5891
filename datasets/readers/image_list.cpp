// SPDX-License-Identifier: Apache-2.0
// Format image_list: a CSV file (RFC 4180: quotes, CRLF; UTF-8, a byte order mark is skipped) of path, label and
// perhaps split, with or without a line of column names.
#include "datasets/readers/image_list.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr int64_t kMaxListBytes = int64_t{1} << 30;

struct Columns {
  size_t path = 0, label = 1, split = 2;
  bool named = false;
};

size_t column_of(const std::vector<std::string>& header, std::initializer_list<const char*> names) {
  for (size_t c = 0; c < header.size(); ++c) {
    if (std::find(names.begin(), names.end(), lower_case(header[c])) != names.end()) return c;
  }
  return std::string::npos;
}

Columns columns_of(const std::vector<std::string>& first) {
  const size_t path = column_of(first, {"path", "file", "filename", "file_name", "image", "image_path"});
  const size_t label = column_of(first, {"label", "class", "category", "target"});
  if (path == std::string::npos || label == std::string::npos) return {};
  return {path, label, column_of(first, {"split", "set", "subset"}), true};
}

// One CSV of the folder that looks like a list.
fs::path list_in(const fs::path& folder) {
  std::vector<std::string> lists;
  for (const std::string& name : files_in(folder)) {
    if (name.ends_with(".csv")) lists.push_back(name);
  }
  return lists.size() == 1 ? folder / lists.front() : fs::path();
}

bool is_integer(const std::string& text, int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// Names of the classes: numbers by value, else by alphabet.
std::vector<std::string> classes_of(const std::vector<CsvRow>& rows, const Columns& columns) {
  std::vector<std::string> out;
  for (const CsvRow& row : rows) out.push_back(row.fields[columns.label]);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  int64_t a = 0, b = 0;
  if (std::all_of(out.begin(), out.end(), [&](const std::string& name) { return is_integer(name, a); })) {
    std::sort(out.begin(), out.end(), [&](const std::string& left, const std::string& right) {
      return is_integer(left, a), is_integer(right, b), a < b;
    });
  }
  return out;
}

class ListReader {
 public:
  ListReader(const FormatRequest& request, fs::path file) : request_(request), file_(std::move(file)) {
    rows_ = read_csv(read_data_file(file_, kMaxListBytes), file_);
    if (rows_.empty()) throw_bad_data(file_, "holds no line");
    columns_ = columns_of(rows_.front().fields);
    if (columns_.named) rows_.erase(rows_.begin());
    for (const CsvRow& row : rows_) check(row);
    out_.tasks = {"classification"};
    out_.classes = request.classes.empty() ? classes_of(rows_, columns_) : request.classes;
    for (const std::string& name : out_.classes) number_.emplace(name, static_cast<int32_t>(number_.size()));
  }

  FolderContent read() {
    for (const CsvRow& row : rows_) take(row);
    for (auto& [split, items] : items_) {
      out_.present.insert(split);
      if (!request_.wants(split)) continue;
      out_.add(split, std::make_shared<FileItems>(request_.folder, std::move(items), ClassNames{out_.classes, {}}));
    }
    if (!out_.present.contains(Split::train)) throw_bad_data(file_, "names no image of train that is there");
    return std::move(out_);
  }

 private:
  std::string place(const CsvRow& row) const { return "line " + std::to_string(row.line); }

  void check(const CsvRow& row) const {
    if (row.fields.size() <= std::max(columns_.path, columns_.label) || row.fields[columns_.path].empty() ||
        row.fields[columns_.label].empty()) {
      throw_bad_data(file_, place(row) + ": expected path,label or path,label,split");
    }
  }

  Split split_of(const CsvRow& row) const {
    Split split = Split::train;
    if (columns_.split >= row.fields.size() || row.fields[columns_.split].empty()) return split;
    if (split_of_word(row.fields[columns_.split], split)) return split;
    throw_bad_data(file_, place(row) + ": the split is '" + row.fields[columns_.split] + "', not train, val or test");
  }

  void take(const CsvRow& row) {
    const std::string& path = row.fields[columns_.path];
    const std::string name = path_under(fs::path(), path, file_).generic_string();
    if (!seen_.emplace(name, row.line).second) {
      return out_.faults.add("images that are named twice, the first counts", path);
    }
    const auto label = number_.find(row.fields[columns_.label]);
    if (label == number_.end()) {
      throw_bad_data(file_, place(row) + ": unknown class '" + row.fields[columns_.label] + "'");
    }
    if (!has_file(request_.folder / name)) return out_.faults.add("images that are named but missing", path);
    items_[split_of(row)].push_back({.image = name, .label = label->second});
  }

  const FormatRequest& request_;
  fs::path file_;
  std::vector<CsvRow> rows_;
  Columns columns_;
  FolderContent out_;
  std::map<std::string, int32_t> number_;
  std::map<std::string, int64_t> seen_;
  std::map<Split, std::vector<FileItem>> items_;
};

FolderContent read_list(const FormatRequest& request) {
  const fs::path file = list_in(request.folder);
  if (file.empty()) throw_bad_data(request.folder, "holds not exactly one .csv file");
  return ListReader(request, file).read();
}

}  // namespace

std::vector<CsvRow> read_csv(std::string_view text, const fs::path& file) {
  try {
    return parse_csv(text);
  } catch (const BadCsv& mistake) {
    throw_bad_data(file, mistake.what());
  }
}

namespace {

const bool registered = Registry<FormatEntry>::add(
    {.name = "image_list",
     .layout = "one .csv file of path,label or path,label,split, and the pictures that it names",
     .rank = 60,
     .fits = [](const fs::path& folder) { return !list_in(folder).empty(); },
     .read = read_list});

}  // namespace
}  // namespace sslbench
