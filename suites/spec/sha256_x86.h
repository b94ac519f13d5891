// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sslbench {

// Whether this processor has SHA-256 instructions.
bool has_sha_instructions();

// One block of 64 bytes by those instructions.
void compress_with_instructions(uint32_t* state, const uint8_t* block);

}  // namespace sslbench
