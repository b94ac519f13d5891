// SPDX-License-Identifier: Apache-2.0
#include "reports/draw/svg_parts.h"

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <utility>
#include <vector>

#include "reports/draw/chart.h"
#include "reports/text/escape.h"

namespace sslbench::svg {
namespace {

// UTF-8 characters of visible text; each is one or more bytes.
std::vector<std::string> characters_of(const std::string& text) {
  std::vector<std::string> out;
  for (const char c : visible_text(text)) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (continues && !out.empty()) {
      out.back() += c;
    } else {
      out.emplace_back(1, c);
    }
  }
  return out;
}

}  // namespace

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string colour(size_t index) {
  char text[8];
  std::snprintf(text, sizeof text, "#%06x", palette_colour(index));
  return text;
}

std::string shortened(const std::string& name, size_t longest) {
  const std::vector<std::string> all = characters_of(name);
  if (all.size() <= longest) return escape_xml(name);
  const size_t last = (longest - 1) * 2 / 5, first = longest - 1 - last;
  std::string kept;
  for (size_t i = 0; i < first; ++i) kept += all[i];
  kept += "…";
  for (size_t i = all.size() - last; i < all.size(); ++i) kept += all[i];
  return escape_xml(kept);
}

double name_width(const std::string& name, size_t longest) {
  return kCharacter * static_cast<double>(std::min(character_count(name), longest));
}

std::string text_at(double x, double y, const std::string& escaped, const char* anchor, int size,
                    const std::string& more) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\" font-size=\"" +
         std::to_string(size) + "\" fill=\"" + kInk + "\"" + more + ">" + escaped + "</text>\n";
}

std::string line_between(double x0, double y0, double x1, double y1, const std::string& stroke, double width) {
  return "<line x1=\"" + number(x0) + "\" y1=\"" + number(y0) + "\" x2=\"" + number(x1) + "\" y2=\"" + number(y1) +
         "\" stroke=\"" + stroke + "\" stroke-width=\"" + number(width) + "\"/>\n";
}

std::string marker(double x, double y, size_t style) {
  const std::string fill = "fill=\"" + colour(style) + "\" stroke=\"" + kGround + "\" stroke-width=\"1.0\"/>\n";
  const auto polygon = [&](std::initializer_list<std::pair<double, double>> corners) {
    std::string points;
    for (const auto& [dx, dy] : corners) points += number(x + dx) + "," + number(y + dy) + " ";
    return "<polygon points=\"" + points + "\" " + fill;
  };
  switch (style % 6) {
    case 0: return "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"5.0\" " + fill;
    case 1: return polygon({{-4.5, -4.5}, {4.5, -4.5}, {4.5, 4.5}, {-4.5, 4.5}});
    case 2: return polygon({{0, -6}, {5.5, 4.5}, {-5.5, 4.5}});
    case 3: return polygon({{0, -6.5}, {6.5, 0}, {0, 6.5}, {-6.5, 0}});
    case 4: return polygon({{0, 6}, {5.5, -4.5}, {-5.5, -4.5}});
    default:
      return polygon(
          {{-2, -6}, {2, -6}, {2, -2}, {6, -2}, {6, 2}, {2, 2}, {2, 6}, {-2, 6}, {-2, 2}, {-6, 2}, {-6, -2}, {-2, -2}});
  }
}

std::string document(double width, double height, const std::string& title, const std::string& content) {
  const std::string size = number(width) + "\" height=\"" + number(height);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " + number(width) + " " +
         number(height) + "\" font-family=\"Helvetica, Arial, sans-serif\" role=\"img\">\n<title>" + escape_xml(title) +
         "</title>\n<rect width=\"" + size + "\" rx=\"6\" fill=\"" + kGround + "\"/>\n" + content + "</svg>\n";
}

}  // namespace sslbench::svg
