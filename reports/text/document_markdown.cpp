// SPDX-License-Identifier: Apache-2.0
#include "reports/text/document.h"
#include "reports/text/escape.h"
#include "reports/text/markdown_table.h"

namespace sslbench {
namespace {

std::string markdown(const Text& text) {
  std::string out;
  for (const Text::Span& span : text.spans()) {
    switch (span.kind) {
      case Text::Kind::foreign: out += escape_markdown(span.text); break;
      case Text::Kind::own: out += span.text; break;
      case Text::Kind::name: out += markdown_name(span.text); break;
      case Text::Kind::strong: out += "**" + span.text + "**"; break;
    }
  }
  return out;
}

std::string markdown(const Figure& figure) {
  return figure.bytes.empty() ? "" : "![" + escape_markdown(figure.title) + "](fig/" + figure.file + ")";
}

std::string markdown(const DocumentTable& table) {
  std::vector<std::string> header;
  for (const Text& cell : table.header()) header.push_back(markdown(cell));
  MarkdownTable out(header, table.texts());
  for (const auto& row : table.rows()) {
    std::vector<std::string> cells;
    for (const TableCell& cell : row) {
      cells.push_back(cell.picture.bytes.empty() ? markdown(cell.text) : markdown(cell.picture));
    }
    out.add(cells);
  }
  return out.text();
}

std::string markdown(const Bullets& bullets) {
  std::string out;
  for (const Text& item : bullets.items) out += "- " + markdown(item) + "\n";
  return out;
}

// A fence longer than any run of back quotes inside.
std::string markdown(const Code& code) {
  std::string body;
  for (const std::string& line : code.lines) body += visible_text(line) + "\n";
  std::string fence = "```";
  while (body.find(fence) != std::string::npos) fence += '`';
  return fence + "sh\n" + body + fence + "\n";
}

std::string markdown(const Heading& heading) {
  return std::string(static_cast<size_t>(heading.level), '#') + " " + markdown(heading.text) + "\n";
}

std::string markdown(const Contents& contents) {
  std::string out;
  for (const Text& heading : contents.headings) {
    out += (out.empty() ? "[" : " · [") + markdown(heading) + "](#" + anchor_of(heading) + ")";
  }
  return out;
}

std::string markdown(const Paragraph& paragraph) { return markdown(paragraph.text) + "\n"; }

// GitHub renders Markdown inside <details> after an empty line.
std::string markdown(const Fold& fold) {
  return "<details><summary>" + markdown(fold.summary) + "</summary>\n\n" + markdown_of(fold.blocks) + "</details>\n";
}

}  // namespace

std::string markdown_of(const Document& document) {
  std::string out;
  for (const Block& block : document) {
    const std::string text = std::visit([](const auto& content) { return markdown(content); }, block.content);
    if (text.empty()) continue;
    out += text + (text.back() == '\n' ? "\n" : "\n\n");
  }
  return out;
}

}  // namespace sslbench
