// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/mistakes.h"

#include <algorithm>

namespace sslbench {

void Mistakes::add(const std::string& text) {
  if (std::find(texts_.begin(), texts_.end(), text) == texts_.end()) texts_.push_back(text);
}

void Mistakes::throw_any() const {
  if (texts_.empty()) return;
  std::string all;
  for (const std::string& text : texts_) all += (all.empty() ? "" : "\nerror: ") + text;
  throw UserError(all);
}

}  // namespace sslbench
