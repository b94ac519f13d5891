// SPDX-License-Identifier: Apache-2.0
#include "suites/training/precision.h"

#include <ATen/Context.h>

#include <fstream>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

// AVX512-BF16 or AMX-BF16.
bool cpu_has_bf16() {
  std::ifstream cpu("/proc/cpuinfo");
  for (std::string line; std::getline(cpu, line);) {
    if (!line.starts_with("flags")) continue;
    return line.find(" avx512_bf16") != std::string::npos || line.find(" amx_bf16") != std::string::npos;
  }
  return false;
}

}  // namespace

Option precision_option() {
  return choice_option("precision", "auto", {"auto", "fp32", "tf32", "bf16", "fp16"},
                       "auto: bf16 on a GPU and on CPUs that multiply it; tf32: a GPU's convolutions round to TF32, "
                       "PyTorch's default (on a CPU: fp32); fp16: of GPUs without bf16, with dynamic loss scaling; of "
                       "training alone: features and frozen backbones are computed in fp32 without TF32 whatever it "
                       "says");
}

Precision precision_of(const std::string& name, at::Device device) {
  if (name == "bf16") return Precision::bf16;
  if (name == "fp16") {
    if (device.is_cuda()) return Precision::fp16;
    throw UserError("precision = \"fp16\" needs a GPU, and this run is on device " + device.str() +
                    "; use precision = \"bf16\", which needs no scaled loss either");
  }
  if (name == "tf32" && device.is_cuda()) return Precision::tf32;
  return name == "auto" && (device.is_cuda() || cpu_has_bf16()) ? Precision::bf16 : Precision::fp32;
}

const char* name_of(Precision precision) {
  switch (precision) {
    case Precision::fp32: return "fp32";
    case Precision::tf32: return "tf32";
    case Precision::bf16: return "bf16";
    case Precision::fp16: return "fp16";
  }
  throw InternalError("internal error: unknown precision");
}

AutocastType autocast_type(Precision precision) {
  if (precision == Precision::bf16) return at::kBFloat16;
  if (precision == Precision::fp16) return at::kHalf;
  return std::nullopt;
}

ConvolutionsInTf32::ConvolutionsInTf32(bool allowed) : before_(at::globalContext().allowTF32CuDNN()) {
  at::globalContext().setAllowTF32CuDNN(allowed);
}

ConvolutionsInTf32::~ConvolutionsInTf32() { at::globalContext().setAllowTF32CuDNN(before_); }

}  // namespace sslbench
