// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/wall_time.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace sslbench {

double wall_time(std::vector<double> runs, int jobs) {
  std::ranges::sort(runs, std::greater());
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
  for (int i = 0; i < jobs; ++i) free_at.push(0);
  double last = 0;
  for (const double run : runs) {
    const double end = free_at.top() + run;
    free_at.pop();
    free_at.push(end);
    last = std::max(last, end);
  }
  return last;
}

}  // namespace sslbench
