// SPDX-License-Identifier: Apache-2.0
// Ranks over LibTorch's own collectives (c10d): Gloo for tensors of the CPU, NCCL for those of a GPU.
#pragma once

#include <c10/core/Device.h>

#include <memory>
#include <string>

#include "suites/ground/meeting.h"
#include "suites/tensors/ranks/ranks.h"

namespace sslbench {

// Meets the other ranks of `run`, whose name keeps those of another run or start out. With a CUDA device the plugin
// must be loaded (load_cuda). PeerLost when not all of them come within the start timeout, RunFailure(ranks) when this
// rank cannot even try: the port is taken, the host unknown.
std::unique_ptr<Ranks> meet(const Meeting& meeting, const std::string& run, at::Device device);

}  // namespace sslbench
