// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program (LD_PRELOAD), makes one of its calls to the system fail, or ends the program there. The
// environment says which (tests/faults/injected_fault.h writes it):
//   SSLBENCH_FAULT_STATE    file of two int64, shared by all processes: calls counted, faults fired; FILE.log lists
//                           the calls
//   SSLBENCH_FAULT_CALL     open | write | fsync | rename | mkdir | close | lock | clock
//   SSLBENCH_FAULT_PATH     only calls on a path that contains this text
//   SSLBENCH_FAULT_PROGRAM  only in the program of this name
//   SSLBENCH_FAULT_AT       the how manieth of those calls, from 1, over all processes
//   SSLBENCH_FAULT_DO       error:E (fails with errno E) | from:E (so do all later ones) | late:E (is done, and fails
//   with
//                           E) | kill | kill_after | term (SIGTERM to itself, then goes on) | short (halves every
//                           write, and every second call is interrupted first) | jump:S (the wall clock leaps by S
//                           seconds)
// Every call goes to the kernel itself, so that nothing in here is counted.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace {

struct State {
  std::atomic<long> counted, fired;
};

struct Plan {
  const char* call = "";
  const char* path = "";
  const char* what = "";
  long at = 0, number = 0;
  State* state = nullptr;
  int log = -1;
};

const char* text_of(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? "" : value;
}

int raw_open(const char* path, int flags, mode_t mode) {
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

Plan read_plan() {
  Plan out;
  const char* program = text_of("SSLBENCH_FAULT_PROGRAM");
  const char* file = text_of("SSLBENCH_FAULT_STATE");
  if (file[0] == '\0' || (program[0] != '\0' && strcmp(program, program_invocation_short_name) != 0)) return out;
  const int fd = raw_open(file, O_RDWR | O_CLOEXEC, 0);
  if (fd < 0) return out;
  void* shared = mmap(nullptr, sizeof(State), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  syscall(SYS_close, fd);
  if (shared == MAP_FAILED) return out;
  out.call = text_of("SSLBENCH_FAULT_CALL"), out.path = text_of("SSLBENCH_FAULT_PATH");
  out.what = text_of("SSLBENCH_FAULT_DO"), out.at = atol(text_of("SSLBENCH_FAULT_AT"));
  const char* colon = strchr(out.what, ':');
  out.number = colon == nullptr ? 0 : atol(colon + 1);
  char log[PATH_MAX];
  snprintf(log, sizeof log, "%s.log", file);
  out.log = raw_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  out.state = static_cast<State*>(shared);
  return out;
}

const Plan& plan() {
  static const Plan the_plan = read_plan();
  return the_plan;
}

bool does(const char* what) { return strncmp(plan().what, what, strlen(what)) == 0; }

void note(const char* call, const char* path, bool fires) {
  char line[PATH_MAX + 64];
  const int size = snprintf(line, sizeof line, "%s %s%s\n", call, path, fires ? " <-" : "");
  if (size > 0) syscall(SYS_write, plan().log, line, static_cast<size_t>(size));
}

// Whether the planned fault is due at this call.
bool is_due(const char* call, const char* path) {
  const Plan& the = plan();
  if (the.state == nullptr || strcmp(call, the.call) != 0 || strstr(path, the.path) == nullptr) return false;
  const long number = ++the.state->counted;
  const bool always = does("from:") || does("short") || does("jump:");
  const bool due = the.at > 0 && (always ? number >= the.at : number == the.at);
  if (due) ++the.state->fired;
  note(call, path, due);
  return due;
}

const char* path_of(int fd, char (&buffer)[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const long size = syscall(SYS_readlinkat, AT_FDCWD, link, buffer, sizeof buffer - 1);
  buffer[size < 0 ? 0 : size] = '\0';
  return buffer;
}

void die() {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Carries `real` out as planned; a call that fails like this says -1 and errno.
template <class Real>
auto carry_out(const char* call, const char* path, Real real) -> decltype(real()) {
  if (!is_due(call, path)) return real();
  if (does("kill_after")) real();
  if (does("kill")) die();
  if (does("term")) {
    syscall(SYS_kill, getpid(), SIGTERM);
    return real();
  }
  if (does("short")) {
    if (plan().state->fired % 2 == 0) return real();
    errno = EINTR;
    return -1;
  }
  if (does("late:")) real();
  errno = static_cast<int>(plan().number);
  return -1;
}

template <class Real>
auto by_descriptor(const char* call, int fd, Real real) -> decltype(real()) {
  if (plan().state == nullptr || strcmp(call, plan().call) != 0) return real();
  const int before = errno;
  char buffer[PATH_MAX];
  const char* path = path_of(fd, buffer);
  errno = before;
  return carry_out(call, path, real);
}

size_t allowed(size_t size) { return does("short") ? (size + 1) / 2 : size; }

int open_counted(int folder, const char* path, int flags, mode_t mode) {
  return carry_out("open", path, [&] { return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode)); });
}

mode_t mode_of(int flags, va_list more) { return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0; }

// A publication is listed by its old name too, whichever call is counted.
int rename_counted(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  if (plan().state != nullptr && strstr(from, plan().path) != nullptr) note("publish", from, false);
  return carry_out("rename", to,
                   [&] { return static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags)); });
}

int link_counted(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  return carry_out("rename", to,
                   [&] { return static_cast<int>(syscall(SYS_linkat, from_folder, from, to_folder, to, flags)); });
}

int fcntl_counted(int fd, int command, void* argument) {
  const auto real = [&] { return static_cast<int>(syscall(SYS_fcntl, fd, command, argument)); };
  return command == F_OFD_SETLK ? by_descriptor("lock", fd, real) : real();
}

FILE* fopen_counted(const char* path, const char* mode, const char* name) {
  using Fopen = FILE* (*)(const char*, const char*);
  const auto real = reinterpret_cast<Fopen>(dlsym(RTLD_NEXT, name));
  FILE* out = nullptr;
  carry_out("open", path, [&] { return (out = real(path, mode)) == nullptr ? -1 : 0; });
  return out;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_counted(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_counted(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_counted(folder, path, flags, mode);
}

int __open_2(const char* path, int flags) { return open_counted(AT_FDCWD, path, flags, 0); }
int __open64_2(const char* path, int flags) { return open_counted(AT_FDCWD, path, flags, 0); }
FILE* fopen(const char* path, const char* mode) { return fopen_counted(path, mode, "fopen"); }
FILE* fopen64(const char* path, const char* mode) { return fopen_counted(path, mode, "fopen64"); }

ssize_t write(int fd, const void* bytes, size_t size) {
  return by_descriptor("write", fd, [&] { return static_cast<ssize_t>(syscall(SYS_write, fd, bytes, allowed(size))); });
}

ssize_t writev(int fd, const iovec* parts, int count) {
  return by_descriptor("write", fd, [&] { return static_cast<ssize_t>(syscall(SYS_writev, fd, parts, count)); });
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  return by_descriptor("write", fd,
                       [&] { return static_cast<ssize_t>(syscall(SYS_pwrite64, fd, bytes, allowed(size), at)); });
}

int fsync(int fd) {
  return by_descriptor("fsync", fd, [&] { return static_cast<int>(syscall(SYS_fsync, fd)); });
}

int fdatasync(int fd) {
  return by_descriptor("fsync", fd, [&] { return static_cast<int>(syscall(SYS_fdatasync, fd)); });
}

int close(int fd) {
  return by_descriptor("close", fd, [&] { return static_cast<int>(syscall(SYS_close, fd)); });
}

int rename(const char* from, const char* to) noexcept { return rename_counted(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  return rename_counted(from_folder, from, to_folder, to, 0);
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  return rename_counted(from_folder, from, to_folder, to, flags);
}
int link(const char* from, const char* to) noexcept { return link_counted(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  return link_counted(from_folder, from, to_folder, to, flags);
}

int mkdir(const char* path, mode_t mode) noexcept {
  return carry_out("mkdir", path, [&] { return static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode)); });
}

int fcntl(int fd, int command, ...) {
  va_list more;
  va_start(more, command);
  void* argument = va_arg(more, void*);
  va_end(more);
  return fcntl_counted(fd, command, argument);
}

int fcntl64(int fd, int command, ...) {
  va_list more;
  va_start(more, command);
  void* argument = va_arg(more, void*);
  va_end(more);
  return fcntl_counted(fd, command, argument);
}

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const int code = static_cast<int>(syscall(SYS_clock_gettime, clock, now));
  const bool of_the_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (code == 0 && of_the_wall && is_due("clock", "")) now->tv_sec += plan().number;
  return code;
}

time_t time(time_t* to) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (to != nullptr) *to = now.tv_sec;
  return now.tv_sec;
}
}
