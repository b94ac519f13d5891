// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/mistakes.h"

#include <algorithm>
#include <utility>

namespace sslbench {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : "\nerror: ") + text;
  return out;
}

}  // namespace

SeveralMistakes::SeveralMistakes(std::vector<std::string> texts) : UserError(joined(texts)), texts_(std::move(texts)) {}

void Mistakes::add(const std::string& text) {
  if (std::find(texts_.begin(), texts_.end(), text) == texts_.end()) texts_.push_back(text);
}

void Mistakes::throw_any() const {
  if (texts_.size() == 1) throw UserError(texts_[0]);
  if (!texts_.empty()) throw SeveralMistakes(texts_);
}

}  // namespace sslbench
