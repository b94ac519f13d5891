// SPDX-License-Identifier: Apache-2.0
// What all files that speak HDF5 share; hid_t is int64_t, herr_t is int.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>

namespace sslbench {

// Owns one HDF5 identifier and closes it with the call that belongs to its kind.
class Hdf5Handle {
 public:
  using Close = int (*)(int64_t);
  Hdf5Handle() = default;
  Hdf5Handle(int64_t id, Close close) : id_(id), close_(close) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Hdf5Handle() {
    if (id_ >= 0) close_(id_);
  }
  int64_t id() const { return id_; }
  // Gives the identifier up: the caller closes it.
  int64_t release() { return std::exchange(id_, -1); }

 private:
  int64_t id_ = -1;
  Close close_ = nullptr;
};

// The library is not thread-safe as Debian builds it: a reader or writer holds this for as long as it lives.
inline std::recursive_mutex& hdf5_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

}  // namespace sslbench
