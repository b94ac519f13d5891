// SPDX-License-Identifier: Apache-2.0
// A last word on standard error of a crash that address space ran out before (ulimit -v): libraries that get none go on
// with a null pointer, and only this process can say how much it had taken.
#pragma once

namespace sslbench {

// Says "out of memory" when the process crashes so close to its limit, and lets it die of the signal all the same. Does
// nothing where there is no limit.
void explain_crashes_near_memory_limit();

}  // namespace sslbench
