// SPDX-License-Identifier: Apache-2.0
#include "suites/training/meters/cpu_allocator.h"

#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr int64_t kHugePage = int64_t{2} << 20;

class CpuAllocatorTest : public ::testing::Test {
 protected:
  CpuAllocatorTest() { install_cpu_allocator(); }
  ~CpuAllocatorTest() override { lift_tensor_limit(); }
  static at::Tensor bytes(int64_t count) { return at::empty({count}, at::kByte); }
};

TEST_F(CpuAllocatorTest, APowerOfTwoTakesItsBytesAndNoMore) {
  limit_further_tensors(8 * kHugePage);
  EXPECT_NO_THROW(bytes(8 * kHugePage));
  EXPECT_THROW(bytes(8 * kHugePage + 1), c10::OutOfMemoryError);
}

TEST_F(CpuAllocatorTest, DataOfHugePagesBeginsOnOne) {
  for (const int64_t count : {kHugePage, 3 * kHugePage + 5}) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes(count).data_ptr()) % kHugePage, 0u) << count;
  }
}

TEST_F(CpuAllocatorTest, AReleasedBlockServesTheNextOfItsSize) {
  for (const int64_t count : {int64_t{1000}, kHugePage - 32, kHugePage, 5 * kHugePage}) {
    empty_tensor_cache();
    const void* first = bytes(count).data_ptr();
    const int64_t made = tensor_blocks_made();
    EXPECT_EQ(bytes(count).data_ptr(), first) << count;
    EXPECT_EQ(tensor_blocks_made(), made) << count;
  }
}

TEST_F(CpuAllocatorTest, BlocksAroundAHugePageHoldWhatIsWrittenToThem) {
  std::vector<at::Tensor> held;
  for (int64_t count = kHugePage - 130; count <= kHugePage + 130; count += 13) {
    held.push_back(bytes(count).fill_(static_cast<int>(count % 251)));
    if (held.size() % 3 == 0) held.erase(held.begin());
  }
  for (const at::Tensor& each : held) EXPECT_TRUE(each.eq(each.numel() % 251).all().item<bool>()) << each.numel();
}

TEST_F(CpuAllocatorTest, RawMemoryOfAnySizeIsTakenBack) {  // as oneDNN asks for it
  auto* allocator = c10::GetCPUAllocator();
  for (const size_t count : {size_t{100}, size_t{4} << 20}) {
    reset_peak_tensor_bytes();
    const int64_t before = peak_tensor_bytes();
    allocator->raw_deallocate(allocator->raw_allocate(count));
    EXPECT_EQ(peak_tensor_bytes() - before, static_cast<int64_t>(count));
    reset_peak_tensor_bytes();
    EXPECT_EQ(peak_tensor_bytes(), before);
  }
}

}  // namespace
}  // namespace sslbench
