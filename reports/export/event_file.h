// SPDX-License-Identifier: Apache-2.0
// TensorBoard's event files: records of length, masked CRC-32C of it, protobuf, masked CRC-32C of that
// (tensorflow/tensorflow, core/lib/io/record_writer.cc; messages of core/util/event.proto and
// core/framework/summary.proto). Such a file may be read while it grows: a reader waits for the rest of a record.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reports/record/record.h"

namespace sslbench {

inline constexpr const char* kEventFile = "events.out.tfevents.0.sslbench";  // in a run's folder

struct EventScalar {
  std::string tag;
  int64_t step = 0;
  double value = 0;
};

// What an event file begins with.
std::string event_file_start();

// `wall_time`: seconds since 1970.
std::string event_record(const EventScalar& scalar, double wall_time);

// Every curve of a record by step, as "<stage>/<curve>".
std::vector<EventScalar> curve_scalars(const Record& record);
std::vector<EventScalar> curve_scalars(const std::string& stage, const std::map<std::string, Curve>& curves);

// Every measurement that is a number, as "<protocol>/<split>/<metric>" at the last step of a curve.
std::vector<EventScalar> measurement_scalars(const Record& record);

// What an event file of ours holds; `bytes` are those before the first record that is torn or damaged, 0 where the file
// is none.
struct EventFileContent {
  std::vector<EventScalar> scalars;
  size_t bytes = 0;
};
EventFileContent read_event_file(std::string_view file);

}  // namespace sslbench
