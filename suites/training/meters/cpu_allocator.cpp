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
#include <unordered_map>
#include <vector>

namespace sslbench {
namespace {

constexpr size_t kHead = 64;  // bytes before the data of a small block: keeps 64-byte alignment
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

// Data of at least a huge page begins on one, and what it is of stands in a table: 32 MiB behind a head would take 34.
bool is_huge(size_t bytes) { return bytes >= kHugePage; }

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
        held -= static_cast<int64_t>(bytes_of_class(number));
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

  void* fresh(size_t bytes) {
    void* block = from_system(bytes);
    if (block == nullptr) {
      trim();
      block = from_system(bytes);
    }
    if (block == nullptr) return nullptr;
    // The rest of the last page is not worth a huge one.
    if (is_huge(bytes)) madvise(block, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
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
    const bool huge = is_huge(bytes);
    const SizeClass of = size_class(huge ? bytes : bytes + kHead);
    void* block = cached(of.number);
    if (block == nullptr) block = fresh(of.bytes);
    TORCH_CHECK_WITH(OutOfMemoryError, block != nullptr, "CPU memory exhausted: tried to allocate ", bytes, " bytes; ",
                     live.load(), " bytes live");
    if (huge) {
      const std::lock_guard lock(mutex_);
      huge_[block] = {bytes, of.number};
    } else {
      *static_cast<Head*>(block) = {bytes, of.number};
    }
    const int64_t now = live += static_cast<int64_t>(bytes);
    int64_t seen = peak.load(std::memory_order_relaxed);
    while (now > seen && !peak.compare_exchange_weak(seen, now)) {
    }
    return huge ? block : static_cast<char*>(block) + kHead;
  }

  static void release(void* data) {
    if (data != nullptr) get().give_back(data);
  }

  void give_back(void* data) {
    const std::lock_guard lock(mutex_);
    void* block = static_cast<char*>(data) - kHead;
    Head head;
    const bool may_be_huge = reinterpret_cast<uintptr_t>(data) % kHugePage == 0;  // spares most a look-up
    if (const auto huge = may_be_huge ? huge_.find(data) : huge_.end(); huge != huge_.end()) {
      block = data;
      head = huge->second;
      huge_.erase(huge);
    } else {
      head = *static_cast<Head*>(block);
    }
    live -= static_cast<int64_t>(head.bytes);
    if (free_.size() <= head.size_class) free_.resize(head.size_class + 1);
    free_[head.size_class].push_back(block);
  }

  std::mutex mutex_;
  std::vector<std::vector<void*>> free_;  // by size class
  std::unordered_map<void*, Head> huge_;  // in use
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
