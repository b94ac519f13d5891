// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/ranks/own_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

namespace sslbench {
namespace {

// "" when this address is not reached from here. Connecting a datagram socket only chooses the route.
std::string own_end(const addrinfo& there) {
  const int fd = ::socket(there.ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return "";
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  auto* address = reinterpret_cast<sockaddr*>(&own);
  char text[NI_MAXHOST] = "";
  const bool found = ::connect(fd, there.ai_addr, there.ai_addrlen) == 0 && ::getsockname(fd, address, &length) == 0 &&
                     ::getnameinfo(address, length, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0;
  ::close(fd);
  return found ? text : "";
}

}  // namespace

std::string address_towards(const std::string& host, int port) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_DGRAM;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return "";
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  std::string out;
  for (const addrinfo* each = found; each != nullptr && out.empty(); each = each->ai_next) out = own_end(*each);
  return out;
}

}  // namespace sslbench
