// SPDX-License-Identifier: Apache-2.0
// Products of one tile of 16-bit integers, 6 queries by 16 rows, whose sums stay in registers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sslbench {

struct ShortTile {
  static constexpr size_t kRows = 16, kQueries = 6;

  const int16_t* queries;  // [column pair][6 queries][2 columns]
  const int16_t* rows;     // [column pair][16 rows][2 columns]
  size_t pairs;
};

// Writes the product of query q and row r to out[q * stride + r]. No sum of products of any columns may leave 32 bits.
using MultiplyShorts = void(const ShortTile& tile, size_t stride, int32_t* out);

struct ShortKernel {
  const char* name;
  MultiplyShorts* multiply;
};

// Those that this processor has, the fastest first; the last one runs anywhere.
std::span<const ShortKernel> short_kernels();

}  // namespace sslbench
