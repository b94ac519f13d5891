// SPDX-License-Identifier: Apache-2.0
#include "suites/training/noted_warnings.h"

#include <string_view>

namespace sslbench {
namespace {

// How LibTorch begins to say so, up to these words: "Flash Attention", "cuDNN Attention", an operation's name.
constexpr std::string_view kMarks[] = {" defaults to a non-deterministic algorithm",
                                       " does not have a deterministic implementation"};

}  // namespace

void NotedWarnings::process(const c10::Warning& warning) {
  for (const std::string_view mark : kMarks) {
    const size_t end = warning.msg().find(mark);
    if (end != std::string::npos) said_.insert(warning.msg().substr(0, end));
  }
  before_->process(warning);
}

std::string NotedWarnings::note() const {
  std::string names;
  for (const std::string& name : said_) names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? "" : "repeatable: no; the same seed may give other bits: " + names;
}

}  // namespace sslbench
