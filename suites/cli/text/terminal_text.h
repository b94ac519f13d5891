// SPDX-License-Identifier: Apache-2.0
// Everything that a command prints passes here: names and texts of other people's files reach a terminal or a CI's log
// only in printable characters.
#pragma once

#include <iosfwd>
#include <streambuf>
#include <string>

namespace sslbench {

// Makes printable (suites/ground/printable.h) what is written to `stream` while it lives; flushes at the end.
class PrintableStream : private std::streambuf {
 public:
  explicit PrintableStream(std::ostream& stream);
  ~PrintableStream() override;
  PrintableStream(const PrintableStream&) = delete;
  PrintableStream& operator=(const PrintableStream&) = delete;

 private:
  int_type overflow(int_type character) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;
  bool pass(size_t bytes);  // the first bytes of what waits

  std::ostream& stream_;
  std::streambuf* own_;
  std::string waiting_;  // since the last line end or flush
  bool within_line_ = false;
};

// What is written to `stream` while it lives is ours and meant for the CI ("::error::…"): lines pass as they are. Texts
// of others in it are escaped by who writes it.
class OrdersToCi {
 public:
  explicit OrdersToCi(std::ostream& stream);
  ~OrdersToCi();
  OrdersToCi(const OrdersToCi&) = delete;
  OrdersToCi& operator=(const OrdersToCi&) = delete;

 private:
  std::ostream& stream_;
  long before_;
};

// Empties the terminal at standard output; what is written next stands at its top.
void clear_terminal();

// Writes text whose colours (suites/ground/terminal/terminal_line.h) are ours.
void print_coloured(std::ostream& stream, const std::string& text);

// Writes `text`, which is ours, over the line of the terminal at stderr.
void show_progress(const std::string& text);

// One line on stderr, with short quotations.
void print_warning(const std::string& text);

}  // namespace sslbench
