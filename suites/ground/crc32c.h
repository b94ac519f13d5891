// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace sslbench {

// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, as in RFC 3720): crc32c("123456789") = 0xE3069283.
uint32_t crc32c(std::string_view bytes);

}  // namespace sslbench
