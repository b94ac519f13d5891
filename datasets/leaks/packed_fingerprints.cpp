// SPDX-License-Identifier: Apache-2.0
#include "datasets/leaks/packed_fingerprints.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "suites/ground/vector_clones.h"

namespace sslbench {
namespace {

constexpr float kCodesPerUnit = 400;  // codes reach to 0.32, where hardly a value of a unit vector of 192 does
constexpr size_t kChunk = 512;        // rows whose signs are counted before they are looked at
// Differing signs: a quarter are expected of pairs of similarity 0.7, a half of others; two deviations above the
// former.
constexpr int kMostOfFirst = 24, kMostOfAll = 62;

// 1 where few signs differ from those of `word`, else 0.
SSLBENCH_VECTOR_CLONES void mark_close(uint64_t word, const uint64_t* words, size_t count, uint8_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = __builtin_popcountll(word ^ words[i]) <= kMostOfFirst;
}

SSLBENCH_VECTOR_CLONES int32_t product(const int8_t* a, const int8_t* b) {
  int32_t out = 0;
  for (int i = 0; i < kFingerprintSize; ++i) out += static_cast<int16_t>(a[i]) * static_cast<int16_t>(b[i]);
  return out;
}

}  // namespace

void PackedFingerprints::set(size_t i, const Fingerprint& placed) {
  std::array<uint64_t, 3> signs{};
  for (size_t k = 0; k < kFingerprintSize; ++k) {
    signs[k / 64] |= uint64_t{placed[k] > 0} << (k % 64);
    codes_[i][k] = static_cast<int8_t>(std::clamp(std::lround(placed[k] * kCodesPerUnit), -127L, 127L));
  }
  first_[i] = signs[0];
  rest_[i] = {signs[1], signs[2]};
}

void PackedFingerprints::find_close(const PackedFingerprints& others, size_t i, size_t begin, size_t end,
                                    std::vector<Close>& out) const {
  std::array<uint8_t, kChunk> marks;
  for (size_t start = begin; start < end; start += kChunk) {
    const size_t count = std::min(kChunk, end - start);
    mark_close(others.first_[i], &first_[start], count, marks.data());
    std::fill(marks.begin() + static_cast<std::ptrdiff_t>(count), marks.end(), uint8_t{0});
    for (size_t k = 0; k < count; k += 8) {
      uint64_t eight;
      std::memcpy(&eight, &marks[k], 8);
      for (; eight != 0; eight &= eight - 1) {
        const size_t row = start + k + static_cast<size_t>(std::countr_zero(eight)) / 8;
        compare(others, i, row, out);
      }
    }
  }
}

void PackedFingerprints::compare(const PackedFingerprints& others, size_t i, size_t row,
                                 std::vector<Close>& out) const {
  const auto &a = others.rest_[i], &b = rest_[row];
  const int differing =
      std::popcount(others.first_[i] ^ first_[row]) + std::popcount(a[0] ^ b[0]) + std::popcount(a[1] ^ b[1]);
  if (differing > kMostOfAll) return;
  const auto dot = static_cast<float>(product(others.codes_[i].data(), codes_[row].data()));
  const float similarity = dot / (kCodesPerUnit * kCodesPerUnit);
  if (similarity >= kLeastSimilarity) out.push_back({row, similarity});
}

}  // namespace sslbench
