// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <unordered_map>

#include "suites/plan/run_spec.h"

namespace sslbench {

// Lets the runs that it is given share the settings that they have in common.
class SharedParts {
 public:
  void share(RunSpec& run);

 private:
  void share(SharedJson& value);

  std::unordered_multimap<size_t, SharedJson> known_;  // by hash
};

}  // namespace sslbench
