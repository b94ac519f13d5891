// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace sslbench {

// One build of the programs, to be started as people start it.
struct AbBuild {
  std::string name;                       // as the person named it
  std::filesystem::path program, worker;  // absolute
  std::string digest;                     // worker_digest()
  std::string override_worker;            // SSLBENCH_WORKER for it; "" where it finds that worker by itself
};

// `named`: a folder that holds `sslbench` and `sslbench-worker` (also one with a bin/ or build/release/bin/ of that
// kind), the program `sslbench` itself, or "this" for the running one. UserError when it is none of these.
AbBuild find_build(const std::string& named);

}  // namespace sslbench
