// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace sslbench {

// Why a step cannot be captured as a graph.
struct NotCapturable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// While one lives, what is called is captured as a graph: the host goes through it once, the device again and again.
// Whatever a step does on the host besides calling operators therefore asks whether there is one. One at a time in a
// process and seen by all its threads, since a GPU's backward pass has a thread of its own.
class Capture {
 public:
  Capture();
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  // Null where nothing is captured.
  static Capture* current();
  // Something to be done by the host after every replay, in the order of these calls, and not now.
  void after_replay(std::function<void()> effect) { effects_.push_back(std::move(effect)); }
  std::vector<std::function<void()>> take_effects() { return std::move(effects_); }

 private:
  std::vector<std::function<void()>> effects_;
};

// Before what the host does from values that change from step to step; NotCapturable(why) while something is captured.
void expect_no_capture(const char* why);

}  // namespace sslbench
