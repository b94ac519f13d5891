// SPDX-License-Identifier: Apache-2.0
// A report as text that has parts, before it is Markdown or HTML: what one form says, the other says, too.
#pragma once

#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace sslbench {

// A picture as a file below fig/ and its bytes; empty bytes = nothing to show.
struct Figure {
  std::string file;   // "cost.svg"
  std::string title;  // what it shows, unescaped
  std::string bytes;
};

// A line of text. A std::string may come from anywhere and is escaped; a literal is ours and printed as it is, so it
// holds no markup and none of & < >.
class Text {
 public:
  enum class Kind { foreign, own, name, strong };
  struct Span {
    Kind kind;
    std::string text;
  };

  Text() = default;
  Text(const char* own) { add(Kind::own, own); }                     // NOLINT(google-explicit-constructor)
  Text(const std::string& foreign) { add(Kind::foreign, foreign); }  // NOLINT(google-explicit-constructor)
  static Text own(const std::string& text) { return Text().add(Kind::own, text); }
  // The name of a row, run, metric: looks like code.
  static Text name(const std::string& text) { return Text().add(Kind::name, text); }
  // Our own text, stressed.
  static Text strong(const std::string& text) { return Text().add(Kind::strong, text); }

  Text& operator+=(const Text& more);
  friend Text operator+(Text left, const Text& right) { return left += right; }
  bool empty() const { return spans_.empty(); }
  const std::vector<Span>& spans() const { return spans_; }

 private:
  Text& add(Kind kind, const std::string& text);
  std::vector<Span> spans_;
};

// Joined by ", ".
Text listed(const std::vector<Text>& parts);

struct Heading {
  int level = 2;  // 1 to 4
  Text text;
};
// Links to the headings of level 2 that follow it, in one line.
struct Contents {
  std::vector<Text> headings;
};
struct Paragraph {
  Text text;
};
struct Bullets {
  std::vector<Text> items;
};
struct Code {
  std::vector<std::string> lines;
};

struct TableCell {
  Text text;
  double order = std::numeric_limits<double>::quiet_NaN();  // what sorts a column; else its text does
  Figure picture;                                           // in place of the text

  TableCell(Text t) : text(std::move(t)) {}                 // NOLINT(google-explicit-constructor)
  TableCell(const char* own) : text(own) {}                 // NOLINT(google-explicit-constructor)
  TableCell(const std::string& foreign) : text(foreign) {}  // NOLINT(google-explicit-constructor)
  TableCell(Figure figure) : picture(std::move(figure)) {}  // NOLINT(google-explicit-constructor)
  TableCell(Text t, double by) : text(std::move(t)), order(by) {}
};

// The first `texts` columns are left-aligned, the others right.
class DocumentTable {
 public:
  explicit DocumentTable(std::vector<Text> header, size_t texts = 1) : header_(std::move(header)), texts_(texts) {}
  // As many cells as the header has, else InternalError.
  void add(std::vector<TableCell> cells);
  // Takes out the columns without a number in any row, of those that hold numbers.
  void drop_columns_without_numbers();
  bool empty() const { return rows_.empty(); }
  const std::vector<Text>& header() const { return header_; }
  const std::vector<std::vector<TableCell>>& rows() const { return rows_; }
  size_t texts() const { return texts_; }

 private:
  std::vector<Text> header_;
  std::vector<std::vector<TableCell>> rows_;
  size_t texts_;
};

struct Block;
// Shut until somebody opens it.
struct Fold {
  Text summary;
  std::vector<Block> blocks;
};
struct Block {
  std::variant<Heading, Contents, Paragraph, Bullets, Code, DocumentTable, Figure, Fold> content;
};
using Document = std::vector<Block>;

template <class Content>
void add(Document& document, Content content) {
  document.push_back(Block{std::move(content)});
}

// Every picture of the document that has bytes, in order; they live as long as it.
std::vector<const Figure*> figures_of(const Document& document);

// The contents that the headings of level 2 behind the first `from` blocks make.
Contents contents_of(const Document& document, size_t from);

// What GitHub calls a heading in an address: small letters and digits, one '-' for each space.
std::string anchor_of(const Text& heading);

// GitHub-flavoured Markdown; pictures are links to fig/<file>.
std::string markdown_of(const Document& document);

// One page that needs nothing else: style, script and pictures inside. Light and dark as the reader's system; tables
// sort and filter where scripts run.
std::string html_page(const Document& document, const std::string& title);

}  // namespace sslbench
