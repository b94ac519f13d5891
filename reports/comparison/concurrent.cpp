// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/concurrent.h"

#include <algorithm>
#include <thread>

#include "suites/ground/threads/row_blocks.h"

namespace sslbench {
namespace {

constexpr size_t kMostThreads = 16;

}  // namespace

void for_each_concurrently(size_t count, const std::function<void(size_t)>& body) {
  const size_t threads = std::min<size_t>(std::thread::hardware_concurrency(), kMostThreads);
  for_row_blocks(count, 1, threads, [&](size_t i, size_t) { body(i); });
}

}  // namespace sslbench
