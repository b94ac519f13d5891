// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "reports/gate/verdict_text.h"
#include "reports/text/number_text.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

constexpr size_t kLongestName = 28, kGap = 2, kReasonIndent = 4;

LineColour colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::regressed:
    case Verdict::failed: return LineColour::red;
    case Verdict::missing:
    case Verdict::incomparable:
    case Verdict::inconclusive: return LineColour::yellow;
    case Verdict::improved: return LineColour::green;
    case Verdict::same: return LineColour::none;
  }
  return LineColour::none;
}

std::string why_text(const VerdictRow& row) {
  std::string out;
  if (row.cells == 1) out = row.before + " → " + row.now + (row.margin.empty() ? "" : "; margin " + row.margin);
  if (!row.reason.empty()) out += (out.empty() ? "" : "; ") + printable(row.reason);
  for (const std::string& mark : row.marks) out += "; " + printable(mark);
  return out;
}

}  // namespace

std::string verdict_counts(const std::vector<VerdictRow>& rows) {
  std::string out;
  for (const Verdict verdict : kWorstFirst) {
    const size_t n = count_of(rows, verdict);
    if (n > 0) out += (out.empty() ? "" : ", ") + std::to_string(n) + " " + std::string(verdict_name(verdict));
  }
  return out.empty() ? "nothing to judge" : out;
}

std::string verdict_lines(const std::vector<VerdictRow>& all, const TerminalForm& form, bool unchanged) {
  std::vector<VerdictRow> rows;
  std::copy_if(all.begin(), all.end(), std::back_inserter(rows),
               [&](const VerdictRow& row) { return unchanged || row.verdict != Verdict::same; });
  size_t verdict = 0, name = 0, measure = 0;
  for (const VerdictRow& row : rows) {
    verdict = std::max(verdict, verdict_name(row.verdict).size());
    name = std::max(name, std::min(kLongestName, columns_of(printable(row.row))));
    measure = std::max(measure, std::min(kLongestName, columns_of(printable(row.measure) + " " + row.better)));
  }
  const size_t room = form.width - std::min(form.width, verdict + 2 * kGap);
  measure = std::min(measure, room - std::min(room / 3, name));
  name = std::min(name, room - measure);
  std::string out;
  for (const VerdictRow& row : rows) {
    const std::string head =
        form.coloured(padded(std::string(verdict_name(row.verdict)), verdict), colour_of(row.verdict));
    const std::string where = padded(printable(row.row), name) + std::string(kGap, ' ') +
                              padded(printable(row.measure) + " " + row.better, measure);
    std::string line = std::string(kGap, ' ') + where;
    const std::string change = row.cells > 1 ? "" : row.change + (row.interval.empty() ? "" : " " + row.interval);
    if (verdict + columns_of(line) + kGap + columns_of(change) <= form.width) line += std::string(kGap, ' ') + change;
    const bool fits = line.ends_with(change);
    line.resize(line.find_last_not_of(' ') + 1);
    out += head + line + "\n" + folded((fits ? "" : change + "; ") + why_text(row), form.width, kReasonIndent);
  }
  return out;
}

std::string unchanged_text(const std::vector<VerdictRow>& rows) {
  const size_t same = count_of(rows, Verdict::same);
  return same == 0 ? "" : counted(same, "cell") + " unchanged; `--json` lists them\n";
}

}  // namespace sslbench
