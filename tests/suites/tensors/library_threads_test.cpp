// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/library_threads.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace sslbench {
namespace {

class LibraryThreadsTest : public testing::Test {
 protected:
  void SetUp() override { at::set_num_threads(2); }
  void TearDown() override { at::set_num_threads(before_); }

 private:
  int before_ = at::get_num_threads();
};

TEST_F(LibraryThreadsTest, TakesEveryNumberOnce) {
  for (const int64_t count : {0, 1, 2, 3, 1000}) {
    std::vector<int> taken(static_cast<size_t>(count), 0);
    on_library_threads(count, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) ++taken[static_cast<size_t>(i)];
    });
    EXPECT_EQ(taken, std::vector<int>(static_cast<size_t>(count), 1));
  }
}

// Each part waits for the other to have begun: on one thread this would wait in vain.
TEST_F(LibraryThreadsTest, PartsRunAtOnce) {
  std::mutex lock;
  std::condition_variable begun;
  std::set<std::thread::id> threads;
  on_library_threads(2, [&](int64_t, int64_t) {
    std::unique_lock hold(lock);
    threads.insert(std::this_thread::get_id());
    begun.notify_all();
    begun.wait_for(hold, std::chrono::seconds(60), [&] { return threads.size() == 2; });
  });
  EXPECT_EQ(threads.size(), 2u);
}

TEST_F(LibraryThreadsTest, ALoopWithinALoopStaysOnItsThread) {
  on_library_threads(2, [](int64_t, int64_t) {
    const auto here = std::this_thread::get_id();
    on_library_threads(8, [&](int64_t, int64_t) { EXPECT_EQ(std::this_thread::get_id(), here); });
  });
}

TEST_F(LibraryThreadsTest, AThreadByItselfLeavesOthersTheirs) {
  int there = 0;
  thread_by_itself([&] { there = at::get_num_threads(); }).join();
  EXPECT_EQ(there, 1);
  EXPECT_EQ(at::get_num_threads(), 2);
}

TEST_F(LibraryThreadsTest, ThrowsOnWhatAPartThrows) {
  EXPECT_THROW(on_library_threads(4,
                                  [](int64_t first, int64_t) {
                                    if (first > 0) throw std::runtime_error("second part");
                                  }),
               std::runtime_error);
}

}  // namespace
}  // namespace sslbench
