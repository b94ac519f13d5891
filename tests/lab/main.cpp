// SPDX-License-Identifier: Apache-2.0
// gpu_lab PART DEVICE SECONDS [tiny]: one part of scripts/gpu-lab that needs our own code; rows on stdout, JSON a line.
#include <cstdio>
#include <exception>
#include <map>
#include <string>

#include "suites/ground/error.h"
#include "suites/training/device_meter.h"
#include "tests/lab/lab_row.h"

namespace sslbench {
namespace {

const std::map<std::string, void (*)(const Lab&)> kParts = {{"yardsticks", yardsticks}, {"steps", steps},
                                                            {"classes", classes},       {"variants", variants},
                                                            {"operators", operators},   {"same", same_twice}};

int run(int argc, char** argv) {
  const auto part = argc > 1 ? kParts.find(argv[1]) : kParts.end();
  const bool tiny = argc == 5 && std::string(argv[4]) == "tiny";
  if (part == kParts.end() || (argc != 4 && !tiny)) throw UserError("gpu_lab PART DEVICE SECONDS [tiny]");
  const at::Device device(argv[2]);
  if (device.is_cuda()) load_cuda(device.index());
  part->second(Lab(part->first, device, tiny, std::stod(argv[3])));
  return 0;
}

}  // namespace
}  // namespace sslbench

int main(int argc, char** argv) try { return sslbench::run(argc, argv); } catch (const std::exception& error) {
  std::fprintf(stderr, "gpu_lab: %s\n", error.what());
  return 2;
}
