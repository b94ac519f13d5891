// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/util/Exception.h>

#include <set>
#include <string>

namespace sslbench {

// While it lives, remembers which of LibTorch's warnings on this thread (autograd hands over those of its own) say that
// an operation is not repeatable: in the mode that a GPU runs in (suites/training/device_meter.cpp) it computes all the
// same. All warnings still go where they went.
class NotedWarnings final : public c10::WarningHandler {
 public:
  NotedWarnings() = default;

  // A line for a record, or "" where nothing was said. LibTorch says most of it once a process.
  std::string note() const;

 private:
  void process(const c10::Warning& warning) override;

  c10::WarningHandler* before_ = c10::WarningUtils::get_warning_handler();
  std::set<std::string> said_;
  c10::WarningUtils::WarningHandlerGuard guard_{this};
};

}  // namespace sslbench
