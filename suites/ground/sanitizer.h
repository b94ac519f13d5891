// SPDX-License-Identifier: Apache-2.0
#pragma once

// Defined in a build with AddressSanitizer or ThreadSanitizer, by GCC or clang.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SSLBENCH_UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SSLBENCH_UNDER_SANITIZER 1
#endif
#endif
