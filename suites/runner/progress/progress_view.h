// SPDX-License-Identifier: Apache-2.0
// What a person sees on stderr while runs are at work.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "suites/ground/terminal/terminal_line.h"
#include "suites/handover/progress_file.h"

namespace sslbench {

struct RunningLine {
  std::string run;
  double seconds = 0;  // since its worker started
  std::optional<RunProgress> progress;
  std::optional<double> left;  // seconds, where there is a hint
};

struct Situation {
  std::vector<RunningLine> running;
  std::vector<std::optional<double>> waiting;  // expected seconds of each run not yet started
  std::vector<double> finished;                // seconds that each ended run took
  size_t done_before = 0;                      // runs of the suite that an earlier call carried out
  int jobs = 1;

  size_t total() const { return running.size() + waiting.size() + finished.size(); }
};

// Seconds until all is done; runs that nothing is known of count as the mean of the others. Nothing while there is no
// hint at all.
std::optional<double> seconds_left(const Situation& situation);

// "2 h 05 min", "3 min 20 s", "14 s".
std::string duration_text(double seconds);

// On a terminal: a table of the running runs, redrawn in place, and a total with the time left. Elsewhere: a line a run
// and the total, about every 30 s or 5 %.
class ProgressView {
 public:
  // `live`: `out` is a terminal that can move its cursor. `colour`: it may be coloured, too.
  ProgressView(std::FILE* out, bool live, bool colour = false) : out_(out), live_(live), colour_(live && colour) {}
  ~ProgressView() { clear(); }
  ProgressView(const ProgressView&) = delete;
  ProgressView& operator=(const ProgressView&) = delete;

  // A lasting line.
  void note(const std::string& line, LineColour colour = LineColour::none);
  void show(const Situation& situation);

 private:
  void clear();
  bool due(double fraction);

  std::FILE* out_;
  bool live_, colour_;
  size_t drawn_ = 0;  // lines that clear() takes away
  std::chrono::steady_clock::time_point last_{};
  double last_fraction_ = 0;
};

// Whether stderr is a terminal that can move its cursor (TERM is set and not "dumb").
bool stderr_is_live();

}  // namespace sslbench
