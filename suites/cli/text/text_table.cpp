// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/text_table.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <sstream>

#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kIndent = 4;    // of sentences below a row
constexpr size_t kLeast = 10;    // columns that a cell is left at least
constexpr size_t kCutCosts = 3;  // lines

// How high a cell is in a column of that width, as lines_of() breaks it; a word that is cut counts as more lines.
size_t height_of(const std::string& cell, size_t width) {
  size_t lines = 1, used = 0, cuts = 0;
  for (size_t at = cell.find_first_not_of(' '); at != std::string::npos;) {
    const size_t end = std::min(cell.find(' ', at), cell.size());
    const size_t word = columns_of(std::string_view(cell).substr(at, end - at));
    if (used > 0 && used + 1 + word > width) ++lines, used = 0;
    used += (used > 0 ? 1 : 0) + word;
    if (word > width) lines += (word - 1) / width, ++cuts;
    at = cell.find_first_not_of(' ', end);
  }
  return lines + cuts * kCutCosts;
}

// Widths that fit: step by step that column gives way which makes the table least high; of equal ones the widest.
class Fitting {
 public:
  Fitting(const std::vector<std::vector<std::string>>& rows, std::vector<size_t>& widths)
      : rows_(rows), widths_(widths), now_(widths.size()), narrower_(widths.size()) {
    for (size_t c = 0; c < widths.size(); ++c)
      now_[c] = heights(c, widths[c]), narrower_[c] = heights(c, widths[c] - 1);
  }

  void fit(size_t width) {
    const auto total = [&] { return std::accumulate(widths_.begin(), widths_.end(), kGap * (widths_.size() - 1)); };
    while (total() > width) {
      const std::optional<size_t> column = cheapest();
      if (!column) return;
      now_[*column] = std::move(narrower_[*column]);
      narrower_[*column] = heights(*column, --widths_[*column] - 1);
    }
  }

 private:
  std::vector<size_t> heights(size_t column, size_t width) const {
    std::vector<size_t> out;
    for (const auto& row : rows_) out.push_back(height_of(row[column], std::max<size_t>(width, 1)));
    return out;
  }

  size_t height_with(size_t narrower) const {
    size_t out = 0;
    for (size_t r = 0; r < rows_.size(); ++r) {
      size_t highest = 1;
      for (size_t c = 0; c < widths_.size(); ++c) highest = std::max(highest, (c == narrower ? narrower_ : now_)[c][r]);
      out += highest;
    }
    return out;
  }

  std::optional<size_t> cheapest() const {
    std::optional<size_t> out;
    size_t least = 0;
    for (size_t c = 1; c < widths_.size(); ++c) {
      if (widths_[c] <= kLeast) continue;
      const size_t height = height_with(c);
      if (out && (height > least || (height == least && widths_[c] <= widths_[*out]))) continue;
      out = c, least = height;
    }
    return out;
  }

  const std::vector<std::vector<std::string>>& rows_;
  std::vector<size_t>& widths_;
  std::vector<std::vector<size_t>> now_, narrower_;  // of every column, row by row
};

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

std::vector<size_t> fitted_widths(const std::vector<std::vector<std::string>>& rows, size_t width) {
  std::vector<size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  if (width != std::numeric_limits<size_t>::max()) Fitting(rows, widths).fit(width);
  return widths;
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
  const std::vector<size_t> widths = fitted_widths(rows_, width);
  std::string out;
  for (const auto& row : rows_) out += row_text(row, widths);
  return out;
}

std::string TextTable::with_sentences(size_t width) const {
  const size_t whole = fitted_widths(rows_, std::numeric_limits<size_t>::max()).back();
  const size_t fitted = fitted_widths(rows_, width).back();
  if (fitted == whole || fitted >= width / 2) return plain(width);
  std::vector<std::vector<std::string>> rows = rows_;
  for (auto& row : rows) row.pop_back();
  const std::vector<size_t> widths = fitted_widths(rows, width);
  std::string out = row_text(rows[0], widths);
  for (size_t r = 1; r < rows.size(); ++r) {
    out += row_text(rows[r], widths);
    for (const std::string& line : lines_of(rows_[r].back(), width - kIndent)) {
      if (!line.empty()) out += std::string(kIndent, ' ') + line + "\n";
    }
  }
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
