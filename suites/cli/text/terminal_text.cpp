// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/terminal_text.h"

#include <cstdio>
#include <iostream>

#include "suites/ground/printable.h"

namespace sslbench {
namespace {

// A mark on the stream, which whatever buffer it has at that time can read.
const int kOrdersAllowed = std::ios_base::xalloc();
const int kColoursAllowed = std::ios_base::xalloc();

// As printable_lines(), but for "\033[…m", which only our own text holds.
std::string printable_coloured(const std::string& text, LineRules rules) {
  std::string out;
  size_t from = 0;
  for (size_t at = text.find("\033["); at != std::string::npos; at = text.find("\033[", at + 1)) {
    const size_t end = text.find_first_not_of("0123456789", at + 2);
    if (end == std::string::npos || text[end] != 'm') continue;
    out += printable_lines(std::string_view(text).substr(from, at - from), rules);
    rules.within_line = !out.empty() && out.back() != '\n';
    out += text.substr(at, end + 1 - at);
    from = end + 1;
  }
  return out + printable_lines(std::string_view(text).substr(from), rules);
}

}  // namespace

PrintableStream::PrintableStream(std::ostream& stream) : stream_(stream), own_(stream.rdbuf(this)) {}

PrintableStream::~PrintableStream() {
  sync();
  stream_.rdbuf(own_);
}

PrintableStream::int_type PrintableStream::overflow(int_type character) {
  if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(character);
  const char one = traits_type::to_char_type(character);
  return xsputn(&one, 1) == 1 ? character : traits_type::eof();
}

std::streamsize PrintableStream::xsputn(const char* text, std::streamsize count) {
  const size_t before = waiting_.size();
  const std::string_view added(text, static_cast<size_t>(count));
  waiting_ += added;
  const size_t end = added.rfind('\n');
  return end == std::string_view::npos || pass(before + end + 1) ? count : 0;
}

int PrintableStream::sync() { return pass(waiting_.size()) && own_->pubsync() == 0 ? 0 : -1; }

bool PrintableStream::pass(size_t bytes) {
  if (bytes == 0) return true;
  const std::string text = waiting_.substr(0, bytes);
  waiting_.erase(0, bytes);
  const LineRules rules{stream_.iword(kOrdersAllowed) != 0, within_line_};
  const std::string shown =
      stream_.iword(kColoursAllowed) != 0 ? printable_coloured(text, rules) : printable_lines(text, rules);
  within_line_ = text.back() != '\n';
  return own_->sputn(shown.data(), static_cast<std::streamsize>(shown.size())) ==
         static_cast<std::streamsize>(shown.size());
}

OrdersToCi::OrdersToCi(std::ostream& stream) : stream_(stream), before_(stream.iword(kOrdersAllowed)) {
  stream_.flush();
  stream_.iword(kOrdersAllowed) = 1;
}

OrdersToCi::~OrdersToCi() {
  stream_.flush();
  stream_.iword(kOrdersAllowed) = before_;
}

void clear_terminal() {
  std::cout.flush();
  std::fputs("\033[H\033[2J", stdout);
  std::fflush(stdout);
}

void print_coloured(std::ostream& stream, const std::string& text) {
  stream.flush();
  stream.iword(kColoursAllowed) = 1;
  stream << text << std::flush;
  stream.iword(kColoursAllowed) = 0;
}

void show_progress(const std::string& text) { std::fprintf(stderr, "\r%s", text.c_str()); }

void print_warning(const std::string& text) { std::cerr << "warning: " << printable(with_short_quotes(text)) << "\n"; }

}  // namespace sslbench
