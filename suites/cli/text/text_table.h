// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace sslbench {

// Rows of cells under a header, for a terminal or for Markdown.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : rows_{std::move(header)} {}
  // Short rows are filled up with empty cells.
  void add(std::vector<std::string> row);
  // Columns aligned to their widest cell, two spaces apart, no trailing spaces. Where that is wider than `width`,
  // columns but the first are made narrower, so that the table becomes least high, and their cells take several lines.
  std::string plain(size_t width = std::numeric_limits<size_t>::max()) const;
  // As plain(); but where the last column, which holds sentences, would be narrowed to less than half of `width`, its
  // cells stand below their rows, indented, and its header is left out.
  std::string with_sentences(size_t width) const;
  std::string markdown() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace sslbench
