// SPDX-License-Identifier: Apache-2.0
// Format image_list: CSV files (RFC 4180: quotes, CRLF; or with semicolons or tabs; UTF-8) of path, label and perhaps
// split, with or without a line of column names. One, or one a split: train.csv, test_labels.csv.
#include "datasets/readers/image_list.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

bool is_integer(const std::string& text, int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// Numbers by value, else by alphabet.
std::vector<std::string> in_order(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  int64_t a = 0, b = 0;
  if (std::all_of(names.begin(), names.end(), [&](const std::string& name) { return is_integer(name, a); })) {
    std::sort(names.begin(), names.end(), [&](const std::string& left, const std::string& right) {
      return is_integer(left, a), is_integer(right, b), a < b;
    });
  }
  return names;
}

class ListReader {
 public:
  explicit ListReader(const FormatRequest& request) : request_(request) { out_.tasks = {"classification"}; }

  void read(const ImageList& list) {
    std::vector<CsvRow> rows = read_csv(read_data_text(list.file, kMaxListBytes), list.file);
    if (rows.empty()) throw_bad_data(list.file, "holds no line");
    columns_ = columns_of(rows, request_.folder, list.file);
    if (columns_.named) rows.erase(rows.begin());
    for (const CsvRow& row : rows) take(row, list);
    out_.account(list.file.lexically_relative(request_.folder));
  }

  FolderContent finish() {
    if (10 * contradictions_ > static_cast<int64_t>(pictures_.size())) {
      throw_bad_data(request_.folder, std::to_string(contradictions_) +
                                          " pictures are listed with several labels; a list is read for one label a "
                                          "picture");
    }
    if (request_.classes.empty()) refuse_no_labels();
    std::vector<std::string> names;
    for (const Listed& picture : pictures_) names.push_back(picture.label);
    out_.classes = request_.classes.empty() ? in_order(names) : request_.classes;
    if (request_.classes.empty() && out_.classes.size() == 1) {
      throw_bad_data(request_.folder, "all listed pictures are of one class, '" + out_.classes.front() +
                                          "'; at least 2 are needed (--format pictures takes them without labels)" +
                                          out_.faults.cause());
    }
    std::map<std::string, int32_t> number;
    for (const std::string& name : out_.classes) number.emplace(name, static_cast<int32_t>(number.size()));
    std::map<Split, std::vector<FileItem>> items;
    for (const Listed& picture : pictures_) {
      const auto label = number.find(picture.label);
      if (label == number.end()) throw_bad_data(picture.place, "unknown class '" + picture.label + "'");
      items[picture.split].push_back({.image = picture.name, .label = label->second});
    }
    for (auto& [split, of_split] : items) {
      out_.present.insert(split);
      if (!request_.wants(split)) continue;
      out_.add(split, std::make_shared<FileItems>(request_.folder, std::move(of_split), ClassNames{out_.classes, {}}));
    }
    if (!out_.present.contains(Split::train))
      throw_bad_data(request_.folder, "no list names an image of train that is there" + out_.faults.cause());
    return std::move(out_);
  }

 private:
  struct Listed {
    std::string name, label;
    Split split = Split::train;
    fs::path place;
  };

  // Sums, ids and files of masks are no classes.
  void refuse_no_labels() const {
    constexpr size_t kFew = 4;  // pictures that may be of as many classes
    const auto files = std::ranges::count_if(pictures_, [](const Listed& each) { return is_picture_name(each.label); });
    if (!pictures_.empty() && files == static_cast<int64_t>(pictures_.size())) {
      throw_bad_data(request_.folder,
                     "its list names pictures for labels ('" + pictures_.front().label +
                         "'); lay out pictures and their masks as images/ and masks/ with equal names");
    }
    std::set<std::string> labels;
    for (const Listed& picture : pictures_) labels.insert(picture.label);
    if (columns_.sure || pictures_.size() <= kFew || labels.size() < pictures_.size()) return;
    throw_bad_data(request_.folder, "every listed picture has a label of its own ('" + pictures_.front().name +
                                        "' is '" + pictures_.front().label +
                                        "'), as no class has; call the column of classes 'label'");
  }

  static std::string place(const CsvRow& row) { return "line " + std::to_string(row.line); }

  Split split_of(const CsvRow& row, const ImageList& list) const {
    Split split = list.split;
    if (columns_.split >= row.fields.size() || row.fields[columns_.split].empty()) return split;
    if (split_of_word(row.fields[columns_.split], split)) return split;
    throw_bad_data(list.file,
                   place(row) + ": the split is '" + row.fields[columns_.split] + "', not train, val or test");
  }

  void take(const CsvRow& row, const ImageList& list) {
    if (row.fields.size() <= std::max(columns_.path, columns_.label) || row.fields[columns_.path].empty() ||
        row.fields[columns_.label].empty()) {
      throw_bad_data(list.file, place(row) + ": expected path,label or path,label,split");
    }
    const std::string written = columns_.scheme.path_of(request_.folder, row.fields[columns_.path]);
    const std::string name = path_under(fs::path(), written, list.file).generic_string();
    const Split split = split_of(row, list);
    if (!has_file(request_.folder / name)) {
      return out_.faults.add("images that are named but missing", row.fields[columns_.path]);
    }
    const std::string label = tidy_name(row.fields[columns_.label]);
    const auto [at, fresh] = seen_.emplace(name, label);
    if (fresh) return pictures_.push_back({name, label, split, list.file.string() + ": " + place(row)});
    contradictions_ += at->second != label;
    out_.faults.add(at->second == label ? "images that are named twice, the first counts"
                                        : "images that are named again with another label, the first counts",
                    name);
  }

  const FormatRequest& request_;
  ListColumns columns_;
  FolderContent out_;
  std::vector<Listed> pictures_;
  std::map<std::string, std::string> seen_;  // picture -> its label
  int64_t contradictions_ = 0;
};

FolderContent read_list(const FormatRequest& request) {
  const std::vector<ImageList> lists = image_lists_in(request.folder);
  if (lists.empty()) throw_bad_data(request.folder, "holds not one .csv file, or one for train");
  ListReader reader(request);
  for (const ImageList& list : lists) reader.read(list);
  return reader.finish();
}

}  // namespace

std::vector<CsvRow> read_csv(std::string_view text, const fs::path& file) {
  const std::string_view first = text.substr(0, text.find('\n'));
  char separator = ',';
  for (const char other : {';', '\t'}) {
    if (std::ranges::count(first, other) > std::ranges::count(first, separator)) separator = other;
  }
  try {
    std::vector<CsvRow> rows = parse_csv(text, separator);
    for (CsvRow& row : rows) {
      for (std::string& field : row.fields) field = trimmed(field);
    }
    std::erase_if(rows, [](const CsvRow& row) {
      return std::all_of(row.fields.begin(), row.fields.end(), [](const std::string& field) { return field.empty(); });
    });
    return rows;
  } catch (const BadCsv& mistake) {
    throw_bad_data(file, mistake.what());
  }
}

namespace {

const bool registered = Registry<FormatEntry>::add(
    {.name = "image_list",
     .layout = "a .csv file of path,label or path,label,split (or one a split: train.csv, test.csv), and the pictures "
               "that it names",
     .rank = 60,
     .fits = lists_label_pictures,
     .doubt = refuse_two_meanings,
     .read = read_list});

}  // namespace
}  // namespace sslbench
