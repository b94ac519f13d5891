// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <future>
#include <mutex>
#include <vector>

namespace sslbench {

// For std::async: where no thread can be made, the work waits for who asks for its result.
inline constexpr auto kWhereThreads = std::launch::async | std::launch::deferred;

// Calls work(first, last) for blocks of rows, shared among `threads`. Each row's result must be its own, so that it is
// the same for any number of threads; so is what is thrown, which is the exception of the first block that has one
// (blocks are begun in order, so every one before it is carried out).
template <class Work>
void for_row_blocks(size_t rows, size_t block, size_t threads, const Work& work) {
  std::atomic<size_t> next = 0;
  std::mutex lock;
  size_t failed_at = rows;
  std::exception_ptr failure;
  const auto run = [&] {
    for (size_t first = next.fetch_add(block); first < rows; first = next.fetch_add(block)) {
      try {
        work(first, std::min(rows, first + block));
      } catch (...) {
        next = rows;
        const std::lock_guard hold(lock);
        if (first < failed_at) failed_at = first, failure = std::current_exception();
      }
    }
  };
  std::vector<std::future<void>> others;  // waited for by their destructors, too
  for (size_t i = 1; i < std::min(threads, (rows + block - 1) / block); ++i) {
    others.push_back(std::async(kWhereThreads, run));
  }
  run();
  for (std::future<void>& other : others) other.get();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace sslbench
