// SPDX-License-Identifier: Apache-2.0
// Sets of permutations that differ in many places. Shapes: P, Q permutations, T places; int64.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench {

// [P, P]: in how many places two permutations differ.
at::Tensor hamming_distances(const at::Tensor& permutations_PT);

// All T! permutations of 0 .. T-1 in lexicographic order; T <= 9.
at::Tensor all_permutations(int64_t places);

// Noroozi, Favaro: "Unsupervised Learning of Visual Representations by Solving Jigsaw Puzzles", ECCV 2016, Algorithm 1:
// greedily the candidate with the largest mean distance to those chosen (the lowest index of equal ones), starting with
// `first`. Indices [count]; count <= Q.
at::Tensor permutation_set(const at::Tensor& candidates_QT, int64_t count, int64_t first);

}  // namespace sslbench
