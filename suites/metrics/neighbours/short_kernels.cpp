// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/neighbours/short_kernels.h"

#include <cstring>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sslbench {
namespace {

constexpr size_t kRows = ShortTile::kRows, kQueries = ShortTile::kQueries;

void multiply_anywhere(const ShortTile& tile, size_t stride, int32_t* out) {
  int32_t sums[kQueries][kRows] = {};
  for (size_t c = 0; c < tile.pairs; ++c) {
    const int16_t *queries = tile.queries + c * 2 * kQueries, *rows = tile.rows + c * 2 * kRows;
    for (size_t q = 0; q < kQueries; ++q) {
      for (size_t r = 0; r < kRows; ++r) {
        sums[q][r] += queries[2 * q] * rows[2 * r] + queries[2 * q + 1] * rows[2 * r + 1];
      }
    }
  }
  for (size_t q = 0; q < kQueries; ++q) std::memcpy(out + q * stride, sums[q], sizeof sums[q]);
}

#if defined(__x86_64__)

// A query's two columns, as one number that vectors repeat.
inline int32_t pair_at(const int16_t* query) {
  int32_t pair;
  std::memcpy(&pair, query, sizeof pair);
  return pair;
}

__attribute__((target("avx2"))) void multiply_avx2(const ShortTile& tile, size_t stride, int32_t* out) {
  __m256i left[kQueries] = {}, right[kQueries] = {};
  const int16_t *queries = tile.queries, *rows = tile.rows;
  for (size_t c = 0; c < tile.pairs; ++c, queries += 2 * kQueries, rows += 2 * kRows) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows + kRows));
    for (size_t q = 0; q < kQueries; ++q) {
      const __m256i both = _mm256_set1_epi32(pair_at(queries + 2 * q));
      left[q] = _mm256_add_epi32(left[q], _mm256_madd_epi16(low, both));
      right[q] = _mm256_add_epi32(right[q], _mm256_madd_epi16(high, both));
    }
  }
  for (size_t q = 0; q < kQueries; ++q) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + q * stride), left[q]);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + q * stride + kRows / 2), right[q]);
  }
}

// Multiplies and adds in one instruction; even and odd pairs add up apart, which hides its latency.
__attribute__((target("avx512f,avx512vnni"))) void multiply_avx512(const ShortTile& tile, size_t stride, int32_t* out) {
  __m512i even[kQueries] = {}, odd[kQueries] = {};
  const int16_t *queries = tile.queries, *rows = tile.rows;
  size_t c = 0;
  for (; c + 2 <= tile.pairs; c += 2, queries += 4 * kQueries, rows += 4 * kRows) {
    const __m512i first = _mm512_loadu_si512(rows), second = _mm512_loadu_si512(rows + 2 * kRows);
    for (size_t q = 0; q < kQueries; ++q) {
      even[q] = _mm512_dpwssd_epi32(even[q], first, _mm512_set1_epi32(pair_at(queries + 2 * q)));
      odd[q] = _mm512_dpwssd_epi32(odd[q], second, _mm512_set1_epi32(pair_at(queries + 2 * (kQueries + q))));
    }
  }
  for (size_t q = 0; q < kQueries; ++q) {
    if (c < tile.pairs) {
      even[q] = _mm512_dpwssd_epi32(even[q], _mm512_loadu_si512(rows), _mm512_set1_epi32(pair_at(queries + 2 * q)));
    }
    _mm512_storeu_si512(out + q * stride, _mm512_add_epi32(even[q], odd[q]));
  }
}

#endif

std::vector<ShortKernel> kernels_here() {
  std::vector<ShortKernel> out;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni")) {
    out.push_back({"AVX-512 VNNI", multiply_avx512});
  }
  if (__builtin_cpu_supports("avx2")) out.push_back({"AVX2", multiply_avx2});
#endif
  out.push_back({"any processor", multiply_anywhere});
  return out;
}

}  // namespace

std::span<const ShortKernel> short_kernels() {
  static const std::vector<ShortKernel> here = kernels_here();
  return here;
}

}  // namespace sslbench
