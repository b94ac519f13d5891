// SPDX-License-Identifier: Apache-2.0
// Where a number was made: the build and the machine. No host name, no user, no paths.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sslbench {

// Returns {version, revision, dirty, compiler, build_type, cpu, cpu_flags, cores, memory_bytes, kernel, machine_class},
// and of a build with methods from outside the tree {extra_methods}: their folder's name and digest. `cpu_flags` lists
// those of avx2, avx512f, avx512_bf16 and amx_bf16 that the CPU has; `cores` are those this process may run on. The
// worker adds what it alone knows (LibTorch, CUDA, cuDNN, driver, GPU, threads).
nlohmann::json environment();

// Returns the class within which speeds may be compared: "<CPU>, <n> cores", on a GPU "<GPU>; <CPU>, <n> cores", since
// the CPU feeds it.
std::string machine_class(const std::string& cpu, int cores, const std::string& gpu = "");

}  // namespace sslbench
