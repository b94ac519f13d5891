// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/first_above.h"

namespace sslbench {

int64_t first_above(const float* values, int64_t from, int64_t to, float bound) {
  constexpr int64_t kBlock = 64;  // of which vectors tell whether to look closer
  for (; from + kBlock <= to; from += kBlock) {
    int larger = 0;
    for (int64_t k = 0; k < kBlock; ++k) larger |= values[from + k] > bound ? 1 : 0;
    if (larger != 0) break;
  }
  while (from < to && !(values[from] > bound)) ++from;
  return from;
}

}  // namespace sslbench
