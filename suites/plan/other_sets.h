// SPDX-License-Identifier: Apache-2.0
// Sets that a protocol looks at beside its row's own: the option `other_sets` names them. A plan writes each as
// "NAME@DIGEST", so that what it holds counts in ids and keys and another one is noticed.
#pragma once

#include <string>

#include "suites/plan/run_spec.h"

namespace sslbench {

inline constexpr const char* kOtherSets = "other_sets";

inline std::string named_with_digest(const DatasetSpec& set) { return set.name + "@" + set.digest; }

struct OtherSet {
  std::string name, digest;  // digest "": not planned, as in tests
};
inline OtherSet other_set(const std::string& text) {
  const size_t at = text.find('@');
  return {text.substr(0, at), at == std::string::npos ? "" : text.substr(at + 1)};
}

}  // namespace sslbench
