// SPDX-License-Identifier: Apache-2.0
#include "suites/training/meters/cpu_allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <malloc.h>
#include <sys/mman.h>

#include <atomic>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <vector>

namespace sslbench {
namespace {

constexpr size_t kHead = 64;  // bytes before the data: keeps 64-byte alignment
constexpr size_t kHugePage = size_t{2} << 20;

std::atomic<int64_t> live{0}, peak{0}, blocks_made{0};
std::atomic<int64_t> held{0}, most_held{std::numeric_limits<int64_t>::max()};  // in blocks, those of the cache included

struct Head {
  size_t bytes;
  uint32_t size_class;
};

struct SizeClass {
  uint32_t number;
  size_t bytes;
};

// Eight classes per power of two: at most 12.5 % slack.
SizeClass size_class(size_t bytes) {
  bytes = std::max<size_t>(bytes, 512);
  const int log = std::bit_width(bytes - 1);
  const int shift = log - 4;
  const size_t step = size_t{1} << shift;
  const size_t rounded = (bytes + step - 1) / step * step;
  return {static_cast<uint32_t>(log * 16) + static_cast<uint32_t>(rounded >> shift) - 8, rounded};
}

bool is_huge(size_t bytes) { return bytes >= kHugePage; }

// What a block of a class takes of the system.
size_t block_bytes(size_t class_bytes) {
  return is_huge(class_bytes) ? (class_bytes + kHugePage - 1) / kHugePage * kHugePage : class_bytes;
}

// size_class() backwards.
size_t bytes_of_class(size_t number) { return (number % 16 + 8) << (number / 16 - 4); }

class CpuAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    void* data = bytes == 0 ? nullptr : take(bytes);
    return {data, data, &release, c10::Device(c10::kCPU)};
  }
  // oneDNN goes through raw_allocate(): data pointer and context are the same, and this is not null.
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, size_t bytes) const override { std::memcpy(to, from, bytes); }

  void trim() {
    const std::lock_guard lock(mutex_);
    for (size_t number = 0; number < free_.size(); ++number) {
      for (void* block : free_[number]) {
        std::free(block);
        held -= static_cast<int64_t>(block_bytes(bytes_of_class(number)));
      }
      free_[number].clear();
    }
  }

  // Never destroyed: tensors may outlive main.
  static CpuAllocator& get() {
    static auto* allocator = new CpuAllocator;
    return *allocator;
  }

 private:
  void* cached(uint32_t number) {
    const std::lock_guard lock(mutex_);
    if (number >= free_.size() || free_[number].empty()) return nullptr;
    void* block = free_[number].back();
    free_[number].pop_back();
    return block;
  }

  void* fresh(size_t class_bytes) {
    const size_t bytes = block_bytes(class_bytes);
    void* block = from_system(bytes);
    if (block == nullptr) {
      trim();
      block = from_system(bytes);
    }
    if (block == nullptr) return nullptr;
    if (is_huge(bytes)) madvise(block, bytes, MADV_HUGEPAGE);
    ++blocks_made;
    return block;
  }

  static void* from_system(size_t bytes) {
    void* block = nullptr;
    const bool allowed = (held += static_cast<int64_t>(bytes)) <= most_held;
    if (allowed && posix_memalign(&block, is_huge(bytes) ? kHugePage : 64, bytes) == 0) return block;
    held -= static_cast<int64_t>(bytes);
    return nullptr;
  }

  void* take(size_t bytes) {
    const SizeClass of = size_class(bytes + kHead);
    void* block = cached(of.number);
    if (block == nullptr) block = fresh(of.bytes);
    TORCH_CHECK_WITH(OutOfMemoryError, block != nullptr, "CPU memory exhausted: tried to allocate ", bytes, " bytes; ",
                     live.load(), " bytes live");
    *static_cast<Head*>(block) = {bytes, of.number};
    const int64_t now = live += static_cast<int64_t>(bytes);
    int64_t seen = peak.load(std::memory_order_relaxed);
    while (now > seen && !peak.compare_exchange_weak(seen, now)) {
    }
    return static_cast<char*>(block) + kHead;
  }

  static void release(void* data) {
    if (data == nullptr) return;
    void* block = static_cast<char*>(data) - kHead;
    const Head head = *static_cast<Head*>(block);
    live -= static_cast<int64_t>(head.bytes);
    CpuAllocator& self = get();
    const std::lock_guard lock(self.mutex_);
    if (self.free_.size() <= head.size_class) self.free_.resize(head.size_class + 1);
    self.free_[head.size_class].push_back(block);
  }

  std::mutex mutex_;
  std::vector<std::vector<void*>> free_;  // by size class
};

}  // namespace

void install_cpu_allocator() { c10::SetCPUAllocator(&CpuAllocator::get(), /*priority=*/255); }
int64_t peak_tensor_bytes() { return peak.load(); }
void reset_peak_tensor_bytes() { peak = live.load(); }
void empty_tensor_cache() {
  CpuAllocator::get().trim();
  ::malloc_trim(0);  // free() keeps what lies between blocks in use
}
void limit_further_tensors(int64_t bytes) {
  empty_tensor_cache();
  most_held = held + bytes;
}
void lift_tensor_limit() { most_held = std::numeric_limits<int64_t>::max(); }
int64_t tensor_blocks_made() { return blocks_made.load(); }

}  // namespace sslbench
