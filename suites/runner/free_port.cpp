// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "suites/ground/error.h"

namespace sslbench {

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* address = reinterpret_cast<sockaddr*>(&place);
  socklen_t length = sizeof place;
  const bool found = fd >= 0 && ::bind(fd, address, length) == 0 && ::getsockname(fd, address, &length) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (found) return ntohs(place.sin_port);
  throw RunFailure(FailureKind::ranks,
                   std::string("no port of this machine is free for the ranks to meet: ") + std::strerror(error));
}

}  // namespace sslbench
