// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "suites/files/torch_file/bad_torch_file.h"

namespace sslbench {

// The bytes of a pickle from front to back; BadTorchFile where it asks for more than there are.
class PickleBytes {
 protected:
  explicit PickleBytes(std::string_view bytes) : bytes_(bytes) {}

  [[noreturn]] static void damaged(const char* what) {
    throw BadTorchFile(std::string("its pickle is damaged: ") + what);
  }
  std::string_view take(uint64_t size) {
    if (size > bytes_.size() - at_) damaged("it ends too early");
    const std::string_view out = bytes_.substr(at_, size);
    at_ += size;
    return out;
  }
  // A little-endian number.
  template <class Number>
  Number number() {
    Number out;
    std::memcpy(&out, take(sizeof out).data(), sizeof out);
    return out;
  }
  std::string_view line() {
    const size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) damaged("it ends too early");
    const std::string_view out = take(end - at_);
    take(1);
    return out;
  }
  size_t at() const { return at_; }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

}  // namespace sslbench
