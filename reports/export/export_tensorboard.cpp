// SPDX-License-Identifier: Apache-2.0
// TensorBoard's event files, one folder a run: every curve by step, every measurement at the end. A record of the file
// is length, masked CRC-32C of it, protobuf, masked CRC-32C of that (tensorflow/tensorflow,
// core/lib/io/record_writer.cc; messages of core/util/event.proto and core/framework/summary.proto).
#include <algorithm>
#include <cstring>

#include "reports/export/exporter.h"
#include "reports/text/escape.h"
#include "suites/ground/crc32c.h"

namespace sslbench {
namespace {

// Field numbers with their wire types.
constexpr char kWallTime = 0x09, kStep = 0x10, kFileVersion = 0x1a, kSummary = 0x2a;  // of Event
constexpr char kValue = 0x0a;                                                         // of Summary
constexpr char kTag = 0x0a, kSimpleValue = 0x15;                                      // of Summary.Value

template <class Number>
std::string bytes_of(Number number) {
  std::string out(sizeof number, '\0');
  std::memcpy(out.data(), &number, sizeof number);
  return out;
}

std::string varint(uint64_t number) {
  std::string out;
  for (; number > 0x7f; number >>= 7) out += static_cast<char>((number & 0x7f) | 0x80);
  return out + static_cast<char>(number);
}

std::string message(char field, const std::string& content) { return field + varint(content.size()) + content; }

std::string masked_crc(const std::string& bytes) {
  const uint32_t crc = crc32c(bytes);
  return bytes_of<uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
}

std::string file_record(const std::string& event) {
  const std::string length = bytes_of<uint64_t>(event.size());
  return length + masked_crc(length) + event + masked_crc(event);
}

// The step stands in for the time of day, which records do not hold for single steps.
std::string scalar(const std::string& tag, int64_t step, double value) {
  const std::string summary = message(kValue, message(kTag, tag) + kSimpleValue + bytes_of(static_cast<float>(value)));
  return file_record(kWallTime + bytes_of(static_cast<double>(step)) + kStep + varint(static_cast<uint64_t>(step)) +
                     message(kSummary, summary));
}

std::string events_of(const Record& record) {
  std::string out = file_record(kWallTime + bytes_of(0.0) + message(kFileVersion, "brain.Event:2"));
  int64_t last = 0;
  for (const StageRecord& stage : record.stages) {
    for (const auto& [name, curve] : stage.curves) {
      for (size_t i = 0; i < curve.step.size(); ++i) {
        last = std::max(last, curve.step[i]);
        out += scalar(stage.name + "/" + name, curve.step[i], curve.value[i]);
      }
    }
  }
  for (const StageRecord& stage : record.stages) {
    for (const Measurement& m : stage.measurements) {
      if (m.undefined()) continue;
      out += scalar(m.protocol + "/" + m.split + "/" + m.metric, last, m.value);
    }
  }
  return out;
}

std::map<std::string, std::string> files(const ExportInput& input) {
  std::map<std::string, std::string> out;
  for (const Record& record : input.records) {
    out[file_name(record.run) + "/events.out.tfevents.0.sslbench"] = events_of(record);
  }
  return out;
}

const bool registered = Registry<ExporterEntry>::add({.name = "tensorboard",
                                                      .summary = "event files with every curve, one folder a run",
                                                      .files = files,
                                                      .needs = {.curves = true}});

}  // namespace
}  // namespace sslbench
