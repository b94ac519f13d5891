// SPDX-License-Identifier: Apache-2.0
// An HDF5 file in memory.
#pragma once

#include <cstdint>
#include <vector>

namespace sslbench {

// Makes files of this access list lie in `bytes`, which outlives H5Fclose. Negative when HDF5 refuses.
int keep_in(std::vector<char>& bytes, int64_t access_list);

}  // namespace sslbench
