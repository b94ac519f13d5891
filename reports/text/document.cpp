// SPDX-License-Identifier: Apache-2.0
#include "reports/text/document.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

void collect(const Document& document, std::vector<const Figure*>& out) {
  const auto keep = [&out](const Figure& figure) {
    if (!figure.bytes.empty()) out.push_back(&figure);
  };
  for (const Block& block : document) {
    if (const auto* figure = std::get_if<Figure>(&block.content)) keep(*figure);
    if (const auto* fold = std::get_if<Fold>(&block.content)) collect(fold->blocks, out);
    if (const auto* table = std::get_if<DocumentTable>(&block.content)) {
      for (const auto& row : table->rows()) {
        for (const TableCell& cell : row) keep(cell.picture);
      }
    }
  }
}

}  // namespace

Text& Text::add(Kind kind, const std::string& text) {
  if (!text.empty()) spans_.push_back({kind, text});
  return *this;
}

Text& Text::operator+=(const Text& more) {
  spans_.insert(spans_.end(), more.spans_.begin(), more.spans_.end());
  return *this;
}

Text listed(const std::vector<Text>& parts) {
  Text out;
  for (const Text& part : parts) out += (out.empty() ? Text() : Text(", ")) + part;
  return out;
}

void DocumentTable::add(std::vector<TableCell> cells) {
  require(cells.size() == header_.size(), "a table row needs as many cells as the header");
  rows_.push_back(std::move(cells));
}

void DocumentTable::drop_columns_without_numbers() {
  for (size_t column = header_.size(); column-- > texts_;) {
    const auto has_number = [&](const std::vector<TableCell>& row) { return !std::isnan(row[column].order); };
    if (std::ranges::any_of(rows_, has_number)) continue;
    const auto at = static_cast<std::ptrdiff_t>(column);
    header_.erase(header_.begin() + at);
    for (auto& row : rows_) row.erase(row.begin() + at);
  }
}

Contents contents_of(const Document& document, size_t from) {
  Contents out;
  for (size_t i = from; i < document.size(); ++i) {
    const auto* heading = std::get_if<Heading>(&document[i].content);
    if (heading != nullptr && heading->level == 2) out.headings.push_back(heading->text);
  }
  return out;
}

std::string anchor_of(const Text& heading) {
  std::string out;
  for (const Text::Span& span : heading.spans()) {
    for (const char c : span.text) {
      if (c == ' ') out += '-';
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_') {
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
  }
  return out;
}

std::vector<const Figure*> figures_of(const Document& document) {
  std::vector<const Figure*> out;
  collect(document, out);
  return out;
}

}  // namespace sslbench
