// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "reports/text/document.h"
#include "reports/text/escape.h"
#include "reports/text/html_dress.h"

namespace sslbench {
namespace {

constexpr size_t kFilterRows = 8;    // shorter tables need no filter
constexpr size_t kWideColumns = 11;  // a laptop's window holds no more of them in the size of text

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
void add_base64(const std::string& bytes, std::string& out) {
  constexpr const char* kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out.reserve(out.size() + bytes.size() * 4 / 3 + 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<uint8_t>(bytes[i + j]) : 0u);
    for (size_t j = 0; j < 4; ++j) {
      out += i + j < bytes.size() + 1 ? kDigits[group >> (18 - 6 * j) & 63] : '=';
    }
  }
}

// Appends to one text: pages hold many pictures, which are not to be copied at every level.
class HtmlWriter {
 public:
  void add(const std::string& markup) { out_ += markup; }
  void add(const Document& document) {
    for (const Block& block : document) {
      std::visit([this](const auto& content) { add(content); }, block.content);
    }
  }
  std::string take() { return std::move(out_); }

 private:
  void add(const Figure& figure) {
    if (figure.bytes.empty()) return;
    if (figure.file.ends_with(".svg")) {
      out_ += "<figure class=\"chart\">";
      out_ += figure.bytes;
      out_ += "</figure>\n";
      return;
    }
    out_ += "<img alt=\"" + escape_xml(figure.title) + "\" src=\"data:image/png;base64,";
    add_base64(figure.bytes, out_);
    out_ += "\">\n";
  }

  void add(const TableCell& cell, const std::string& tag, bool left) {
    out_ += "<" + tag + (left ? "" : " class=\"number\"");
    if (std::isfinite(cell.order)) {
      char value[40];
      std::snprintf(value, sizeof value, " data-order=\"%.9g\"", cell.order);
      out_ += value;
    }
    out_ += '>';
    if (!cell.picture.bytes.empty()) {
      add(cell.picture);
    } else {
      std::string inside = html(cell.text);
      if (!left && tag == "th") inside = with_breaks(std::move(inside), ".");
      if (!left && tag == "td") inside = with_breaks(with_breaks(std::move(inside), " ["), " (");
      out_ += inside;
    }
    out_ += "</" + tag + ">";
  }

  void add(const DocumentTable& table) {
    std::string classes = table.rows().size() >= kFilterRows ? "filter" : "";
    if (table.header().size() >= kWideColumns) classes += classes.empty() ? "wide" : " wide";
    out_ += "<div class=\"table\"><table" + (classes.empty() ? "" : " class=\"" + classes + "\"") + "><thead><tr>";
    for (size_t i = 0; i < table.header().size(); ++i) add(TableCell(table.header()[i]), "th", i < table.texts());
    out_ += "</tr></thead><tbody>\n";
    for (const auto& row : table.rows()) {
      out_ += "<tr>";
      for (size_t i = 0; i < row.size(); ++i) add(row[i], "td", i < table.texts());
      out_ += "</tr>\n";
    }
    out_ += "</tbody></table></div>\n";
  }

  void add(const Bullets& bullets) {
    out_ += "<ul>\n";
    for (const Text& item : bullets.items) out_ += "<li>" + html(item) + "</li>\n";
    out_ += "</ul>\n";
  }

  void add(const Code& code) {
    out_ += "<pre><code>";
    for (const std::string& line : code.lines) out_ += escape_xml(line) + "\n";
    out_ += "</code></pre>\n";
  }

  void add(const Heading& heading) {
    const std::string tag = "h" + std::to_string(heading.level);
    const std::string id = heading.level == 2 ? " id=\"" + anchor_of(heading.text) + "\"" : "";
    out_ += "<" + tag + id + ">" + html(heading.text) + "</" + tag + ">\n";
  }

  void add(const Contents& contents) {
    if (contents.headings.empty()) return;
    out_ += "<nav aria-label=\"contents\">";
    for (const Text& heading : contents.headings) {
      out_ += "<a href=\"#" + anchor_of(heading) + "\">" + html(heading) + "</a>\n";
    }
    out_ += "</nav>\n";
  }

  void add(const Paragraph& paragraph) { out_ += "<p>" + html(paragraph.text) + "</p>\n"; }

  void add(const Fold& fold) {
    out_ += "<details><summary>" + html(fold.summary) + "</summary>\n";
    add(fold.blocks);
    out_ += "</details>\n";
  }

  std::string out_;
};

}  // namespace

std::string html_page(const Document& document, const std::string& title) {
  HtmlWriter page;
  // The policy lets the browser itself refuse what would leave the page.
  page.add(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-"
      "Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src "
      "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
      "name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n<title>" +
      escape_xml(title) + "</title>\n<style>\n" + std::string(kHtmlStyle) + "</style>\n</head>\n<body>\n<main>\n");
  page.add(document);
  page.add("</main>\n<script>\n" + std::string(kHtmlScript) + "</script>\n</body>\n</html>\n");
  return page.take();
}

}  // namespace sslbench
