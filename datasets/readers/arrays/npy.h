// SPDX-License-Identifier: Apache-2.0
// The head of a NumPy array file. Format: NumPy's numpy/lib/format.py, versions 1.0 to 3.0: magic, length, and a
// dictionary written as Python would ({'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }).
#pragma once

#include "datasets/readers/arrays/stored_array.h"

namespace sslbench {

struct NpyHead {
  std::string dtype;  // as safetensors names it
  std::vector<int64_t> shape;
  bool fortran_order = false;
};

// Bytes from the beginning to the first element, told by the first kNpyBegin bytes; at most kMostNpyHead.
inline constexpr size_t kNpyBegin = 12, kMostNpyHead = 65'536;
size_t npy_head_size(const std::string& name, std::string_view begin);
// head: npy_head_size() bytes. BadArrays on objects (they would be pickles), structures, text, complex numbers and
// another machine's byte order, each by name.
NpyHead parse_npy_head(const std::string& name, std::string_view head);

// In C order.
StoredArray npy_array(const NpyHead& head, std::string bytes);

}  // namespace sslbench
