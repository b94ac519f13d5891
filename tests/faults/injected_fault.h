// SPDX-License-Identifier: Apache-2.0
// One call to the system that fails, in a program of this build: the library of tests/faults/shim, preloaded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "suites/ground/sanitizer.h"
#include "tests/faults/program.h"

namespace sslbench {

struct Fault {
  std::string call;     // open | write | fsync | rename | mkdir | close | lock | clock
  int64_t at = 1;       // the how manieth such call over all processes, from 1; 0: none fails, all are counted
  std::string what;     // what happens there: see tests/faults/shim/fault_shim.cpp
  std::string path;     // only calls on paths that contain this
  std::string program;  // only in the program of this name
};

class InjectedFault {
 public:
  explicit InjectedFault(const Fault& fault);

  // What a program is started with, over `around`.
  Surroundings in(Surroundings around) const;
  int64_t counted() const { return numbers()[0]; }
  int64_t fired() const { return numbers()[1]; }
  // Every call that was counted, "rename /path", with " <-" where the fault fired; and "publish /old/name" of every
  // rename.
  std::vector<std::string> calls() const;

 private:
  std::vector<int64_t> numbers() const;
  ScratchFolder folder_;
  Fault fault_;
};

// Whether a test walks every position (SSLBENCH_FULL_FAULTS is set) or a few spread over all.
bool walks_every_position();

// Positions 1..last: all of them, or about `few`, first and last among them.
std::vector<int64_t> positions(int64_t last, int64_t few);

#ifdef SSLBENCH_UNDER_SANITIZER
inline constexpr bool kNoPreloading = true;
#else
inline constexpr bool kNoPreloading = false;
#endif
inline constexpr const char* kWhyNoPreloading = "not run: the sanitizer's own library must come first";

}  // namespace sslbench
