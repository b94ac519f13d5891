// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/terminal_text.h"

#include <gtest/gtest.h>

#include <iostream>
#include <sstream>

namespace sslbench {
namespace {

TEST(TerminalTextTest, WhatIsWrittenArrivesPrintable) {
  std::ostringstream stream;
  {
    const PrintableStream printable(stream);
    stream << "row \x1b[2Jx" << '\n' << "::error::" << 3 << "\n";
  }
  EXPECT_EQ(stream.str(), "row \\u001b[2Jx\n\\u003a:error::3\n");
}

TEST(TerminalTextTest, AFlushWithinALineStartsNone) {
  std::ostringstream stream;
  {
    const PrintableStream printable(stream);
    stream << "caption " << std::flush << "::x::\n" << std::flush << "::y::";
  }
  EXPECT_EQ(stream.str(), "caption ::x::\n\\u003a:y::");
}

TEST(TerminalTextTest, CharactersWrittenInPartsStayWhole) {
  std::ostringstream stream;
  {
    const PrintableStream printable(stream);
    for (const char c : std::string("é\n")) stream << c;
  }
  EXPECT_EQ(stream.str(), "é\n");
}

TEST(TerminalTextTest, OrdersAreThoseThatWereMeant) {
  std::ostringstream stream;
  {
    const PrintableStream printable(stream);
    {
      const OrdersToCi meant(stream);
      stream << "::error::ours\n";
    }
    stream << "::error::theirs\n";
  }
  EXPECT_EQ(stream.str(), "::error::ours\n\\u003a:error::theirs\n");
}

TEST(TerminalTextTest, TheStreamIsItsOwnAgain) {
  std::ostringstream stream;
  { const PrintableStream printable(stream); }
  stream << "\x1b";
  EXPECT_EQ(stream.str(), "\x1b");
}

class NoRoom : public std::streambuf {};

TEST(TerminalTextTest, AStreamThatCannotWriteSaysSo) {
  NoRoom no_room;
  std::ostream nowhere(&no_room);
  {
    const PrintableStream printable(nowhere);
    nowhere << "x" << std::flush;
    EXPECT_FALSE(nowhere.good());
  }
}

TEST(PrintableStreamTest, ColoursOfOursPassAndNothingElseThatSteers) {
  std::ostringstream stream;
  {
    const PrintableStream printable(stream);
    print_coloured(stream, "\033[31mred\033[0m \033[2J\n");
    stream << "\033[31mforeign\n";
  }
  EXPECT_EQ(stream.str(), "\033[31mred\033[0m \\u001b[2J\n\\u001b[31mforeign\n");
}

}  // namespace
}  // namespace sslbench
