// SPDX-License-Identifier: Apache-2.0
#include "reports/record/environment.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

#include "suites/ground/revision.h"

namespace sslbench {
namespace {

struct Cpu {
  std::string model = "unknown CPU";
  std::vector<std::string> flags;
};

std::string after_colon(const std::string& line) {
  const size_t colon = line.find(':');
  const size_t text = colon == std::string::npos ? colon : line.find_first_not_of(" \t", colon + 1);
  return text == std::string::npos ? "" : line.substr(text);
}

Cpu read_cpu() {
  Cpu cpu;
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("model name", 0) == 0) cpu.model = after_colon(line);
    if (line.rfind("flags", 0) != 0) continue;
    std::istringstream words(after_colon(line));
    const std::set<std::string> all{std::istream_iterator<std::string>(words), {}};
    for (const char* flag : {"avx2", "avx512f", "avx512_bf16", "amx_bf16"}) {
      if (all.count(flag) > 0) cpu.flags.push_back(flag);
    }
    break;
  }
  return cpu;
}

int usable_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

std::string kernel() {
  utsname name{};
  return uname(&name) == 0 ? std::string(name.sysname) + " " + name.release + " " + name.machine : "unknown";
}

}  // namespace

std::string machine_class(const std::string& cpu, int cores, const std::string& gpu) {
  return (gpu.empty() ? "" : gpu + "; ") + cpu + ", " + std::to_string(cores) + (cores == 1 ? " core" : " cores");
}

nlohmann::json environment() {
  const Cpu cpu = read_cpu();
  const int cores = usable_cores();
  const int64_t memory = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  nlohmann::json out{{"version", kVersion},
                     {"revision", kRevision},
                     {"dirty", kRevisionDirty},
                     {"compiler", kCompiler},
                     {"build_type", kBuildType},
                     {"cpu", cpu.model},
                     {"cpu_flags", cpu.flags},
                     {"cores", cores},
                     {"memory_bytes", memory},
                     {"kernel", kernel()},
                     {"machine_class", machine_class(cpu.model, cores)}};
  if (*kExtraMethods != '\0') out["extra_methods"] = kExtraMethods;
  return out;
}

}  // namespace sslbench
