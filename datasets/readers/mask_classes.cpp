// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/mask_classes.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "datasets/pictures/image_file.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {

constexpr size_t kMostClasses = 255;

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> out(1);
  for (const char c : line) {
    if (c == ' ' || c == '\t' || c == ',' || c == ';' || c == '"') {
      if (!out.back().empty()) out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::optional<int> byte_of(const std::string& word) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || value < 0 || value > 255) return std::nullopt;
  return value;
}

std::string joined_words(const std::vector<std::string>& words, size_t first, size_t last) {
  std::string out;
  for (size_t i = first; i < last; ++i) out += (out.empty() ? "" : " ") + words[i];
  return out;
}

// Three bytes from `at` on, as 0xRRGGBB.
std::optional<uint32_t> bytes_at(const std::vector<std::string>& words, size_t at) {
  uint32_t out = 0;
  for (size_t k = at; k < at + 3; ++k) {
    const std::optional<int> value = byte_of(words[k]);
    if (!value) return std::nullopt;
    out = out << 8 | static_cast<uint32_t>(*value);
  }
  return out;
}

// The same beside a name.
std::optional<uint32_t> colour_at(const std::vector<std::string>& words, size_t at) {
  return words.size() < 4 ? std::nullopt : bytes_at(words, at);
}

bool is_void_name(const std::string& written) {
  const std::string name = lower_case(written);
  return name == "void" || name == "ignore" || name == "ignored" || name == "unlabelled" || name == "unlabeled" ||
         name == "__ignore__";
}

uint8_t class_for(const std::string& name, MaskClasses& out) {
  if (is_void_name(name)) return Mask::kIgnore;
  out.names.push_back(name);
  return static_cast<uint8_t>(out.names.size() - 1);
}

// Lines of a file of classes, one after the other.
class ClassLines {
 public:
  explicit ClassLines(const std::filesystem::path& file) : file_(file) {}

  MaskClasses read() {
    for (const std::string& line : read_data_lines(file_)) {
      ++number_;
      if (!line.starts_with('#')) take(line);
    }
    if (out_.names.empty()) throw_bad_data(file_, "names no class");
    if (!out_.by_colour.empty() && !out_.by_value.empty()) throw_bad_data(file_, "has colours for some classes only");
    return std::move(out_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw_bad_data(file_, "line " + std::to_string(number_) + ": " + what);
  }

  void take(const std::string& line) {
    const std::vector<std::string> words = words_of(line);
    if (words.empty() || (number_ == 1 && words.size() >= 4 && words.back() == "b")) return;  // column names
    if (out_.names.size() >= kMostClasses) refuse("more than 255 classes");
    if (std::count(line.begin(), line.end(), ':') >= 2) return take_label(line);
    const auto behind = words.size() >= 4 ? colour_at(words, words.size() - 3) : std::nullopt;
    const auto before = colour_at(words, 0);
    if (behind || before) {
      return add(behind ? joined_words(words, 0, words.size() - 3) : joined_words(words, 3, words.size()),
                 behind ? *behind : *before);
    }
    // labelme begins its lists with what has no number.
    if (next_ == 0 && lower_case(line) == "__ignore__") return;
    const std::optional<int> number = words.size() > 1 ? byte_of(words[0]) : std::nullopt;
    add_number(number ? joined_words(words, 1, words.size()) : line, number.value_or(next_));
  }

  // CVAT's label:r,g,b:parts:actions.
  void take_label(const std::string& line) {
    const size_t first = line.find(':');
    const std::string name = tidy_name(line.substr(0, first));
    const std::vector<std::string> colour = words_of(line.substr(first + 1, line.find(':', first + 1) - first - 1));
    if (name.empty()) refuse("a label without a name");
    if (colour.empty()) return add_number(name, next_);
    const auto value = colour.size() == 3 ? bytes_at(colour, 0) : std::nullopt;
    if (!value) refuse("the colour is not red,green,blue");
    add(name, *value);
  }

  void add(const std::string& name, uint32_t colour) {
    if (out_.by_colour.contains(colour)) refuse("the colour is that of an earlier class");
    out_.by_colour[colour] = class_for(name, out_);
  }

  void add_number(const std::string& name, int value) {
    if (value > 255 || out_.by_value.contains(static_cast<uint8_t>(value))) {
      refuse("the number is that of another class");
    }
    out_.by_value[static_cast<uint8_t>(value)] = class_for(name, out_);
    next_ = value + 1;
  }

  const std::filesystem::path& file_;
  MaskClasses out_;
  int number_ = 0;  // of the line
  int next_ = 0;    // of a class whose line says no number
};

}  // namespace

MaskClasses read_mask_classes(const std::filesystem::path& file) { return ClassLines(file).read(); }

MaskClasses numbered_mask_classes(int most) {
  MaskClasses out;
  for (int k = 0; k <= most; ++k) {
    out.names.push_back("class " + std::to_string(k));
    out.by_value[static_cast<uint8_t>(k)] = static_cast<uint8_t>(k);
  }
  return out;
}

namespace {

[[noreturn]] void refuse_pixel(const std::filesystem::path& file, size_t pixel, int32_t width,
                               const std::string& what) {
  const size_t x = pixel % static_cast<size_t>(width), y = pixel / static_cast<size_t>(width);
  throw_bad_data(file, "pixel (" + std::to_string(x) + ", " + std::to_string(y) + ") has " + what +
                           ", which no class of the set has");
}

Mask read_colours(const std::filesystem::path& file, const MaskClasses& classes) {
  const Image image = decode_image(read_image_bytes(file), file, false);
  Mask out{image.height, image.width, std::vector<uint8_t>(image.pixels.size() / 3)};
  for (size_t p = 0; p < out.labels.size(); ++p) {
    const uint8_t* at = &image.pixels[3 * p];
    const auto found = classes.by_colour.find(uint32_t{at[0]} << 16 | uint32_t{at[1]} << 8 | at[2]);
    if (found == classes.by_colour.end()) {
      refuse_pixel(file, p, image.width,
                   "the colour " + std::to_string(at[0]) + " " + std::to_string(at[1]) + " " + std::to_string(at[2]));
    }
    out.labels[p] = found->second;
  }
  return out;
}

}  // namespace

Mask read_class_mask(const std::filesystem::path& file, const MaskClasses& classes) {
  if (!classes.by_colour.empty()) return read_colours(file, classes);
  Mask mask = read_mask(file);
  std::array<int, 256> meaning;
  meaning.fill(-1);
  for (const auto& [value, number] : classes.by_value) meaning[value] = number;
  if (meaning[Mask::kIgnore] < 0) meaning[Mask::kIgnore] = Mask::kIgnore;
  for (size_t p = 0; p < mask.labels.size(); ++p) {
    const int number = meaning[mask.labels[p]];
    if (number < 0) refuse_pixel(file, p, mask.width, "the value " + std::to_string(mask.labels[p]));
    mask.labels[p] = static_cast<uint8_t>(number);
  }
  return mask;
}

}  // namespace sslbench
