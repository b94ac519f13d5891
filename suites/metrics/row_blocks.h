// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <future>
#include <vector>

namespace sslbench {

// Calls work(first, last) for blocks of rows, shared among `threads`; what it throws is thrown here. Each row's result
// must be its own, so that it is the same for any number of threads.
template <class Work>
void for_row_blocks(size_t rows, size_t block, size_t threads, const Work& work) {
  std::atomic<size_t> next = 0;
  const auto run = [&] {
    for (size_t first = next.fetch_add(block); first < rows; first = next.fetch_add(block)) {
      work(first, std::min(rows, first + block));
    }
  };
  std::vector<std::future<void>> others;  // waited for by their destructors, too
  for (size_t i = 1; i < std::min(threads, (rows + block - 1) / block); ++i) {
    others.push_back(std::async(std::launch::async, run));
  }
  run();
  for (std::future<void>& other : others) other.get();
}

}  // namespace sslbench
