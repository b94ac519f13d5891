// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace sslbench {

// What is wrong with a file of torch.save, and what to do; without the file's name.
class BadTorchFile : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace sslbench
