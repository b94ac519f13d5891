// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/progress/progress_view.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "suites/ground/printable.h"
#include "suites/runner/progress/run_table.h"

namespace sslbench {
namespace {

constexpr auto kLiveEvery = std::chrono::milliseconds(500);
constexpr auto kPlainEvery = std::chrono::seconds(30);
constexpr double kPlainShare = 0.05;

double fraction_of(const RunningLine& line) { return line.progress ? line.progress->fraction() : 0; }

double overall(const Situation& situation) {
  double done = static_cast<double>(situation.done_before + situation.finished.size());
  for (const RunningLine& line : situation.running) done += fraction_of(line);
  return done / static_cast<double>(std::max<size_t>(1, situation.done_before + situation.total()));
}

std::string percent(double share) { return std::to_string(static_cast<int>(std::floor(100 * share))) + " %"; }

std::string line_text(const RunningLine& line) {
  std::string out = line.run + ": ";
  if (!line.progress) return out + "starting, " + duration_text(line.seconds);
  const RunProgress& at = *line.progress;
  out += at.stage;
  if (at.steps > 0) out += " " + std::to_string(at.step) + "/" + std::to_string(at.steps);
  out += ", " + percent(at.fraction()) + " of the run, ";
  if (at.images_per_second > 0) out += std::to_string(std::lround(at.images_per_second)) + " images/s, ";
  return out + duration_text(line.seconds);
}

std::string total_text(const Situation& situation) {
  const std::optional<double> left = seconds_left(situation);
  return std::to_string(situation.done_before + situation.finished.size()) + "/" +
         std::to_string(situation.done_before + situation.total()) + " runs done, " + percent(overall(situation)) +
         (left ? ", about " + duration_text(*left) + " left" : "");
}

}  // namespace

std::optional<double> seconds_left(const Situation& situation) {
  std::vector<double> known = situation.finished;
  double longest = 0, sum = 0;
  for (const RunningLine& line : situation.running) {
    if (line.left) known.push_back(line.seconds + *line.left);
  }
  for (const auto& expected : situation.waiting) {
    if (expected) known.push_back(*expected);
  }
  if (known.empty()) return std::nullopt;
  const double typical = std::accumulate(known.begin(), known.end(), 0.0) / static_cast<double>(known.size());
  for (const RunningLine& line : situation.running) {
    const double left = line.left.value_or(std::max(0.0, typical - line.seconds));
    longest = std::max(longest, left);
    sum += left;
  }
  for (const auto& expected : situation.waiting) sum += expected.value_or(typical);
  return std::max(longest, sum / std::max(1, situation.jobs));
}

std::string duration_text(double seconds) {
  const int64_t whole = std::llround(std::max(0.0, seconds));
  const auto two = [](int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + two(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + two(whole / 60 % 60) + " min";
}

void ProgressView::clear() {
  for (; drawn_ > 0; --drawn_) std::fputs("\033[1A\033[2K", out_);
  std::fflush(out_);
}

void ProgressView::note(const std::string& line, LineColour colour) {
  clear();
  std::fprintf(out_, "%s\n", TerminalForm{.colour = colour_}.coloured(printable_lines(line), colour).c_str());
  std::fflush(out_);
  if (live_) last_ = {};
}

bool ProgressView::due(double fraction) {
  const auto now = std::chrono::steady_clock::now();
  if (last_ == std::chrono::steady_clock::time_point{} && !live_) last_ = now;
  const bool time =
      now - last_ >= (live_ ? std::chrono::duration_cast<std::chrono::milliseconds>(kLiveEvery) : kPlainEvery);
  if (!time && (live_ || fraction - last_fraction_ < kPlainShare)) return false;
  last_ = now;
  last_fraction_ = fraction;
  return true;
}

void ProgressView::show(const Situation& situation) {
  if (situation.running.empty() || !due(overall(situation))) return;
  clear();
  const size_t width = terminal_at(STDERR_FILENO).value_or(TerminalForm()).width - 1;
  std::vector<std::string> lines;
  if (live_) {
    lines = run_table(situation, width);
  } else {
    for (const RunningLine& line : situation.running) lines.push_back("  " + line_text(line));
  }
  lines.push_back(total_text(situation));
  for (std::string& line : lines) {
    if (live_) line.resize(std::min(line.size(), width));
    std::fprintf(out_, "%s\n", printable_lines(line).c_str());
  }
  std::fflush(out_);
  if (live_) drawn_ = lines.size();
}

bool stderr_is_live() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && *term != '\0' && std::strcmp(term, "dumb") != 0;
}

}  // namespace sslbench
