// SPDX-License-Identifier: Apache-2.0
#include "reports/text/markdown_table.h"

#include "suites/ground/error.h"

namespace sslbench {
namespace {

std::string line_of(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

}  // namespace

MarkdownTable::MarkdownTable(std::vector<std::string> header, size_t texts)
    : texts_(texts), header_(std::move(header)) {}

void MarkdownTable::add(std::vector<std::string> cells) {
  require(cells.size() == header_.size(), "a table row needs as many cells as the header");
  rows_.push_back(std::move(cells));
}

std::string MarkdownTable::text() const {
  std::string out = line_of(header_) + "|";
  for (size_t i = 0; i < header_.size(); ++i) out += i < texts_ ? "---|" : "---:|";
  out += '\n';
  for (const auto& row : rows_) out += line_of(row);
  return out;
}

}  // namespace sslbench
