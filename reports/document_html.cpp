// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "reports/document.h"
#include "reports/escape.h"
#include "reports/html_dress.h"

namespace sslbench {
namespace {

constexpr size_t kFilterRows = 8;  // shorter tables need no filter

std::string html_of(const Document& document);

// Where a narrow column may break a cell: a number before its interval or n, the name of a metric behind its protocol.
std::string with_breaks(std::string text, const std::string& before) {
  for (size_t at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
    text.insert(at + 1, "<wbr>");
  }
  return text;
}

std::string html(const Text& text) {
  std::string out;
  for (const Text::Span& span : text.spans()) {
    const std::string escaped = escape_xml(span.text);
    if (span.kind == Text::Kind::name) {
      out += "<code>" + escaped + "</code>";
    } else if (span.kind == Text::Kind::strong) {
      out += "<strong>" + escaped + "</strong>";
    } else {
      out += escaped;
    }
  }
  return out;
}

// RFC 4648, section 4.
std::string base64(const std::string& bytes) {
  constexpr const char* kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(bytes.size() * 4 / 3 + 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<uint8_t>(bytes[i + j]) : 0u);
    for (size_t j = 0; j < 4; ++j) {
      out += i + j < bytes.size() + 1 ? kDigits[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return out;
}

std::string html(const Figure& figure) {
  if (figure.bytes.empty()) return "";
  if (figure.file.ends_with(".svg")) {
    return "<figure class=\"chart\">" + figure.bytes + "</figure>\n";
  }
  return "<img alt=\"" + escape_xml(figure.title) + "\" src=\"data:image/png;base64," + base64(figure.bytes) + "\">\n";
}

std::string html(const TableCell& cell, const std::string& tag, bool left) {
  std::string attributes = left ? "" : " class=\"number\"";
  if (std::isfinite(cell.order)) {
    char value[40];
    std::snprintf(value, sizeof value, " data-order=\"%.9g\"", cell.order);
    attributes += value;
  }
  std::string inside = cell.picture.bytes.empty() ? html(cell.text) : html(cell.picture);
  if (!left && tag == "th") inside = with_breaks(std::move(inside), ".");
  if (!left && tag == "td") inside = with_breaks(with_breaks(std::move(inside), " ["), " (");
  return "<" + tag + attributes + ">" + inside + "</" + tag + ">";
}

std::string html(const DocumentTable& table) {
  const bool filter = table.rows().size() >= kFilterRows;
  std::string out = "<div class=\"table\"><table" + std::string(filter ? " class=\"filter\"" : "") + "><thead><tr>";
  for (size_t i = 0; i < table.header().size(); ++i) out += html(TableCell(table.header()[i]), "th", i < table.texts());
  out += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows()) {
    out += "<tr>";
    for (size_t i = 0; i < row.size(); ++i) out += html(row[i], "td", i < table.texts());
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string html(const Bullets& bullets) {
  std::string out = "<ul>\n";
  for (const Text& item : bullets.items) out += "<li>" + html(item) + "</li>\n";
  return out + "</ul>\n";
}

std::string html(const Code& code) {
  std::string out = "<pre><code>";
  for (const std::string& line : code.lines) out += escape_xml(line) + "\n";
  return out + "</code></pre>\n";
}

std::string html(const Heading& heading) {
  const std::string tag = "h" + std::to_string(heading.level);
  return "<" + tag + ">" + html(heading.text) + "</" + tag + ">\n";
}

std::string html(const Paragraph& paragraph) { return "<p>" + html(paragraph.text) + "</p>\n"; }

std::string html(const Fold& fold) {
  return "<details><summary>" + html(fold.summary) + "</summary>\n" + html_of(fold.blocks) + "</details>\n";
}

std::string html_of(const Document& document) {
  std::string out;
  for (const Block& block : document) {
    out += std::visit([](const auto& content) { return html(content); }, block.content);
  }
  return out;
}

}  // namespace

std::string html_page(const Document& document, const std::string& title) {
  // The policy lets the browser itself refuse what would leave the page.
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-"
         "Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src "
         "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
         "name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n<title>" +
         escape_xml(title) + "</title>\n<style>\n" + std::string(kHtmlStyle) + "</style>\n</head>\n<body>\n<main>\n" +
         html_of(document) + "</main>\n<script>\n" + std::string(kHtmlScript) + "</script>\n</body>\n</html>\n";
}

}  // namespace sslbench
