// SPDX-License-Identifier: Apache-2.0
// Record: u32 length of the payload | u32 CRC-32C of length and payload | payload = i64 step, f64 value, curve name;
// little-endian. The length is under the checksum and at least 17, so a tail of zero bytes is no record.
#include "reports/record/curve_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/files/file_in_place.h"
#include "suites/ground/crc32c.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr size_t kHead = 2 * sizeof(uint32_t);
constexpr size_t kNumbers = sizeof(int64_t) + sizeof(double);
constexpr uint32_t kLongest = 1 << 16;
constexpr uintmax_t kMostBytes = uintmax_t{1} << 30;  // of a log

struct Point {
  std::string curve;
  int64_t step = 0;
  double value = 0;
  size_t begin = 0, end = 0;  // bytes of the log
};

template <class Number>
Number number_at(const std::string& bytes, size_t offset) {
  Number number;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

template <class Number>
void append_number(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

std::string encode(const std::string& curve, int64_t step, double value) {
  std::string length, payload;
  append_number(payload, step);
  append_number(payload, value);
  payload += curve;
  append_number(length, static_cast<uint32_t>(payload.size()));
  std::string record = length;
  append_number(record, crc32c(length + payload));
  return record + payload;
}

// Every record before the first that is torn or damaged.
std::vector<Point> decode(const std::string& bytes) {
  std::vector<Point> points;
  for (size_t at = 0; at + kHead <= bytes.size();) {
    const uint32_t length = number_at<uint32_t>(bytes, at);
    if (length <= kNumbers || length > kLongest || at + kHead + length > bytes.size()) break;
    const std::string checked = bytes.substr(at, sizeof length) + bytes.substr(at + kHead, length);
    if (crc32c(checked) != number_at<uint32_t>(bytes, at + sizeof length)) break;
    const size_t payload = at + kHead, end = payload + length;
    points.push_back({bytes.substr(payload + kNumbers, length - kNumbers), number_at<int64_t>(bytes, payload),
                      number_at<double>(bytes, payload + sizeof(int64_t)), at, end});
    at = end;
  }
  return points;
}

[[noreturn]] void fail(const fs::path& file, const char* doing, int error) {
  throw RunFailure(FailureKind::storage,
                   "cannot " + std::string(doing) + " " + file.string() + ": " + std::strerror(error));
}

std::string bytes_of(const fs::path& file) {
  try {
    return fs::exists(file) ? read_regular_file(file, kMostBytes) : std::string();
  } catch (const std::system_error& error) {
    throw RunFailure(FailureKind::storage, "cannot read " + file.string() + ": " + error.code().message());
  }
}

}  // namespace

CurveLog::CurveLog(const fs::path& file, int64_t keep_up_to) : file_(file) {
  const std::string bytes = bytes_of(file);
  std::string kept;
  for (const Point& point : decode(bytes)) {
    if (point.step <= keep_up_to) kept += bytes.substr(point.begin, point.end - point.begin);
  }
  if (kept != bytes) write_atomically(file, kept);
  fd_ = open_in_place(file, O_WRONLY | O_APPEND);
}

CurveLog::~CurveLog() {
  if (fd_ >= 0) ::close(fd_);
}

void CurveLog::append(const std::string& curve, int64_t step, double value) {
  require(!curve.empty() && curve.size() < 1024, "a curve needs a name of less than 1,024 bytes");
  const std::string record = encode(curve, step, value);
  const off_t before = ::lseek(fd_, 0, SEEK_END);
  for (size_t done = 0; done < record.size();) {
    const ssize_t written = ::write(fd_, record.data() + done, record.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      // Takes the torn record back, so that what is appended later can be read.
      if (before < 0 || ::ftruncate(fd_, before) != 0) fail(file_, "mend", errno);
      fail(file_, "write", error);
    }
    done += static_cast<size_t>(written);
  }
}

void CurveLog::sync() {
  if (::fdatasync(fd_) != 0) fail(file_, "sync", errno);
}

std::map<std::string, Curve> CurveLog::read(const fs::path& file) {
  std::map<std::string, Curve> curves;
  for (const Point& point : decode(bytes_of(file))) {
    Curve& curve = curves[point.curve];
    curve.step.push_back(point.step);
    curve.value.push_back(point.value);
  }
  return curves;
}

}  // namespace sslbench
