// SPDX-License-Identifier: Apache-2.0
// libFuzzer's entry points for the target that SSLBENCH_FUZZ_TARGET names. With SSLBENCH_FUZZ_SEEDS=FOLDER the target's
// seeds are written there and the program ends; with SSLBENCH_FUZZ_LIST=1 the names of all targets are printed.
#include <cstdio>
#include <cstdlib>

#include "suites/ground/error.h"
#include "tests/fuzz/target.h"

namespace {

using namespace sslbench;

const FuzzTarget* chosen = nullptr;

void write_seeds(const FuzzTarget& target, const std::filesystem::path& folder) {
  const std::vector<std::string> seeds = target.seeds();
  for (size_t i = 0; i < seeds.size(); ++i) write_to(folder, "seed-" + std::to_string(i), seeds[i]);
}

}  // namespace

// HDF5 forgets some of what it opened of a file that it then refuses; the programs read records in a child for that.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5\n"; }

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  if (std::getenv("SSLBENCH_FUZZ_LIST") != nullptr) {
    for (const auto& [name, target] : Registry<FuzzTarget>::all()) std::printf("%s\n", name.c_str());
    std::exit(0);
  }
  const char* name = std::getenv("SSLBENCH_FUZZ_TARGET");
  try {
    chosen = &Registry<FuzzTarget>::find(name != nullptr ? name : "");
  } catch (const UserError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    std::exit(2);
  }
  if (const char* folder = std::getenv("SSLBENCH_FUZZ_SEEDS"); folder != nullptr) {
    write_seeds(*chosen, folder);
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  run_target(*chosen, {reinterpret_cast<const char*>(data), size});
  return 0;
}
