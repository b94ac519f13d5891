// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/mask_classes.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/image_file.h"

namespace sslbench {
namespace {

constexpr size_t kMostClasses = 255;

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> out(1);
  for (const char c : line) {
    if (c == ' ' || c == '\t' || c == ',' || c == ';') {
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
std::optional<uint32_t> colour_at(const std::vector<std::string>& words, size_t at) {
  if (words.size() < 4) return std::nullopt;
  uint32_t out = 0;
  for (size_t k = at; k < at + 3; ++k) {
    const std::optional<int> value = byte_of(words[k]);
    if (!value) return std::nullopt;
    out = out << 8 | static_cast<uint32_t>(*value);
  }
  return out;
}

bool is_void_name(const std::string& written) {
  const std::string name = lower_case(written);
  return name == "void" || name == "ignore" || name == "ignored" || name == "unlabelled" || name == "unlabeled";
}

uint8_t class_for(const std::string& name, MaskClasses& out) {
  if (is_void_name(name)) return Mask::kIgnore;
  out.names.push_back(name);
  return static_cast<uint8_t>(out.names.size() - 1);
}

}  // namespace

MaskClasses read_mask_classes(const std::filesystem::path& file) {
  MaskClasses out;
  int next = 0;  // of lines that say no number
  const std::vector<std::string> lines = read_data_lines(file);
  for (size_t n = 0; n < lines.size(); ++n) {
    const std::vector<std::string> words = words_of(lines[n]);
    const auto refuse = [&](const std::string& what) {
      throw_bad_data(file, "line " + std::to_string(n + 1) + ": " + what);
    };
    if (words.empty() || (n == 0 && words.size() >= 4 && words.back() == "b")) continue;  // column names
    if (out.names.size() >= kMostClasses) refuse("more than 255 classes");
    const auto behind = words.size() >= 4 ? colour_at(words, words.size() - 3) : std::nullopt;
    const auto before = colour_at(words, 0);
    if (behind || before) {
      const std::string name = behind ? joined_words(words, 0, words.size() - 3) : joined_words(words, 3, words.size());
      const uint32_t colour = behind ? *behind : *before;
      if (out.by_colour.contains(colour)) refuse("the colour is that of an earlier class");
      out.by_colour[colour] = class_for(name, out);
      continue;
    }
    const std::optional<int> number = words.size() > 1 ? byte_of(words[0]) : std::nullopt;
    const int value = number.value_or(next);
    if (value > 255 || out.by_value.contains(static_cast<uint8_t>(value)))
      refuse("the number is that of another class");
    out.by_value[static_cast<uint8_t>(value)] =
        class_for(number ? joined_words(words, 1, words.size()) : lines[n], out);
    next = value + 1;
  }
  if (out.names.empty()) throw_bad_data(file, "names no class");
  if (!out.by_colour.empty() && !out.by_value.empty()) throw_bad_data(file, "has colours for some classes only");
  return out;
}

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
