// SPDX-License-Identifier: Apache-2.0
// What the CUDA plugin exports of NCCL.
#pragma once

#include <cstdint>

namespace c10d {
class Backend;
class Store;
}  // namespace c10d

namespace sslbench {

// A process group over NCCL for `device`; exported as sslbench_nccl_backend. Takes over one reference to the store and
// gives one to the group.
using MakeNcclBackend = c10d::Backend* (*)(c10d::Store* store, int rank, int size, int device, int64_t timeout_ms);

}  // namespace sslbench
