// SPDX-License-Identifier: Apache-2.0
// Format yolo: a text file a picture, "class cx cy w h" a line relative to the picture's size, behind which keypoints
// may stand where data.yaml has `kpt_shape`; without it more numbers are a polygon, whose extent is the box (three
// points or more; four of a turned box). In labels/ beside images/, or beside the pictures; class names in data.yaml
// (`names`), classes.txt or obj.names.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "datasets/format.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/yolo_places.h"
#include "datasets/readers/yolo_set.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

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

Box box_around_centre(const std::vector<float>& numbers) {
  const float cx = numbers[1], cy = numbers[2], w = numbers[3], h = numbers[4];
  return {.x0 = cx - w / 2, .y0 = cy - h / 2, .x1 = cx + w / 2, .y1 = cy + h / 2};
}

Box box_around_polygon(const std::vector<float>& numbers) {
  Box box{.x0 = numbers[1], .y0 = numbers[2], .x1 = numbers[1], .y1 = numbers[2]};
  for (size_t k = 1; k + 1 < numbers.size(); k += 2) {
    box.x0 = std::min(box.x0, numbers[k]), box.x1 = std::max(box.x1, numbers[k]);
    box.y0 = std::min(box.y0, numbers[k + 1]), box.y1 = std::max(box.y1, numbers[k + 1]);
  }
  return box;
}

// Whether a line without `kpt_shape` is a box and keypoints of three numbers: a visibility of 0, 1 or 2 behind each.
bool looks_like_keypoints(const std::vector<float>& numbers) {
  if (numbers.size() < 11 || (numbers.size() - 5) % 3 != 0) return false;
  for (size_t k = 7; k < numbers.size(); k += 3) {
    if (numbers[k] != 0 && numbers[k] != 1 && numbers[k] != 2) return false;
  }
  const Box box = box_around_centre(numbers);
  constexpr float kRounding = 0.01f;
  return numbers[3] > 0 && numbers[4] > 0 && box.x0 >= -kRounding && box.y0 >= -kRounding && box.x1 <= 1 + kRounding &&
         box.y1 <= 1 + kRounding;
}

// Label files of one set.
class LabelReader {
 public:
  LabelReader(const YoloSet& set, FaultCounts& faults) : set_(set), faults_(faults) {}

  std::vector<Box> read(const fs::path& file) {
    std::vector<Box> out;
    int64_t number = 0;
    for (const std::string& line : read_data_lines(file)) {
      const std::string where = "line " + std::to_string(++number);
      const std::string place = file.filename().string() + " " + where;
      const std::vector<float> numbers = numbers_of(line, where, file);
      check(numbers, line, where, file);
      const bool polygon = numbers.size() > 5 && set_.keypoints == 0;
      if (polygon) faults_.add("polygons, of which the box around them is taken", place);
      Box box = polygon ? box_around_polygon(numbers) : box_around_centre(numbers);
      box.label = static_cast<int32_t>(numbers[0]);
      // An edge may lie beyond the picture by rounding only; keep_box counts in pixels, so a share is a tenth of one.
      if (box.x0 < -0.1f || box.y0 < -0.1f || box.x1 > 1.1f || box.y1 > 1.1f) {
        faults_.add("boxes that reach far beyond their image", place);
        far_ += polygon;
      }
      if (polygon && polygons_++ == 0) first_ = place;
      if (polygon) keypoints_ += looks_like_keypoints(numbers);
      if (keep_box(box, 1, 1, place, faults_)) out.push_back(box);
    }
    if (out.empty()) faults_.add("label files without a box", file.filename().string());
    return out;
  }

  // Polygons that most probably are none: RunFailure(data).
  void refuse_keypoints(const fs::path& folder) const {
    const auto lines = [this](int64_t count) {
      return std::to_string(count) + " of " + std::to_string(polygons_) + " lines of more than 5 numbers (first " +
             first_ + ")";
    };
    if (2 * keypoints_ > polygons_) {
      throw_bad_data(folder, lines(keypoints_) +
                                 " are boxes with keypoints and their visibility, not polygons; say `kpt_shape: "
                                 "[number of keypoints, 3]` in data.yaml");
    }
    if (2 * far_ > polygons_) {
      throw_bad_data(folder, lines(far_) +
                                 " are no polygons within their picture; keypoints need `kpt_shape: [number of "
                                 "keypoints, 2 or 3]` in data.yaml, and points in px are to be divided by width and "
                                 "height");
    }
  }

 private:
  void check(const std::vector<float>& numbers, const std::string& line, const std::string& where,
             const fs::path& file) const {
    const size_t count = numbers.size(), classes = set_.names.size();
    const bool pose = count == 5 + 2 * set_.keypoints || count == 5 + 3 * set_.keypoints;
    if (count != 5 && set_.keypoints > 0 && !pose) {
      throw_bad_data(file, where + ": expected `class cx cy w h` and " + std::to_string(set_.keypoints) +
                               " keypoints (`kpt_shape`), got " + std::to_string(count) + " numbers");
    }
    if (set_.keypoints == 0 && (count < 5 || count % 2 == 0)) {
      throw_bad_data(file, where + ": expected `class cx cy w h` or a class and a polygon, got " +
                               std::to_string(count) + " numbers" +
                               (count > 6 ? "; keypoints need `kpt_shape` in data.yaml" : ""));
    }
    if (!(numbers[0] >= 0) || numbers[0] != std::floor(numbers[0]) || numbers[0] >= static_cast<float>(classes)) {
      throw_bad_data(file, where + ": class " + line.substr(0, line.find_first_of(" \t")) + "; classes are 0 to " +
                               std::to_string(classes - 1));
    }
  }

  const YoloSet& set_;
  FaultCounts& faults_;
  int64_t polygons_ = 0, keypoints_ = 0, far_ = 0;  // lines; those that look like keypoints, that leave the picture
  std::string first_;                               // of polygons_
};

std::vector<FileItem> read_items(const fs::path& folder, const YoloPlace& place, const YoloSet& set,
                                 FolderContent& out) {
  std::vector<FileItem> items;
  LabelReader reader(set, out.faults);
  for (const std::string& name : pictures_below(folder / place.images)) {
    FileItem item{.image = (place.images / name).generic_string()};
    const fs::path label = place.labels / fs::path(name).replace_extension(".txt");
    if (has_file(folder / label)) {
      item.boxes = reader.read(folder / label);
      out.account(label);
    } else {
      out.faults.add("images without a label file, taken as empty", name);
    }
    items.push_back(std::move(item));
  }
  reader.refuse_keypoints(folder);
  return items;
}

FolderContent read_yolo(const FormatRequest& request) {
  FolderContent out{.tasks = {"detection"}};
  const fs::path file = yolo_names_file(request.folder);
  YoloSet set;
  if (!file.empty()) {
    set = read_yolo_set(file);
    out.account(file.lexically_relative(request.folder));
  }
  if (!request.classes.empty()) set.names = request.classes;
  if (set.names.empty()) throw_bad_data(request.folder, "names no classes: data.yaml with `names`, or classes.txt");
  out.classes = set.names;
  for (const auto& [split, place] : find_yolo_places(request.folder, set)) {
    out.present.insert(split);
    if (!request.wants(split)) continue;
    out.add(split, std::make_shared<YoloItems>(request.folder, read_items(request.folder, place, set, out),
                                               ClassNames{out.classes, {}}));
  }
  return out;
}

bool fits_yolo(const fs::path& folder) {
  const fs::path names = yolo_names_file(folder);
  if (names.empty() || fs::is_directory(folder / "masks")) return false;
  YoloSet set;
  try {
    set = read_yolo_set(names);
  } catch (const RunFailure&) {  // read again, and refused, where the layout says that it is such a set
  }
  return has_label_files(folder, find_yolo_places(folder, set));
}

const bool registered = Registry<FormatEntry>::add(
    {.name = "yolo",
     .layout = "images/ and labels/*.txt (splits inside or around them), or both side by side; data.yaml, classes.txt "
               "or obj.names",
     .rank = 40,
     .fits = fits_yolo,
     .read = read_yolo});

}  // namespace
}  // namespace sslbench
