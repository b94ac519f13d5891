// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/terminal_text.h"

#include <cstdio>
#include <iostream>

#include "suites/ground/printable.h"

namespace sslbench {
namespace {

// A mark on the stream, which whatever buffer it has at that time can read.
const int kOrdersAllowed = std::ios_base::xalloc();

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
  const std::string shown = printable_lines(text, {stream_.iword(kOrdersAllowed) != 0, within_line_});
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

void show_progress(const std::string& text) { std::fprintf(stderr, "\r%s", text.c_str()); }

void print_warning(const std::string& text) { std::cerr << "warning: " << printable(with_short_quotes(text)) << "\n"; }

}  // namespace sslbench
