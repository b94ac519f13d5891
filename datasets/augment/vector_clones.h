// SPDX-License-Identifier: Apache-2.0
#pragma once

// Marks a hot loop: it is compiled for the build's own machine and again for AVX2, and the program takes what the CPU
// offers. AVX2 here is without fused multiply-add and the library is built with -ffp-contract=off, so both give equal
// bits. `flatten` pulls the inline arithmetic into each copy. Sanitizers run before the choice could be made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__CUDACC__)
#define SSLBENCH_VECTOR_CLONES __attribute__((flatten, target_clones("avx2", "default")))
#else
#define SSLBENCH_VECTOR_CLONES
#endif
