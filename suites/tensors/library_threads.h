// SPDX-License-Identifier: Apache-2.0
// Loops of ours on the threads that LibTorch's own operators run on. at::parallel_for is a template of LibTorch's
// headers that has threads only where its includer is compiled with LibTorch's OpenMP, and runs on one here.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>

namespace sslbench {

// Calls work(first, last) for parts of [0, count), one a thread, at once; where this is called from within such a loop,
// or by a LibTorch without OpenMP, all of it on the calling thread. The first thing thrown is thrown on.
void on_library_threads(int64_t count, const std::function<void(int64_t, int64_t)>& work);

// A thread whose calls of LibTorch's operators, and of loops as above, run on it alone: for work beside the thread that
// trains, which has the others already.
std::thread thread_by_itself(std::function<void()> body);

}  // namespace sslbench
