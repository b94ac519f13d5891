// SPDX-License-Identifier: Apache-2.0
// What the code of a traced file is made of, looked at before any of it runs.
#pragma once

#include <c10/core/Device.h>

#include <string>

namespace torch::jit {
struct Module;
}

namespace sslbench {

class ModelArchive;

// Before loading: no code that loading itself would run, no objects of C++ classes, no other file than LibTorch's own.
// UserError that names the file and what is refused.
void expect_plain_script(const ModelArchive& archive);

// After loading: every tensor's memory is as long as the file that it was read from. Loading believes the pickle there,
// and reading a tensor would go beyond. UserError names the file.
void expect_whole_storages(const ModelArchive& archive, const torch::jit::Module& module);

struct TracedCode {
  bool draws_numbers = false;       // dropout and its kind, in training mode
  bool normalises_batches = false;  // batch normalisation
};

// After loading: nothing but straight lines of tensor operators. UserError names what is refused.
TracedCode expect_straight_line(const torch::jit::Module& module, const std::string& file);

// Tensors and devices that the code holds as constants go to `device`, as far as they lay on the processor. Before the
// code first runs: what ran once keeps what it ran with.
void move_constants(const torch::jit::Module& module, at::Device device);

// Convolutions as traces write them become those that half precision knows on every device.
void use_public_convolutions(const torch::jit::Module& module);

}  // namespace sslbench
