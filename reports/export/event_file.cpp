// SPDX-License-Identifier: Apache-2.0
#include "reports/export/event_file.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "reports/export/number_bytes.h"
#include "reports/export/protobuf_message.h"
#include "suites/ground/crc32c.h"

namespace sslbench {
namespace {

constexpr uint32_t kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5;  // of Event
constexpr uint32_t kValue = 1;                                                // of Summary
constexpr uint32_t kTag = 1, kSimpleValue = 2;                                // of Summary.Value
constexpr const char* kVersion2 = "brain.Event:2";

constexpr size_t kHead = sizeof(uint64_t) + sizeof(uint32_t), kTail = sizeof(uint32_t);

template <class Number>
std::string bytes_of(Number number) {
  std::string out;
  append_number(out, number);
  return out;
}

std::string masked_crc(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes);
  return bytes_of<uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
}

std::string file_record(const ProtobufMessage& event) {
  const std::string length = bytes_of<uint64_t>(event.bytes().size());
  return length + masked_crc(length) + event.bytes() + masked_crc(event.bytes());
}

// Nothing at the end, or where the next record is not whole.
std::string_view next_event(std::string_view rest) {
  if (rest.size() < kHead || rest.substr(sizeof(uint64_t), sizeof(uint32_t)) != masked_crc(rest.substr(0, 8)))
    return {};
  uint64_t length = 0;
  std::memcpy(&length, rest.data(), sizeof length);
  if (length > rest.size() - kHead || rest.size() - kHead - length < kTail) return {};
  const std::string_view event = rest.substr(kHead, length);
  return rest.substr(kHead + length, kTail) == masked_crc(event) ? event : std::string_view();
}

void read_value(std::string_view value, EventScalar& scalar) {
  for (ProtobufFields fields(value); fields.next();) {
    if (fields.field() == kTag) scalar.tag = fields.content();
    if (fields.field() == kSimpleValue) scalar.value = std::bit_cast<float>(static_cast<uint32_t>(fields.number()));
  }
}

// Whether it is the event that a file begins with.
bool read_event(std::string_view event, EventFileContent& out) {
  EventScalar scalar;
  bool version = false;
  for (ProtobufFields fields(event); fields.next();) {
    if (fields.field() == kStep) scalar.step = static_cast<int64_t>(fields.number());
    if (fields.field() == kFileVersion) version = fields.content() == kVersion2;
    if (fields.field() != kSummary) continue;
    for (ProtobufFields values(fields.content()); values.next();) {
      if (values.field() == kValue) read_value(values.content(), scalar);
    }
  }
  if (!scalar.tag.empty()) out.scalars.push_back(std::move(scalar));
  return version;
}

}  // namespace

std::string event_file_start() {
  return file_record(ProtobufMessage().add_double(kWallTime, 0).add_text(kFileVersion, kVersion2));
}

std::string event_record(const EventScalar& scalar, double wall_time) {
  const ProtobufMessage value =
      ProtobufMessage().add_text(kTag, scalar.tag).add_float(kSimpleValue, static_cast<float>(scalar.value));
  return file_record(ProtobufMessage()
                         .add_double(kWallTime, wall_time)
                         .add_integer(kStep, scalar.step)
                         .add_message(kSummary, ProtobufMessage().add_message(kValue, value)));
}

std::vector<EventScalar> curve_scalars(const std::string& stage, const std::map<std::string, Curve>& curves) {
  std::vector<EventScalar> out;
  for (const auto& [name, curve] : curves) {
    for (size_t i = 0; i < curve.step.size(); ++i) {
      out.push_back({stage + "/" + name, curve.step[i], curve.value[i]});
    }
  }
  return out;
}

std::vector<EventScalar> curve_scalars(const Record& record) {
  std::vector<EventScalar> out;
  for (const StageRecord& stage : record.stages) {
    for (EventScalar& scalar : curve_scalars(stage.name, stage.curves)) out.push_back(std::move(scalar));
  }
  return out;
}

std::vector<EventScalar> measurement_scalars(const Record& record) {
  int64_t last = 0;
  for (const EventScalar& scalar : curve_scalars(record)) last = std::max(last, scalar.step);
  std::vector<EventScalar> out;
  for (const StageRecord& stage : record.stages) {
    for (const Measurement& m : stage.measurements) {
      if (!m.undefined()) out.push_back({m.protocol + "/" + m.split + "/" + m.metric, last, m.value});
    }
  }
  return out;
}

EventFileContent read_event_file(std::string_view file) {
  EventFileContent out;
  while (true) {
    const std::string_view event = next_event(file.substr(out.bytes));
    if (event.empty()) return out;
    const bool start = read_event(event, out);
    if (out.bytes == 0 && !start) return {};
    out.bytes += kHead + event.size() + kTail;
  }
}

}  // namespace sslbench
