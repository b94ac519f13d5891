// SPDX-License-Identifier: Apache-2.0
// The pickle inside a file of torch.save, read as data (protocols 2 to 5; opcodes: Python's Lib/pickletools.py). A
// pickle is a program whose calls make objects; here nothing is called: the few names that stand for data are known
// (torch_objects.h), every other is refused.
#pragma once

#include <string_view>

#include "suites/files/torch_file/pickle_nodes.h"

namespace sslbench {

// What limits an honest pickle never meets.
inline constexpr size_t kMostPickleBytes = size_t{64} << 20;
inline constexpr size_t kMostPickleNodes = 2'000'000;

// BadTorchFile when it is no such pickle, asks for a name that is no data, or is too large.
PickleNodes read_pickle(std::string_view bytes);

}  // namespace sslbench
