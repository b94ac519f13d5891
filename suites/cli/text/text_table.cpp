// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/text_table.h"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kLeast = 10;  // columns that a cell is left at least

// Widths that fit: the widest column after the first gives way.
void fit(std::vector<size_t>& widths, size_t width) {
  const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1)); };
  while (widths.size() > 1 && total() > width) {
    const auto widest = std::max_element(widths.begin() + 1, widths.end());
    if (*widest <= kLeast) return;
    --*widest;
  }
}

// A cell as lines of at most `width` columns, words that are longer cut.
std::vector<std::string> lines_of(const std::string& cell, size_t width) {
  if (columns_of(cell) <= width) return {cell};
  std::vector<std::string> out;
  std::istringstream lines(folded(cell, width, 0));
  for (std::string line; std::getline(lines, line);) {
    for (; columns_of(line) > width; line = line.substr(bytes_of(line, width))) {
      out.push_back(line.substr(0, bytes_of(line, width)));
    }
    out.push_back(line);
  }
  return out;
}

std::string row_text(const std::vector<std::string>& row, const std::vector<size_t>& widths) {
  std::vector<std::vector<std::string>> cells;
  size_t height = 1;
  for (size_t i = 0; i < row.size(); ++i) {
    cells.push_back(lines_of(row[i], widths[i]));
    height = std::max(height, cells.back().size());
  }
  std::string out;
  for (size_t y = 0; y < height; ++y) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string text = y < cells[i].size() ? cells[i][y] : "";
      line += text + std::string(widths[i] - std::min(widths[i], columns_of(text)) + kGap, ' ');
    }
    line.resize(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string escaped(std::string text) {
  for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, "\\");
  return text;
}

}  // namespace

void TextTable::add(std::vector<std::string> row) {
  row.resize(rows_[0].size());
  rows_.push_back(std::move(row));
}

std::string TextTable::plain(size_t width) const {
  std::vector<size_t> widths(rows_[0].size());
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  fit(widths, width);
  std::string out;
  for (const auto& row : rows_) out += row_text(row, widths);
  return out;
}

std::string TextTable::markdown() const {
  std::string out;
  for (size_t r = 0; r < rows_.size(); ++r) {
    for (const std::string& cell : rows_[r]) out += "| " + escaped(cell) + " ";
    out += "|\n";
    if (r > 0) continue;
    for (size_t i = 0; i < rows_[0].size(); ++i) out += "|---";
    out += "|\n";
  }
  return out;
}

}  // namespace sslbench
