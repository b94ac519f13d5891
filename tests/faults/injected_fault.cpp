// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/injected_fault.h"

#include <cstdlib>
#include <cstring>
#include <sstream>

#include "suites/files/atomic_file.h"

namespace sslbench {

InjectedFault::InjectedFault(const Fault& fault) : fault_(fault) {
  folder_.write("state", std::string(2 * sizeof(int64_t), '\0'));
}

Surroundings InjectedFault::in(Surroundings around) const {
  around.environment["LD_PRELOAD"] = SSLBENCH_FAULT_SHIM;
  around.environment["SSLBENCH_FAULT_STATE"] = (folder_.path() / "state").string();
  around.environment["SSLBENCH_FAULT_CALL"] = fault_.call;
  around.environment["SSLBENCH_FAULT_AT"] = std::to_string(fault_.at);
  around.environment["SSLBENCH_FAULT_DO"] = fault_.what;
  around.environment["SSLBENCH_FAULT_PATH"] = fault_.path;
  around.environment["SSLBENCH_FAULT_PROGRAM"] = fault_.program;
  return around;
}

std::vector<int64_t> InjectedFault::numbers() const {
  std::vector<int64_t> out(2);
  const std::string bytes = read_file(folder_.path() / "state");
  std::memcpy(out.data(), bytes.data(), 2 * sizeof(int64_t));
  return out;
}

std::vector<std::string> InjectedFault::calls() const {
  std::vector<std::string> out;
  const auto log = folder_.path() / "state.log";
  if (!std::filesystem::exists(log)) return out;
  std::istringstream in(read_file(log));
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

bool walks_every_position() { return std::getenv("SSLBENCH_FULL_FAULTS") != nullptr; }

std::vector<int64_t> positions(int64_t last, int64_t few) {
  std::vector<int64_t> out;
  if (walks_every_position() || last <= few) {
    for (int64_t k = 1; k <= last; ++k) out.push_back(k);
    return out;
  }
  for (int64_t i = 0; i < few; ++i) out.push_back(1 + i * (last - 1) / (few - 1));
  return out;
}

}  // namespace sslbench
