// SPDX-License-Identifier: Apache-2.0
// What may be said about one metric between two states of the code.
#pragma once

#include <string_view>

namespace sslbench {

enum class Verdict {
  same,          // nothing speaks for a change
  improved,      // better by more than chance and margin
  regressed,     // worse by more than chance and margin
  inconclusive,  // too few runs, or too much noise for this margin
  incomparable,  // measured under another protocol version, data, settings or machine
  missing,       // was measured before, or is asked for, and is not there or covers less
  failed         // every run of it failed
};

constexpr std::string_view verdict_name(Verdict verdict) {
  constexpr std::string_view names[] = {"same",         "improved", "regressed", "inconclusive",
                                        "incomparable", "missing",  "failed"};
  return names[static_cast<int>(verdict)];
}

}  // namespace sslbench
