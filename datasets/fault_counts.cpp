// SPDX-License-Identifier: Apache-2.0
#include "datasets/fault_counts.h"

#include <iterator>

namespace sslbench {

void FaultCounts::keep(Fault& fault, const std::string& example) {
  constexpr size_t kExamples = 3;
  fault.examples.insert(example);
  if (fault.examples.size() > kExamples) fault.examples.erase(std::prev(fault.examples.end()));
}

void FaultCounts::add(const std::string& kind, const std::string& example) {
  Fault& fault = faults_[kind];
  ++fault.count;
  keep(fault, example);
}

void FaultCounts::add(const FaultCounts& other) {
  for (const auto& [kind, more] : other.faults_) {
    Fault& fault = faults_[kind];
    fault.count += more.count;
    for (const std::string& example : more.examples) keep(fault, example);
  }
}

int64_t FaultCounts::count(const std::string& kind) const {
  const auto found = faults_.find(kind);
  return found == faults_.end() ? 0 : found->second.count;
}

std::vector<std::string> FaultCounts::lines() const {
  std::vector<std::string> out;
  for (const auto& [kind, fault] : faults_) {
    std::string line = std::to_string(fault.count) + " " + kind + " (";
    for (const std::string& example : fault.examples) line += (line.ends_with('(') ? "" : ", ") + example;
    if (fault.count > static_cast<int64_t>(fault.examples.size())) line += ", ...";
    out.push_back(line + ")");
  }
  return out;
}

std::string FaultCounts::cause() const {
  std::string out;
  for (const std::string& line : lines()) out += (out.empty() ? " (" : "; ") + line;
  return out.empty() ? "" : out + ")";
}

}  // namespace sslbench
