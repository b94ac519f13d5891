// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "reports/history/metric_text.h"
#include "reports/history/trend.h"
#include "reports/text/number_text.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

constexpr size_t kIndent = 2;

std::string series_text(const TrendSeries& series, const TerminalForm& form) {
  const bool worse = last_gain(series) < 0;
  std::string line = form.coloured(worse ? "worse" : "better", worse ? LineColour::red : LineColour::green);
  line += std::string(kIndent + (worse ? 1 : 0), ' ') + printable(series.cell.name()) + " " + better_text(series.cell) +
          "\n";
  std::string what = "latest " + value_text(series.cell, series.values.back()) + " of " +
                     counted(series.values.size(), "recorded run") + "; " + changes_text(series, printable);
  if (!series.machine_class.empty()) what += "; " + printable(series.machine_class);
  return line + folded(what, form.width, kIndent);
}

}  // namespace

std::string trend_terminal(const std::vector<TrendSeries>& series, const std::string& suite, const TerminalForm& form) {
  std::vector<const TrendSeries*> changed = changed_first(series);
  std::erase_if(changed, [](const TrendSeries* one) { return one->segments.size() < 2; });
  std::string out = form.strong("sslbench " + printable(suite) + ": trend of " + counted(series.size(), "cell")) + "\n";
  for (const TrendSeries* one : changed) out += series_text(*one, form);
  return out + counted(series.size() - changed.size(), "cell") + " without a change\n";
}

}  // namespace sslbench
