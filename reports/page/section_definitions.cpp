// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "reports/page/report_sections.h"

namespace sslbench {
void add_definitions(const Comparison& comparison, Document& document) {
  Bullets list;
  std::set<std::string> seen;
  for (const Column& column : comparison.columns) {
    const std::string family = metric_family(column.metric);
    const bool of_class = is_of_class(column.metric);
    if (!seen.insert(family + (of_class ? "/" : "")).second) continue;
    const Text name = of_class ? Text::name(family) + " of a class" : Text::name(column.metric);
    list.items.push_back(name + ": " +
                         Text(column.definition.empty() ? "as sslbench describe protocol says" : column.definition));
  }
  for (const char* line :
       {"images/s: source images (not views), median of windows, set-up apart",
        "CPU-hours: processor time of all threads; GPU-hours: wall time of the stage times its GPUs",
        "peak memory: of the process (resident set) and of its tensors (counted by the allocator), during the stage",
        "interval with one seed: quantiles 2.5 and 97.5 % of the metric over 1,000 resamples of the test images (the "
        "same for every row), moved by the resampling's own bias; Wilson's interval for a share of exactly 0 or 1",
        "interval with several seeds: mean ± h sqrt(s² / n + c), s² the variance between the n seeds, c what the test "
        "images do to all seeds alike (covariance of their resamples), h between t(0.975, n - 1) and t(0.975, images - "
        "1) by the share of s² / n; failed seeds left out and counted in the marks; †: c is not known",
        "a point is 0.01 of a fraction; test images are read once, and nothing is chosen on them"}) {
    list.items.emplace_back(line);
  }
  add(document, Heading{2, "How each number is defined"});
  add(document, std::move(list));
}

}  // namespace sslbench
