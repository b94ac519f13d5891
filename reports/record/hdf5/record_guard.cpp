// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/record_guard.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <thread>

#include "suites/ground/error.h"
#include "suites/ground/process_limits.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostMemory = uint64_t{1} << 30, kMostSeconds = 10;  // beyond what is taken; seconds a file
constexpr uint64_t kMostBytes = uint64_t{1} << 30;                      // handed over of a file
constexpr size_t kMostChildren = 4;
constexpr int kPipeBytes = 1 << 20;  // a child reads on while this process is at another file

// What a child says of a file, followed by as many bytes: what it holds, or why it is refused.
struct Answer {
  uint64_t refused = 0, size = 0;
};

bool say(int pipe, const void* from, size_t size) {
  for (size_t at = 0; at < size;) {
    const ssize_t wrote = ::write(pipe, static_cast<const char*>(from) + at, size - at);
    if (wrote <= 0) return false;
    at += static_cast<size_t>(wrote);
  }
  return true;
}

bool hear(int pipe, void* to, size_t size) {
  for (size_t at = 0; at < size;) {
    const ssize_t got = ::read(pipe, static_cast<char*>(to) + at, size - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += static_cast<size_t>(got);
  }
  return true;
}

// Reads one file and says what it holds; false when nobody listens.
bool answer(const RecordGuard::Reader& reader, const fs::path& file, size_t index, int pipe) {
  std::string bytes;
  bool refused = true;
  try {
    bytes = reader(index);
    refused = bytes.size() > kMostBytes;
    if (refused) bytes = file.string() + " holds more than 1 GiB of what a report reads; delete it";
  } catch (const std::bad_alloc&) {
    bytes =
        file.string() + " is not a record that this build can read: that takes more than 1 GiB of memory; delete it";
  } catch (const std::exception& error) {
    bytes = error.what();
    if (bytes.empty()) bytes = file.string() + " cannot be read";
  }
  const Answer head{refused, bytes.size()};
  return say(pipe, &head, sizeof head) && say(pipe, bytes.data(), bytes.size());
}

// The child that reads a file. Mixed, so that no child has the first run of every row, of which most is read.
size_t child_of(size_t file, size_t children) { return (file * 0x9E3779B97F4A7C15u >> 32) % children; }

// Reads those of the files from `first` on that belong to `child`.
[[noreturn]] void read_all(const std::vector<fs::path>& files, const RecordGuard::Reader& reader, size_t first,
                           size_t child, size_t children, int pipe) {
  limit_memory(memory_taken() + kMostMemory);
  leave_no_core();
  for (int signal : {SIGTERM, SIGINT, SIGUSR1, SIGSEGV, SIGABRT, SIGFPE, SIGBUS}) ::signal(signal, SIG_DFL);
  for (size_t i = first; i < files.size(); ++i) {
    if (child_of(i, children) != child) continue;
    limit_processor_time(kMostSeconds);
    if (!answer(reader, files[i], i, pipe)) break;
  }
  ::_exit(0);
}

}  // namespace

RecordGuard::RecordGuard(std::vector<fs::path> files, Reader reader)
    : files_(std::move(files)), reader_(std::move(reader)) {
  const size_t processors = std::max<size_t>(1, std::thread::hardware_concurrency());
  children_.resize(std::min({files_.size(), kMostChildren, processors}));
  for (Child& child : children_) start(child);
}

RecordGuard::~RecordGuard() {
  for (Child& child : children_) end(child);
}

void RecordGuard::start(Child& child) {
  int ends[2];
  if (::pipe(ends) != 0) return;
  ::fcntl(ends[1], F_SETPIPE_SZ, kPipeBytes);  // a smaller one does, too
  std::cout.flush();
  std::cerr.flush();
  child.process = ::fork();
  if (child.process == 0) {
    ::close(ends[0]);
    for (const Child& other : children_) {
      if (other.pipe >= 0) ::close(other.pipe);
    }
    read_all(files_, reader_, next_, static_cast<size_t>(&child - children_.data()), children_.size(), ends[1]);
  }
  ::close(ends[1]);
  child.pipe = ends[0];
  if (child.process < 0) end(child);
}

void RecordGuard::end(Child& child) {
  if (child.pipe >= 0) ::close(child.pipe);
  if (child.process > 0) {
    ::kill(child.process, SIGKILL);
    while (::waitpid(child.process, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  child = {};
}

std::string RecordGuard::take() {
  const size_t index = next_;
  Child& child = children_.at(child_of(index, children_.size()));
  if (child.process < 0) start(child);
  ++next_;
  if (child.process < 0) throw UserError(files_[index].string() + " cannot be read: no process can be started for it");
  Answer head;
  std::string bytes;
  bool heard = hear(child.pipe, &head, sizeof head) && head.size <= kMostBytes;
  if (heard) {
    bytes.resize(head.size);
    heard = hear(child.pipe, bytes.data(), bytes.size());
  }
  if (heard && head.refused == 0) return bytes;
  if (heard) {
    for (char& c : bytes) c = c == '\n' || c == '\r' ? ' ' : c;
    throw UserError(bytes);
  }
  end(child);
  throw UserError(files_[index].string() +
                  " is not a record that this build can read: reading it ended the process that tried; delete the file "
                  "or take it from a copy");
}

}  // namespace sslbench
