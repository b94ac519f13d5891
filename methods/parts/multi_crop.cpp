// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/multi_crop.h"

#include "suites/tensors/aten.h"

namespace sslbench {

Tensor through_views(const std::vector<Tensor>& views, bool together,
                     const std::function<Tensor(const Tensor&)>& network) {
  std::vector<Tensor> out;
  for (size_t first = 0; first < views.size();) {
    size_t last = first + 1;
    while (together && last < views.size() && views[last].sizes() == views[first].sizes()) ++last;
    const auto at = [&](size_t i) { return views.begin() + static_cast<std::ptrdiff_t>(i); };
    out.push_back(network(last == first + 1 ? views[first] : at::cat(std::vector<Tensor>(at(first), at(last)))));
    first = last;
  }
  return out.size() == 1 ? out.front() : at::cat(out);
}

Option one_pass_option(bool authors) {
  return flag_option("one_pass", authors,
                     "views of one size in one forward pass, so that batch norm sees them together");
}

}  // namespace sslbench
