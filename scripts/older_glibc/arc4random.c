// SPDX-License-Identifier: Apache-2.0
// What libarchive takes from glibc 2.36, for systems with 2.35 (scripts/package).
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

void arc4random_buf(void* out, size_t size) {
  char* at = out;
  while (size > 0) {
    const ssize_t got = getrandom(at, size, 0);
    if (got < 0 && errno != EINTR) abort();
    if (got > 0) {
      at += got;
      size -= got;
    }
  }
}
