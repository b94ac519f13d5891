// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sslbench {

// Faults of a set that were survived, counted by kind; of each kind the three alphabetically first examples are kept,
// so that the order in which they were found does not matter.
class FaultCounts {
 public:
  void add(const std::string& kind, const std::string& example);
  void add(const FaultCounts& other);
  int64_t count(const std::string& kind) const;
  // "2 zero-area boxes (a.xml, b.xml)", one a kind.
  std::vector<std::string> lines() const;
  // The lines behind a refusal that they may be the cause of: "" or " (2 zero-area boxes (a.xml, b.xml); ...)".
  std::string cause() const;

 private:
  struct Fault {
    int64_t count = 0;
    std::set<std::string> examples;
  };
  static void keep(Fault& fault, const std::string& example);
  std::map<std::string, Fault> faults_;
};

}  // namespace sslbench
