// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sslbench {

// at::set_num_threads(), after seeing that so many threads can be had: LibTorch's pool waits for ever for one that
// could not be started. std::system_error when they cannot.
void use_threads(int count);

}  // namespace sslbench
