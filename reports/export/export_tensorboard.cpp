// SPDX-License-Identifier: Apache-2.0
// TensorBoard's event files, one folder a run: every curve by step, every measurement at the end.
#include "reports/export/event_file.h"
#include "reports/export/exporter.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

// The step stands in for the time of day, which records do not hold for single steps.
std::string events_of(const Record& record) {
  std::string out = event_file_start();
  for (const EventScalar& scalar : curve_scalars(record)) out += event_record(scalar, static_cast<double>(scalar.step));
  for (const EventScalar& scalar : measurement_scalars(record)) {
    out += event_record(scalar, static_cast<double>(scalar.step));
  }
  return out;
}

std::map<std::string, std::string> files(const ExportInput& input) {
  std::map<std::string, std::string> out;
  for (const Record& record : input.records) out[file_name(record.run) + "/" + kEventFile] = events_of(record);
  return out;
}

const bool registered = Registry<ExporterEntry>::add({.name = "tensorboard",
                                                      .summary = "event files with every curve, one folder a run",
                                                      .files = files,
                                                      .needs = {.curves = true}});

}  // namespace
}  // namespace sslbench
