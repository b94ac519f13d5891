// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/process/thread_count.h"

#include <ATen/Parallel.h>

#include <future>
#include <thread>
#include <vector>

namespace sslbench {

void use_threads(int count) {
  {
    std::promise<void> all_there;
    const std::shared_future<void> wait = all_there.get_future().share();
    std::vector<std::jthread> threads;
    struct Release {
      std::promise<void>& promise;
      ~Release() { promise.set_value(); }
    } const release{all_there};  // before the threads are joined, also when one cannot be had
    for (int i = 0; i < 2 * count; ++i) threads.emplace_back([wait] { wait.wait(); });  // its pool, and OpenMP's
  }
  at::set_num_threads(count);
}

}  // namespace sslbench
