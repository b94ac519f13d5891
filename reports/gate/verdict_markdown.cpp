// SPDX-License-Identifier: Apache-2.0
#include "reports/gate/verdict_text.h"
#include "reports/text/escape.h"
#include "reports/text/markdown_table.h"

namespace sslbench {
namespace {

constexpr size_t kLongestComment = 60'000;  // bytes; GitHub refuses 65,536

std::string sign_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::regressed:
    case Verdict::failed: return "❌";
    case Verdict::missing:
    case Verdict::incomparable: return "⛔";
    case Verdict::inconclusive: return "⚠️";
    case Verdict::improved: return "🎉";
    case Verdict::same: return "✅";
  }
  return "";
}

std::string verdict_text(const VerdictRow& row) {
  std::string out = sign_of(row.verdict) + " " + std::string(verdict_name(row.verdict));
  if (!row.reason.empty()) out += ": " + escape_markdown(row.reason);
  for (const std::string& mark : row.marks) out += " · " + escape_markdown(mark);
  return out;
}

std::vector<std::string> cells_of(const VerdictRow& row) {
  std::vector<std::string> out{markdown_name(row.row),
                               markdown_name(row.measure) + " " + row.better,
                               verdict_text(row),
                               row.before,
                               row.now,
                               row.change,
                               row.interval};
  if (!row.margin.empty()) out.push_back(row.margin);
  return out;
}

// The table of those rows that are, or are not, unchanged; stops before the text gets too long.
std::string table_of(const std::vector<VerdictRow>& rows, bool same, std::vector<std::string> header, size_t room) {
  MarkdownTable table(std::move(header), 3);
  size_t used = 0, left_out = 0;
  for (const VerdictRow& row : rows) {
    if ((row.verdict == Verdict::same) != same) continue;
    const std::vector<std::string> cells = cells_of(row);
    for (const std::string& text : cells) used += text.size() + 3;
    if (used > room) {
      ++left_out;
    } else {
      table.add(cells);
    }
  }
  if (table.empty()) return "";
  return table.text() + (left_out == 0 ? "" : "\n" + std::to_string(left_out) + " more rows are in the JSON.\n");
}

}  // namespace

size_t count_of(const std::vector<VerdictRow>& rows, Verdict verdict) {
  size_t out = 0;
  for (const VerdictRow& row : rows) out += row.verdict == verdict ? row.cells : 0;
  return out;
}

std::string signed_counts(const std::vector<VerdictRow>& rows) {
  std::string out;
  for (const Verdict verdict : kWorstFirst) {
    const size_t n = count_of(rows, verdict);
    if (n == 0) continue;
    out += (out.empty() ? "" : " · ") + sign_of(verdict) + " " + std::to_string(n) + " " +
           std::string(verdict_name(verdict));
  }
  return out.empty() ? "nothing to judge" : out;
}

std::string verdict_tables(const std::vector<VerdictRow>& rows, const std::vector<std::string>& header) {
  std::string out = table_of(rows, false, header, kLongestComment * 2 / 3);
  const size_t same = count_of(rows, Verdict::same);
  if (same == 0) return out;
  return out + "\n<details><summary>" + std::to_string(same) + " unchanged</summary>\n\n" +
         table_of(rows, true, header, kLongestComment / 4) + "\n</details>\n";
}

}  // namespace sslbench
