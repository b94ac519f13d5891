// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/concurrent.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace sslbench {
namespace {

constexpr size_t kMostThreads = 16;

}  // namespace

void for_each_concurrently(size_t count, const std::function<void(size_t)>& body) {
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < count; i = next++) body(i);
  };
  std::vector<std::future<void>> others;
  const size_t threads = std::min<size_t>({std::thread::hardware_concurrency(), kMostThreads, count});
  for (size_t i = 1; i < threads; ++i) others.push_back(std::async(kWhereThreads, work));
  work();  // when it throws, the destructors of the others wait for them
  for (std::future<void>& other : others) other.get();
}

}  // namespace sslbench
