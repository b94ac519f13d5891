// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "datasets/packed/pack_reader.h"
#include "datasets/packed/packed_store.h"
#include "datasets/readers/data_file.h"
#include "suites/ground/process_limits.h"

namespace sslbench {
namespace {

// Touches every dataset of a store, as reading it will. What is refused here is refused again by the reader, with
// words.
void touch_all(const std::filesystem::path& file) {
  const PackReader store(file);
  store.text("/about");
  for (const char* split : {"/train/", "/val/", "/test/"}) {
    for (const char* list :
         {"images", "image_offsets", "image_kind", "height", "width", "labels", "names", "name_offsets", "boxes",
          "box_label", "box_difficult", "box_offsets", "masks", "mask_offsets"}) {
      const std::string path = std::string(split) + list;
      if (!store.has(path)) continue;
      constexpr uint64_t kPiece = 1 << 22;
      const uint64_t length = store.length(path);
      for (uint64_t first = 0; first < length; first += kPiece)
        store.bytes(path, first, std::min(kPiece, length - first));
    }
  }
}

}  // namespace

void probe_packed_store(const std::filesystem::path& file) {
  if (file.empty()) return;  // the reader says what is wrong
  const pid_t child = ::fork();
  if (child < 0) throw RunFailure(FailureKind::storage, "cannot start a process to look at '" + file.string() + "'");
  if (child == 0) {
    leave_no_core();
    limit_processor_time(60 + (std::filesystem::file_size(file) >> 24));
    limit_memory(uint64_t{4} << 30);
    try {
      touch_all(file);
    } catch (...) {  // the reader says it again, in words
    }
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw_bad_data(file, "is damaged: the HDF5 library does not survive reading it");
  }
}

}  // namespace sslbench
