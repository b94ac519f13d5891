// SPDX-License-Identifier: Apache-2.0
// CSV as RFC 4180 has it: quotes, line ends inside quotes, CRLF; UTF-8, whose byte order mark is skipped.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sslbench {

struct CsvRow {
  int64_t line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
};

// What is wrong and in which line ("line 3: ..."), without the file's name.
class BadCsv : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Rows of a text; empty lines are left out. BadCsv for a NUL byte or a quote that is never closed.
std::vector<CsvRow> parse_csv(std::string_view text, char separator = ',');

}  // namespace sslbench
