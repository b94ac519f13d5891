// SPDX-License-Identifier: Apache-2.0
#include "reports/record/replicates.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include "suites/ground/error.h"

namespace sslbench {

class NumberPile {
 public:
  explicit NumberPile(size_t memory_bytes) : left_in_memory_(memory_bytes) {}
  NumberPile(const NumberPile&) = delete;
  NumberPile& operator=(const NumberPile&) = delete;
  ~NumberPile() {
    if (file_ != nullptr) std::fclose(file_);
  }

  // Where they lie now, in bytes; none where they have to stay in memory.
  std::optional<int64_t> put(const std::vector<double>& values) {
    const size_t bytes = values.size() * sizeof(double);
    if (bytes <= left_in_memory_) {
      left_in_memory_ -= bytes;
      return std::nullopt;
    }
    left_in_memory_ = 0;
    if (file_ == nullptr && !full_) file_ = std::tmpfile();
    full_ = full_ || file_ == nullptr || !write(values.data(), bytes);
    if (full_) return std::nullopt;
    return std::exchange(end_, end_ + static_cast<int64_t>(bytes));
  }

  void read(int64_t place, std::vector<double>& into) const {
    char* to = reinterpret_cast<char*>(into.data());
    for (size_t left = into.size() * sizeof(double); left > 0;) {
      const ssize_t got = ::pread(fileno(file_), to, left, place);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        throw RunFailure(FailureKind::storage,
                         std::string("cannot read a temporary file: ") + (got < 0 ? std::strerror(errno) : "it ended"));
      }
      to += got;
      place += got;
      left -= static_cast<size_t>(got);
    }
  }

 private:
  bool write(const void* from, size_t left) {
    const char* bytes = static_cast<const char*>(from);
    for (int64_t place = end_; left > 0;) {
      const ssize_t put = ::pwrite(fileno(file_), bytes, left, place);
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return false;
      bytes += put;
      place += put;
      left -= static_cast<size_t>(put);
    }
    return true;
  }

  std::FILE* file_ = nullptr;
  int64_t end_ = 0;
  size_t left_in_memory_;
  bool full_ = false;  // no file, or no room in it
};

std::shared_ptr<NumberPile> number_pile(size_t memory_bytes) { return std::make_shared<NumberPile>(memory_bytes); }

std::vector<double> Replicates::all() const {
  if (pile_ == nullptr) return values_;
  std::vector<double> out(aside_);
  pile_->read(place_, out);
  return out;
}

std::vector<double>& Replicates::own() {
  if (pile_ != nullptr) values_ = all();
  pile_ = nullptr;
  return values_;
}

void Replicates::put_aside(const std::shared_ptr<NumberPile>& pile) {
  if (pile_ != nullptr || values_.empty()) return;
  const auto place = pile->put(values_);
  if (!place) return;
  place_ = *place;
  aside_ = values_.size();
  pile_ = pile;
  std::vector<double>().swap(values_);
}

}  // namespace sslbench
