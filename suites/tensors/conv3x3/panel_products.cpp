// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/conv3x3/panel_products.h"

#include <array>
#include <vector>

#include "suites/tensors/conv3x3/winograd_tiles.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sslbench {
namespace {

void anywhere(const PanelProduct& p) {
  for (int64_t r = 0; r < p.rows; ++r) {
    std::array<float, kPanel> sum{};
    for (int64_t s = 0; s < p.steps; ++s) {
      const float a = p.a[r * p.a_row + s * p.a_step];
      for (int64_t j = 0; j < kPanel; ++j) sum[j] += a * p.b[s * p.b_step + j];
    }
    float* out = p.out + r * p.out_row;
    for (int64_t j = 0; j < kPanel; ++j) out[j] = p.add ? out[j] + sum[j] : sum[j];
  }
}

#if defined(__x86_64__)

// The loops below have constant bounds: their arrays are registers.
template <int kRows>
__attribute__((target("avx512f"))) void rows_of_avx512(const PanelProduct& p, int64_t first) {
  __m512 sum[kRows];
  for (int r = 0; r < kRows; ++r) sum[r] = _mm512_setzero_ps();
  const float *a = p.a + first * p.a_row, *b = p.b;
  for (int64_t s = 0; s < p.steps; ++s, a += p.a_step, b += p.b_step) {
    const __m512 columns = _mm512_loadu_ps(b);
    for (int r = 0; r < kRows; ++r) sum[r] = _mm512_fmadd_ps(_mm512_set1_ps(a[r * p.a_row]), columns, sum[r]);
  }
  for (int r = 0; r < kRows; ++r) {
    float* out = p.out + (first + r) * p.out_row;
    _mm512_storeu_ps(out, p.add ? _mm512_add_ps(_mm512_loadu_ps(out), sum[r]) : sum[r]);
  }
}

template <int kRows>
__attribute__((target("avx2,fma"))) void rows_of_avx2(const PanelProduct& p, int64_t first) {
  __m256 left[kRows], right[kRows];
  for (int r = 0; r < kRows; ++r) left[r] = right[r] = _mm256_setzero_ps();
  const float *a = p.a + first * p.a_row, *b = p.b;
  for (int64_t s = 0; s < p.steps; ++s, a += p.a_step, b += p.b_step) {
    const __m256 left_columns = _mm256_loadu_ps(b), right_columns = _mm256_loadu_ps(b + 8);
    for (int r = 0; r < kRows; ++r) {
      const __m256 row = _mm256_broadcast_ss(a + r * p.a_row);
      left[r] = _mm256_fmadd_ps(row, left_columns, left[r]);
      right[r] = _mm256_fmadd_ps(row, right_columns, right[r]);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    float* out = p.out + (first + r) * p.out_row;
    _mm256_storeu_ps(out, p.add ? _mm256_add_ps(_mm256_loadu_ps(out), left[r]) : left[r]);
    _mm256_storeu_ps(out + 8, p.add ? _mm256_add_ps(_mm256_loadu_ps(out + 8), right[r]) : right[r]);
  }
}

using Rows = void (*)(const PanelProduct& product, int64_t first);

// All rows, as many at a time as `of` holds but its first: of[n] takes n rows.
template <size_t kCount>
void by_groups(const std::array<Rows, kCount>& of, const PanelProduct& p) {
  constexpr auto kMost = static_cast<int64_t>(kCount) - 1;
  int64_t r = 0;
  for (; r + kMost <= p.rows; r += kMost) of[kMost](p, r);
  if (r < p.rows) of[static_cast<size_t>(p.rows - r)](p, r);
}

void by_avx512(const PanelProduct& p) {
  static constexpr std::array<Rows, 17> kRows{nullptr,
                                              rows_of_avx512<1>,
                                              rows_of_avx512<2>,
                                              rows_of_avx512<3>,
                                              rows_of_avx512<4>,
                                              rows_of_avx512<5>,
                                              rows_of_avx512<6>,
                                              rows_of_avx512<7>,
                                              rows_of_avx512<8>,
                                              rows_of_avx512<9>,
                                              rows_of_avx512<10>,
                                              rows_of_avx512<11>,
                                              rows_of_avx512<12>,
                                              rows_of_avx512<13>,
                                              rows_of_avx512<14>,
                                              rows_of_avx512<15>,
                                              rows_of_avx512<16>};
  by_groups(kRows, p);
}

void by_avx2(const PanelProduct& p) {
  static constexpr std::array<Rows, 7> kRows{nullptr,         rows_of_avx2<1>, rows_of_avx2<2>, rows_of_avx2<3>,
                                             rows_of_avx2<4>, rows_of_avx2<5>, rows_of_avx2<6>};
  by_groups(kRows, p);
}

#endif

std::vector<PanelKernel> found_kernels() {
  std::vector<PanelKernel> out;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0) out.push_back({"AVX-512", by_avx512});
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) out.push_back({"AVX2", by_avx2});
#endif
  out.push_back({"any processor", anywhere});
  return out;
}

}  // namespace

std::span<const PanelKernel> panel_kernels() {
  static const std::vector<PanelKernel> kernels = found_kernels();
  return kernels;
}

}  // namespace sslbench
