// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include "datasets/install/unread_files.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/yolo_places.h"
#include "datasets/readers/yolo_set.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

std::string beginning(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string piece(1 << 16, '\0');
  in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  piece.resize(static_cast<size_t>(in.gcount()));
  return piece;
}

std::string first_line(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string::npos ? "" : text.substr(begin, text.find('\n', begin) - begin);
}

// Words of a line that are numbers.
int64_t numbers_in(const std::string& line) {
  std::istringstream words(line);
  int64_t out = 0;
  for (std::string word; words >> word;) {
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    out += error == std::errc() && end == word.data() + word.size();
  }
  return out;
}

bool contains_any(const std::string& text, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

// Goes through the files of a folder of which only the pictures would be read.
class AnnotationSearch {
 public:
  explicit AnnotationSearch(const fs::path& folder) : folder_(folder), files_(visible_files(folder)) {
    for (const std::string& path : files_) {
      if (!is_picture_name(path)) continue;
      stems_.insert(fs::path(path).stem().string());
      constexpr size_t kNames = 64;  // enough to see whether a list speaks of this folder
      if (names_.size() < kNames) names_.push_back(fs::path(path).filename().string());
    }
  }

  bool finds_boxes() const {
    static const std::vector<std::string> kKeys{"\"shapes\"", "\"regions\"", "\"bbox\"", "\"segmentation\""};
    return std::any_of(files_.begin(), files_.end(), [&](const std::string& path) {
      const std::string ending = lower_case(fs::path(path).extension().string());
      const fs::path file = folder_ / path;
      if (ending == ".txt") return stems_.contains(file.stem().string()) && is_yolo_label(file);
      if (ending == ".xml") return beginning(file).find("<annotation") != std::string::npos;
      return ending == ".json" && contains_any(beginning(file), kKeys);
    });
  }

  FaultCounts find() {
    for (const std::string& path : files_) {
      if (const std::string kind = kind_of(path); !kind.empty()) found_.add(kind, path);
    }
    return std::move(found_);
  }

 private:
  std::string kind_of(const std::string& path) const {
    const std::string ending = lower_case(fs::path(path).extension().string());
    const fs::path file = folder_ / path;
    if (ending == ".txt") return kind_of_text(file);
    if (ending == ".xml" && beginning(file).find("<annotation") != std::string::npos) {
      return "XML annotations (Pascal VOC's are read from Annotations/ beside JPEGImages/; let CVAT export COCO, YOLO "
             "or "
             "Pascal VOC)";
    }
    if (ending == ".json" || ending == ".jsonl" || ending == ".ndjson") {
      static const std::vector<std::string> kKeys{"\"annotations\"", "\"shapes\"",  "\"regions\"",      "\"bbox\"",
                                                  "\"categories\"",  "\"objects\"", "\"segmentation\"", "\"polygon\"",
                                                  "\"label\"",       "\"labels\""};
      const std::string text = beginning(file);
      if (contains_any(text, kKeys) || contains_any(text, names_)) {
        return "JSON annotations that are not COCO's, or not where COCO's lie (let the program that made them export "
               "COCO)";
      }
    }
    if ((ending == ".csv" || ending == ".tsv") && speaks_of_labels(beginning(file))) {
      return "tables that speak of pictures (one .csv of path,label is read, or one a split: train.csv, test.csv)";
    }
    const bool names = ending == ".names" || path.ends_with("classes.txt") || path.ends_with("labelmap.txt");
    const bool yaml = (ending == ".yaml" || ending == ".yml") && beginning(file).find("names:") != std::string::npos;
    return names || yaml ? "files that name classes" : "";
  }

  bool speaks_of_labels(const std::string& table) const {
    static const std::vector<std::string> kColumns{"label", "class", "category", "target", "xmin", "bbox"};
    return contains_any(table, names_) || contains_any(lower_case(table.substr(0, table.find('\n'))), kColumns);
  }

  std::string kind_of_text(const fs::path& file) const {
    if (stems_.contains(file.stem().string()) && is_yolo_label(file)) {
      return yolo_names_file(folder_).empty()
                 ? "label files as YOLO's (no data.yaml, classes.txt or obj.names names their classes)"
                 : "label files as YOLO's that lie neither in labels/ nor beside their pictures";
    }
    if (stems_.contains(file.stem().string()) && numbers_in(first_line(beginning(file))) >= 4) {
      return "label files of a kind that is not read (KITTI's, DOTA's, ...)";
    }
    std::istringstream lines(beginning(file));
    for (std::string line; std::getline(lines, line);) {
      const bool listed = contains_any(line, names_);
      if (listed && line.find_first_of(" \t,;") != std::string::npos && !is_picture_name(line)) {
        return "lists of pictures with more behind their names (a .csv of path,label is read)";
      }
    }
    return "";
  }

  const fs::path& folder_;
  std::vector<std::string> files_, names_;
  std::set<std::string> stems_;
  FaultCounts found_;
};

}  // namespace

bool holds_boxes(const fs::path& folder) { return AnnotationSearch(folder).finds_boxes(); }

void refuse_unread_annotations(const fs::path& folder, const fs::path& shown) {
  const std::string advice =
      "; or say --format pictures to take the pictures without labels, or --format class_folders where the folders are "
      "the labels";
  if (const std::string why = why_masks(folder); !why.empty()) {
    throw UserError("'" + shown.string() + "': " + why +
                    ", in no layout that is read; lay them out as images/ and masks/ with equal names, or _mask behind "
                    "those of masks" +
                    advice);
  }
  const std::vector<std::string> lines = AnnotationSearch(folder).find().lines();
  if (lines.empty()) return;
  std::string list;
  for (const std::string& line : lines) list += "\n  " + line;
  throw UserError(
      "'" + shown.string() + "' holds annotations in no layout that is read:" + list +
      "\n  lay them out as COCO, Pascal VOC, YOLO, images/ and masks/, a .csv of path,label or a folder a class "
      "(datasets/README.md)" +
      advice);
}

std::string unread_content(const fs::path& folder) {
  static const std::set<std::string> kTorch{".pt", ".pth", ".ckpt"}, kPickles{".pkl", ".pickle"},
      kArchives{".zip", ".tar", ".tgz", ".7z", ".rar"},
      kOthers{".npz", ".npy", ".mat", ".tfrecord", ".parquet", ".lmdb", ".mdb"};
  const std::string way_out = " is not read; save the pictures as PNG files in a folder a class";
  std::string out;
  for (const std::string& path : visible_files(folder)) {
    const std::string name = fs::path(path).filename().string();
    const std::string ending = lower_case(fs::path(path).extension().string());
    if (is_lfs_pointer(folder / path)) {
      return "'" + path + "' is a Git LFS pointer, not the file itself: run `git lfs pull` where it comes from";
    }
    if (!out.empty()) continue;
    if (name == "data.pkl" || kTorch.contains(ending)) {
      out = "'" + path + "' is a file of torch.save, a pickle, which" + way_out;
    } else if (kPickles.contains(ending) || (name.starts_with("data_batch_") && ending.empty())) {
      out = "'" + path + "' is a pickle of Python, which" + way_out;
    } else if (kArchives.contains(ending) || name.find(".tar.") != std::string::npos) {
      out = "'" + path + "' is an archive: add that, or unpack it";
    } else if (kOthers.contains(ending)) {
      out = "'" + path + "' is of a kind that" + way_out;
    }
  }
  return out;
}

}  // namespace sslbench
