// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/progress/run_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "suites/ground/printable.h"
#include "suites/runner/progress/progress_view.h"

namespace sslbench {
namespace {

constexpr size_t kColumns = 6;
constexpr size_t kGap = 2;
constexpr size_t kLeastName = 8;
using Cells = std::array<std::string, kColumns>;  // the first two are names, the others numbers

std::string loss_text(double loss) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", loss);
  return text;
}

Cells cells_of(const RunningLine& line) {
  const std::string left = line.left ? duration_text(*line.left) : "";
  if (!line.progress) return {printable(line.run), "starting", "", "", "", left};
  const RunProgress& at = *line.progress;
  return {printable(line.run),
          printable(at.stage),
          at.steps > 0 ? std::to_string(at.step) + "/" + std::to_string(at.steps) : "",
          at.loss ? loss_text(*at.loss) : "",
          at.images_per_second > 0 ? std::to_string(std::lround(at.images_per_second)) : "",
          left};
}

std::array<size_t, kColumns> widths_of(const std::vector<Cells>& rows, size_t width) {
  std::array<size_t, kColumns> widths{};
  for (const Cells& row : rows) {
    for (size_t c = 0; c < kColumns; ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  size_t all = (kColumns - 1) * kGap;
  for (const size_t each : widths) all += each;
  for (size_t c = 0; c < 2 && all > width; ++c) {
    const size_t fewer = std::min(all - width, widths[c] - std::min(widths[c], kLeastName));
    widths[c] -= fewer, all -= fewer;
  }
  return widths;
}

}  // namespace

std::vector<std::string> run_table(const Situation& situation, size_t width) {
  std::vector<Cells> rows{{"run", "stage", "step", "loss", "images/s", "left"}};
  for (const RunningLine& line : situation.running) rows.push_back(cells_of(line));
  const std::array<size_t, kColumns> widths = widths_of(rows, width);
  std::vector<std::string> out;
  for (const Cells& row : rows) {
    std::string line;
    for (size_t c = 0; c < kColumns; ++c) {
      const std::string cell = row[c].substr(0, widths[c]);
      const std::string space(widths[c] - cell.size(), ' ');
      line += (c == 0 ? "" : std::string(kGap, ' ')) + (c < 2 ? cell + space : space + cell);
    }
    line.resize(std::min(line.size(), width));
    line.erase(line.find_last_not_of(' ') + 1);
    out.push_back(line);
  }
  return out;
}

}  // namespace sslbench
