// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/library_threads.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>

namespace sslbench {
namespace {

// What compilers make of `omp parallel` (GCC's libgomp; LLVM's and Intel's runtimes have it, too).
using Parallel = void(void (*body)(void*), void* data, unsigned threads, unsigned flags);

Parallel* openmp() {
  static Parallel* const found = reinterpret_cast<Parallel*>(::dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  return found;
}

struct Loop {
  int64_t count, parts;
  const std::function<void(int64_t, int64_t)>& work;
  std::atomic<int64_t> next = 0;
  std::atomic_flag failed = ATOMIC_FLAG_INIT;
  std::exception_ptr failure;

  // More than one a thread where the runtime gives fewer threads than asked for.
  void take_parts() {
    for (int64_t part = next++; part < parts; part = next++) {
      try {
        work(count * part / parts, count * (part + 1) / parts);
      } catch (...) {
        if (!failed.test_and_set()) failure = std::current_exception();
      }
    }
  }
};

}  // namespace

void on_library_threads(int64_t count, const std::function<void(int64_t, int64_t)>& work) {
  if (count <= 0) return;
  Loop loop{count, std::min<int64_t>(count, at::get_num_threads()), work};
  if (loop.parts == 1 || at::in_parallel_region() || openmp() == nullptr) return work(0, count);
  openmp()([](void* data) { static_cast<Loop*>(data)->take_parts(); }, &loop, static_cast<unsigned>(loop.parts), 0);
  if (loop.failure) std::rethrow_exception(loop.failure);
}

std::thread thread_by_itself(std::function<void()> body) {
  return std::thread([body = std::move(body)] {
    at::get_num_threads();  // LibTorch sets a thread's number at its first use: before, not after
    // OpenMP keeps that number for each thread; at::set_num_threads would also set it for MKL's of all threads.
    static auto* const set = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
    if (set != nullptr) set(1);
    body();
  });
}

}  // namespace sslbench
