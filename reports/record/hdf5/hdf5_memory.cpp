// SPDX-License-Identifier: Apache-2.0
// HDF5's memory driver with its memory in a vector: H5Fget_file_image of 1.10 would return a superblock whose checksum
// is wrong (it clears a flag after the checksum was made).
#include "reports/record/hdf5/hdf5_memory.h"

#include <hdf5.h>

#include <cstring>

namespace sslbench {
namespace {

constexpr size_t kGrowth = 1 << 20;  // bytes at a time

// Null when there is no room: no exception may pass through the library.
void* resize_memory(void*, size_t size, H5FD_file_image_op_t, void* memory) noexcept {
  auto& bytes = *static_cast<std::vector<char>*>(memory);
  try {
    bytes.resize(size);
  } catch (...) {
    return nullptr;
  }
  return bytes.data();
}
void* allocate_memory(size_t size, H5FD_file_image_op_t operation, void* memory) noexcept {
  return resize_memory(nullptr, size, operation, memory);
}
void* copy_memory(void* to, const void* from, size_t size, H5FD_file_image_op_t, void*) {
  return std::memcpy(to, from, size);
}
herr_t keep_memory(void*, H5FD_file_image_op_t, void*) { return 0; }
void* same_memory(void* memory) { return memory; }
herr_t release_nothing(void*) { return 0; }

}  // namespace

int keep_in(std::vector<char>& bytes, int64_t access_list) {
  H5FD_file_image_callbacks_t memory{allocate_memory, copy_memory,     resize_memory, keep_memory,
                                     same_memory,     release_nothing, &bytes};
  const herr_t driver = H5Pset_fapl_core(access_list, kGrowth, false);
  return driver < 0 ? driver : H5Pset_file_image_callbacks(access_list, &memory);
}

}  // namespace sslbench
