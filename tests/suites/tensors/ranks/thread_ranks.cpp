// SPDX-License-Identifier: Apache-2.0
#include "tests/suites/tensors/ranks/thread_ranks.h"

#include <atomic>
#include <barrier>
#include <exception>
#include <thread>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// What the ranks of one run share.
struct Meeting {
  explicit Meeting(int64_t size) : slots(static_cast<size_t>(size)), barrier(size) {}
  std::vector<at::Tensor> slots;
  std::barrier<> barrier;
  std::atomic<int64_t> gone = 0;
};

class ThreadRanks final : public Ranks {
 public:
  ThreadRanks(int64_t rank, int64_t size, Meeting& meeting) : Ranks(rank, size), meeting_(meeting) {}

  void sum(const at::Tensor& x) override {
    reduce(x, [](const at::Tensor& total, const at::Tensor& other) { total.add_(other); });
  }
  void max(const at::Tensor& x) override {
    reduce(x, [](const at::Tensor& total, const at::Tensor& other) { total.copy_(at::maximum(total, other)); });
  }
  void copy_from_first(const at::Tensor& x) override { x.copy_(each(x).front()); }

  std::vector<at::Tensor> each(const at::Tensor& own) override {
    const at::NoGradGuard no_grad;
    meeting_.slots[static_cast<size_t>(rank())] = own.clone(at::MemoryFormat::Contiguous);
    wait();
    std::vector<at::Tensor> out;
    for (const at::Tensor& slot : meeting_.slots) {
      require(slot.sizes() == own.sizes() && slot.scalar_type() == own.scalar_type(),
              "ranks met with tensors of another shape or type");
      out.push_back(slot.clone());
    }
    meeting_.barrier.arrive_and_wait();  // until all have read
    return out;
  }

  void wait_for_all() override { wait(); }

  // For good; the others are not kept waiting.
  void leave() {
    ++meeting_.gone;
    meeting_.barrier.arrive_and_drop();
  }

 private:
  template <typename Fold>
  void reduce(const at::Tensor& x, const Fold& fold) {
    require(x.is_non_overlapping_and_dense(), "a tensor with gaps cannot be reduced in place");
    const std::vector<at::Tensor> all = each(x);
    for (size_t i = 1; i < all.size(); ++i) fold(all.front(), all[i]);
    x.copy_(all.front());
  }

  // Who is gone now left before this meeting: whoever came waits for the others to read.
  void wait() {
    meeting_.barrier.arrive_and_wait();
    if (meeting_.gone > 0) throw PeerLost("rank " + std::to_string(rank()) + " waited for one that is gone");
  }

  Meeting& meeting_;
};

bool is_echo(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const PeerLost&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

void run_as_ranks(int64_t size, const std::function<void(Ranks&)>& body) {
  if (size == 1) {
    Ranks alone(0, 1);
    const RanksInUse use(alone);
    return body(alone);
  }
  Meeting meeting(size);
  std::vector<std::exception_ptr> errors(static_cast<size_t>(size));
  std::vector<std::thread> threads;
  for (int64_t rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      ThreadRanks own(rank, size, meeting);
      const RanksInUse use(own);
      try {
        body(own);
      } catch (...) {
        errors[static_cast<size_t>(rank)] = std::current_exception();
      }
      own.leave();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::erase(errors, nullptr);
  if (errors.empty()) return;
  const auto cause = std::find_if_not(errors.begin(), errors.end(), is_echo);
  std::rethrow_exception(cause == errors.end() ? errors.front() : *cause);
}

}  // namespace sslbench
