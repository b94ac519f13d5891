// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <vector>

#include "reports/page/report_sections.h"

namespace sslbench {
namespace {

// One definition of a metric, and whose it is.
struct Defined {
  std::string metric, definition;
  bool of_class = false;
  std::vector<std::string> protocols;

  bool same_name(const Defined& other) const { return metric == other.metric && of_class == other.of_class; }
};

// In the order of the columns.
std::vector<Defined> definitions_of(const std::vector<Column>& columns) {
  std::vector<Defined> out;
  for (const Column& column : columns) {
    const std::string name = column.of_class ? metric_family(column.metric) : column.metric;
    Defined each{name, column.definition, column.of_class, {}};
    auto found = std::ranges::find_if(
        out, [&](const Defined& other) { return other.same_name(each) && other.definition == each.definition; });
    if (found == out.end()) found = out.insert(out.end(), std::move(each));
    if (std::ranges::count(found->protocols, column.protocol) == 0) found->protocols.push_back(column.protocol);
  }
  return out;
}

// Where protocols mean different things by one name, they stand before it: "clustering.accuracy".
Text name_of(const Defined& defined, const std::vector<Defined>& all) {
  const auto alike = std::ranges::count_if(all, [&](const Defined& other) { return other.same_name(defined); });
  std::string name;
  for (const std::string& protocol : alike > 1 ? defined.protocols : std::vector<std::string>{""}) {
    name += (name.empty() ? "" : ", ") + (protocol.empty() ? "" : protocol + ".") + defined.metric;
  }
  return defined.of_class ? Text::name(name) + " of a class" : Text::name(name);
}

}  // namespace

void add_definitions(const Comparison& comparison, Document& document) {
  Bullets list;
  const std::vector<Defined> all = definitions_of(comparison.columns);
  for (const Defined& each : all) {
    list.items.push_back(name_of(each, all) + ": " +
                         Text(each.definition.empty() ? "as sslbench describe protocol says" : each.definition));
  }
  for (const char* line :
       {"images/s: source images (not views), median of windows, set-up apart",
        "CPU time: processor time of all threads; GPU time: wall time of the stage times its GPUs",
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
