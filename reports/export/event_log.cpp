// SPDX-License-Identifier: Apache-2.0
#include "reports/export/event_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "suites/files/bounded_file.h"
#include "suites/files/file_in_place.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr uintmax_t kMostBytes = uintmax_t{1} << 30;  // of an event file

std::string bytes_of(const std::filesystem::path& file) {
  try {
    return read_regular_file(file, kMostBytes);
  } catch (const std::system_error& error) {
    throw RunFailure(FailureKind::storage, "cannot read " + file.string() + ": " + error.code().message());
  }
}

}  // namespace

EventLog::EventLog(std::filesystem::path file)
    : file_(std::move(file)), fd_(open_in_place(file_, O_WRONLY | O_APPEND)) {
  const std::string bytes = bytes_of(file_);
  const EventFileContent content = read_event_file(bytes);
  // A begun file may have been cut within its first record.
  if (content.bytes == 0 && !event_file_start().starts_with(bytes)) {
    ::close(fd_);
    throw UserError(file_.string() + " is no event file of sslbench's; name another folder with -o");
  }
  if (content.bytes < bytes.size() && ::ftruncate(fd_, static_cast<off_t>(content.bytes)) != 0) {
    const int error = errno;
    ::close(fd_);
    throw RunFailure(FailureKind::storage, "cannot mend " + file_.string() + ": " + std::strerror(error));
  }
  for (const EventScalar& scalar : content.scalars) {
    const auto [at, first] = last_.try_emplace(scalar.tag, scalar.step);
    if (!first) at->second = std::max(at->second, scalar.step);
  }
  if (content.bytes == 0) write(event_file_start());
}

EventLog::EventLog(EventLog&& other) noexcept
    : file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)), last_(std::move(other.last_)) {}

EventLog::~EventLog() {
  if (fd_ >= 0) ::close(fd_);
}

void EventLog::write(const std::string& records) {
  const off_t before = ::lseek(fd_, 0, SEEK_END);
  try {
    write_all(fd_, records, file_);
  } catch (const RunFailure&) {
    // Takes a torn record back; where that fails, the next opening does.
    [[maybe_unused]] const int mended = before < 0 ? -1 : ::ftruncate(fd_, before);
    throw;
  }
}

size_t EventLog::append(const std::vector<EventScalar>& scalars, double wall_time) {
  std::string records;
  size_t count = 0;
  std::map<std::string, int64_t> last = last_;
  for (const EventScalar& scalar : scalars) {
    const auto [at, first] = last.try_emplace(scalar.tag, scalar.step);
    if (!first && at->second >= scalar.step) continue;
    at->second = scalar.step;
    records += event_record(scalar, wall_time);
    ++count;
  }
  if (count > 0) write(records);
  last_ = std::move(last);
  return count;
}

}  // namespace sslbench
