// SPDX-License-Identifier: Apache-2.0
#include "reports/record_guard.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <system_error>

#include "reports/record_store.h"
#include "suites/spec/error.h"
#include "suites/spec/process_limits.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostMemory = uint64_t{4} << 30, kMostSeconds = 60;  // seconds a file

// What the child says of a file: an empty line, or why it is refused.
std::string line_about(const RecordGuard::Reader& reader, const fs::path& file) {
  std::string line;
  try {
    reader(file);
  } catch (const std::bad_alloc&) {
    line = file.string() + " is not a record that this build can read: that takes more than 4 GiB of memory; delete it";
  } catch (const std::exception& error) {
    line = error.what();
    if (line.empty()) line = file.string() + " cannot be read";
  }
  for (char& c : line) c = c == '\n' || c == '\r' ? ' ' : c;
  return line + "\n";
}

bool say(int pipe, const std::string& line) {
  for (size_t at = 0; at < line.size();) {
    const ssize_t wrote = ::write(pipe, line.data() + at, line.size() - at);
    if (wrote <= 0) return false;
    at += static_cast<size_t>(wrote);
  }
  return true;
}

// Reads the files from `first` on and says a line about each.
[[noreturn]] void read_all(const std::vector<fs::path>& files, const RecordGuard::Reader& reader, size_t first,
                           int pipe) {
  limit_memory(kMostMemory);
  leave_no_core();
  for (int signal : {SIGTERM, SIGINT, SIGUSR1, SIGSEGV, SIGABRT, SIGFPE, SIGBUS}) ::signal(signal, SIG_DFL);
  for (size_t i = first; i < files.size(); ++i) {
    limit_processor_time(kMostSeconds);
    if (!say(pipe, line_about(reader, files[i]))) break;
  }
  ::_exit(0);
}

}  // namespace

RecordGuard::RecordGuard(std::vector<fs::path> files, Reader reader)
    : files_(std::move(files)), reader_(reader ? std::move(reader) : [](const fs::path& file) { read_record(file); }) {
  if (!files_.empty()) start();
}

RecordGuard::~RecordGuard() {
  if (child_ > 0) ::kill(child_, SIGKILL);
  end_child();
}

void RecordGuard::start() {
  int ends[2];
  if (::pipe(ends) != 0) throw UserError("no pipe to read records: " + std::generic_category().message(errno));
  std::cout.flush();
  std::cerr.flush();
  child_ = ::fork();
  if (child_ == 0) {
    ::close(ends[0]);
    read_all(files_, reader_, done_, ends[1]);
  }
  const int error = errno;
  ::close(ends[1]);
  pipe_ = ends[0];
  if (child_ < 0) throw UserError("no process to read records: " + std::generic_category().message(error));
}

void RecordGuard::end_child() {
  if (pipe_ >= 0) ::close(pipe_);
  pipe_ = -1;
  while (child_ > 0 && ::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
}

void RecordGuard::wait_for_one() {
  char part[4096];
  size_t end = 0;
  while ((end = said_.find('\n')) == std::string::npos) {
    const ssize_t got = ::read(pipe_, part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    said_.append(part, static_cast<size_t>(got));
  }
  if (end != std::string::npos) {
    if (end > 0) refused_[done_] = said_.substr(0, end);
    said_.erase(0, end + 1);
    ++done_;
    return;
  }
  refused_[done_] = files_[done_].string() +
                    " is not a record that this build can read: reading it ended the process that tried; delete the "
                    "file or take it from a copy";
  ++done_;
  said_.clear();
  end_child();
  if (done_ < files_.size()) start();
}

void RecordGuard::check(size_t index) {
  while (done_ <= index) wait_for_one();
  const auto found = refused_.find(index);
  if (found != refused_.end()) throw UserError(found->second);
}

}  // namespace sslbench
