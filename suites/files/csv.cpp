// SPDX-License-Identifier: Apache-2.0
#include "suites/files/csv.h"

namespace sslbench {

std::vector<CsvRow> parse_csv(std::string_view text, char separator) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<CsvRow> rows;
  CsvRow row{1, {}};
  std::string field;
  int64_t line = 1;
  bool quoted = false, was_quoted = false;
  const auto end_field = [&] { row.fields.push_back(std::move(field)), field.clear(), was_quoted = false; };
  const auto end_row = [&] {
    if (!row.fields.empty() || !field.empty() || was_quoted) end_field(), rows.push_back(std::move(row));
    row = {line + 1, {}};
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\0') throw BadCsv("line " + std::to_string(line) + ": holds a NUL byte");
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      field += text[++i];
    } else if (c == '"' && (quoted || field.empty())) {
      quoted = !quoted, was_quoted = true;
    } else if (!quoted && c == separator) {
      end_field();
    } else if (!quoted && c == '\n') {
      end_row(), ++line;
    } else if (quoted || c != '\r') {
      line += c == '\n';
      field += c;
    }
  }
  if (quoted) throw BadCsv("line " + std::to_string(row.line) + ": a quote is never closed");
  end_row();
  return rows;
}

}  // namespace sslbench
