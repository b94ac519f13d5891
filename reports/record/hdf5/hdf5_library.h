// SPDX-License-Identifier: Apache-2.0
// What readers and writers of records ask of the HDF5 library itself.
#pragma once

#include <string>

namespace sslbench {

// Before the first call: the library's end would wait for ever for what it could not open for want of memory; handles
// close themselves.
void begin_hdf5();

// The innermost reason of the last failed call; "" when the library gives none, or memory does not suffice for it.
std::string hdf5_reason();

}  // namespace sslbench
