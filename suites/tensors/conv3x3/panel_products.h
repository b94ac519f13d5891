// SPDX-License-Identifier: Apache-2.0
// The products of winograd_tiles.h: any number of rows with one panel of kPanel columns. Many small ones of the same
// shape, which a BLAS would pack again and again.
#pragma once

#include <cstdint>
#include <span>

namespace sslbench {

// out[r][j] (+)= sum over s of a[r][s] * b[s][j], j < kPanel, in the order of s, fused where the processor fuses. All
// steps in numbers; nothing need be aligned.
struct PanelProduct {
  int64_t rows, steps;
  const float* a;
  int64_t a_row, a_step;
  const float* b;
  int64_t b_step;
  float* out;
  int64_t out_row;
  bool add;  // to what is there
};

struct PanelKernel {
  const char* name;
  void (*run)(const PanelProduct& product);
};

// Those that this processor runs, the fastest first; those that fuse give equal bits.
std::span<const PanelKernel> panel_kernels();

}  // namespace sslbench
