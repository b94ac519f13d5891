// SPDX-License-Identifier: Apache-2.0
// Format yolo: a text file a picture, "class cx cy w h" a line relative to the picture's size (or a polygon, whose
// extent is the box), in labels/ beside images/; class names in data.yaml (`names`) or classes.txt.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "datasets/format.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/yolo_names.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// Pictures and label files of one split, below the set's folder.
struct YoloPlace {
  fs::path images, labels;
};

// images/train + labels/train, train/images + train/labels, or images + labels (all is train).
std::map<Split, YoloPlace> find_places(const fs::path& folder) {
  std::map<Split, YoloPlace> out;
  Split split = Split::train;
  for (const std::string& name : folders_in(folder / "images")) {
    if (split_of_word(name, split) && fs::is_directory(folder / "labels" / name)) {
      out.emplace(split, YoloPlace{fs::path("images") / name, fs::path("labels") / name});
    }
  }
  for (const std::string& name : folders_in(folder)) {
    if (split_of_word(name, split) && fs::is_directory(folder / name / "images") &&
        fs::is_directory(folder / name / "labels")) {
      out.emplace(split, YoloPlace{fs::path(name) / "images", fs::path(name) / "labels"});
    }
  }
  if (out.empty() && fs::is_directory(folder / "images") && fs::is_directory(folder / "labels")) {
    out.emplace(Split::train, YoloPlace{"images", "labels"});
  }
  return out;
}

fs::path names_file(const fs::path& folder) {
  for (const char* name : {"data.yaml", "data.yml", "dataset.yaml", "classes.txt", "obj.names", "labels/classes.txt"}) {
    if (has_file(folder / name)) return folder / name;
  }
  return {};
}

// Boxes in shares of the picture become pixels when its size is known.
class YoloItems : public FileItems {
 public:
  using FileItems::FileItems;

 protected:
  void place_boxes(int32_t image_height, int32_t image_width, std::vector<Box>& boxes) const override {
    const auto width = static_cast<float>(image_width), height = static_cast<float>(image_height);
    for (Box& box : boxes) box.x0 *= width, box.x1 *= width, box.y0 *= height, box.y1 *= height;
  }
};

std::vector<float> numbers_of(const std::string& line, const std::string& where, const fs::path& file) {
  std::istringstream words(line);
  std::vector<float> out;
  for (std::string word; words >> word;) {
    float value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size()) {
      throw_bad_data(file, where + ": '" + word + "' is not a number");
    }
    out.push_back(value);
  }
  return out;
}

// The box of a line: centre and size, or the extent of a polygon.
Box box_of(const std::vector<float>& numbers) {
  if (numbers.size() == 5) {
    const float cx = numbers[1], cy = numbers[2], w = numbers[3], h = numbers[4];
    return {.x0 = cx - w / 2, .y0 = cy - h / 2, .x1 = cx + w / 2, .y1 = cy + h / 2};
  }
  Box box{.x0 = numbers[1], .y0 = numbers[2], .x1 = numbers[1], .y1 = numbers[2]};
  for (size_t k = 1; k + 1 < numbers.size(); k += 2) {
    box.x0 = std::min(box.x0, numbers[k]), box.x1 = std::max(box.x1, numbers[k]);
    box.y0 = std::min(box.y0, numbers[k + 1]), box.y1 = std::max(box.y1, numbers[k + 1]);
  }
  return box;
}

std::vector<Box> read_boxes(const fs::path& file, size_t classes, FaultCounts& faults) {
  std::vector<Box> out;
  int64_t number = 0;
  for (const std::string& line : read_data_lines(file)) {
    const std::string where = "line " + std::to_string(++number);
    const std::vector<float> numbers = numbers_of(line, where, file);
    if (numbers.size() < 5 || numbers.size() % 2 == 0) {
      throw_bad_data(file, where + ": expected `class cx cy w h` or a class and a polygon, got " +
                               std::to_string(numbers.size()) + " numbers");
    }
    if (!(numbers[0] >= 0) || numbers[0] != std::floor(numbers[0]) || numbers[0] >= static_cast<float>(classes)) {
      throw_bad_data(file, where + ": class " + line.substr(0, line.find(' ')) + "; classes are 0 to " +
                               std::to_string(classes - 1));
    }
    Box box = box_of(numbers);
    box.label = static_cast<int32_t>(numbers[0]);
    const std::string place = file.filename().string() + " " + where;
    // An edge may lie beyond the picture by rounding only; keep_box counts in pixels, so a share is a tenth of one.
    if (box.x0 < -0.1f || box.y0 < -0.1f || box.x1 > 1.1f || box.y1 > 1.1f) {
      faults.add("boxes that reach far beyond their image", place);
    }
    if (keep_box(box, 1, 1, place, faults)) out.push_back(box);
  }
  if (out.empty()) faults.add("label files without a box", file.filename().string());
  return out;
}

std::vector<FileItem> read_items(const fs::path& folder, const YoloPlace& place, size_t classes, FaultCounts& faults) {
  std::vector<FileItem> out;
  for (const std::string& name : pictures_below(folder / place.images, faults)) {
    FileItem item{.image = (place.images / name).generic_string()};
    const fs::path label = folder / place.labels / fs::path(name).replace_extension(".txt");
    if (has_file(label)) {
      item.boxes = read_boxes(label, classes, faults);
    } else {
      faults.add("images without a label file, taken as empty", name);
    }
    out.push_back(std::move(item));
  }
  return out;
}

FolderContent read_yolo(const FormatRequest& request) {
  FolderContent out{.classes = request.classes, .tasks = {"detection"}};
  const fs::path names = names_file(request.folder);
  if (out.classes.empty()) out.classes = names.empty() ? std::vector<std::string>{} : read_yolo_names(names);
  if (out.classes.empty()) throw_bad_data(request.folder, "names no classes: data.yaml with `names`, or classes.txt");
  for (const auto& [split, place] : find_places(request.folder)) {
    out.present.insert(split);
    if (!request.wants(split)) continue;
    out.add(split, std::make_shared<YoloItems>(request.folder,
                                               read_items(request.folder, place, out.classes.size(), out.faults),
                                               ClassNames{out.classes, {}}));
  }
  return out;
}

const bool registered = Registry<FormatEntry>::add(
    {.name = "yolo",
     .layout = "images/ and labels/*.txt (splits inside or around them), data.yaml or classes.txt",
     .rank = 40,
     .fits =
         [](const fs::path& folder) {
           return !names_file(folder).empty() && !find_places(folder).empty() && !fs::is_directory(folder / "masks");
         },
     .read = read_yolo});

}  // namespace
}  // namespace sslbench
