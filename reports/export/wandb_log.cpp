// SPDX-License-Identifier: Apache-2.0
#include "reports/export/wandb_log.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "reports/export/number_bytes.h"

namespace sslbench {
namespace {

constexpr size_t kPartHead = 7;  // u32 CRC, u16 length, u8 type
enum PartType : char { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

constexpr std::string_view kFileHead(":W&B\xe1\xbe\0", 7);  // name, u16 0xBEE1, version 0

uint32_t crc_of(char type, std::string_view data) {
  const auto bytes = [](const char* text) { return reinterpret_cast<const Bytef*>(text); };
  const uLong begun = ::crc32(0, bytes(&type), 1);
  return static_cast<uint32_t>(::crc32(begun, bytes(data.data()), static_cast<uInt>(data.size())));
}

}  // namespace

WandbLog::WandbLog() : bytes_(kFileHead) {}

void WandbLog::add_part(char type, std::string_view data) {
  append_number(bytes_, crc_of(type, data));
  append_number(bytes_, static_cast<uint16_t>(data.size()));
  bytes_ += type;
  bytes_ += data;
}

void WandbLog::add(std::string_view record) {
  for (bool first = true, last = false; !last; first = false) {
    const size_t left = kWandbBlock - bytes_.size() % kWandbBlock;
    if (left < kPartHead) {
      bytes_.append(left, '\0');
    }
    const size_t room = (left < kPartHead ? kWandbBlock : left) - kPartHead;
    last = record.size() <= room;
    const std::string_view part = record.substr(0, std::min(room, record.size()));
    add_part(first ? (last ? kFull : kFirst) : (last ? kLast : kMiddle), part);
    record.remove_prefix(part.size());
  }
}

}  // namespace sslbench
