// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sslbench {

// A table of GitHub-flavoured Markdown. Cells arrive escaped; the first `texts` columns are left-aligned, the others
// right.
class MarkdownTable {
 public:
  explicit MarkdownTable(std::vector<std::string> header, size_t texts = 1);
  // As many cells as the header has, else InternalError.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  std::string text() const;

 private:
  size_t texts_;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace sslbench
