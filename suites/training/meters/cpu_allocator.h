// SPDX-License-Identifier: Apache-2.0
// CPU tensor memory: an exact counter of live and peak bytes, a cache by size class, and huge pages for large blocks.
#pragma once

#include <cstdint>

namespace sslbench {

// Installs the allocator for the whole process; call once, before the first tensor.
void install_cpu_allocator();

// The most bytes of CPU tensors that lived at one time since the last reset.
int64_t peak_tensor_bytes();
void reset_peak_tensor_bytes();
// Gives the cache back to the system.
void empty_tensor_cache();
// Does so, too; from then on blocks are refused as where the system has no more, once they are `bytes` more than
// now, those in the cache included.
void limit_further_tensors(int64_t bytes);
void lift_tensor_limit();
// Blocks that were asked of the system, since nothing in the cache was of their size.
int64_t tensor_blocks_made();

}  // namespace sslbench
