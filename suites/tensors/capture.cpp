// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/capture.h"

#include <atomic>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

std::atomic<Capture*> captured = nullptr;

}  // namespace

Capture::Capture() { require(captured.exchange(this) == nullptr, "a capture within a capture"); }

Capture::~Capture() { captured = nullptr; }

Capture* Capture::current() { return captured; }

void expect_no_capture(const char* why) {
  if (Capture::current() != nullptr) throw NotCapturable(why);
}

}  // namespace sslbench
