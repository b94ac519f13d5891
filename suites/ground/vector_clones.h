// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suites/ground/sanitizer.h"

// Marks a hot loop: it is compiled for the build's own machine and again for AVX2, and the program takes what the CPU
// offers. AVX2 here is without fused multiply-add and the library is built with -ffp-contract=off, so both give equal
// bits. GCC wants `flatten` to pull the inline arithmetic into each copy; clang refuses the two together and leaves
// large functions outside, which then lack the vectors: they are marked always_inline. Sanitizers run before the choice
// could be made.
#if !defined(__x86_64__) || defined(SSLBENCH_UNDER_SANITIZER) || defined(__CUDACC__)
#define SSLBENCH_VECTOR_CLONES
#elif defined(__clang__)
#define SSLBENCH_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#elif defined(__GNUC__)
#define SSLBENCH_VECTOR_CLONES __attribute__((flatten, target_clones("avx2", "default")))
#else
#define SSLBENCH_VECTOR_CLONES
#endif

// The turns of the next loop do not depend on each other. One vector at a time: a loop unrolled for many leaves the end
// of a row to its scalar rest.
#if defined(__clang__)
#define SSLBENCH_VECTOR_LOOP _Pragma("clang loop vectorize(assume_safety) vectorize_width(8) interleave_count(1)")
#else
#define SSLBENCH_VECTOR_LOOP _Pragma("GCC ivdep")
#endif
#define SSLBENCH_INLINE __attribute__((always_inline)) inline
