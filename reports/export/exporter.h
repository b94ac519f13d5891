// SPDX-License-Identifier: Apache-2.0
// Exporter: measurements in another program's format. A new one is one file that registers an ExporterEntry on its last
// line. Equal input gives equal bytes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "reports/history/snapshot.h"
#include "suites/ground/registry.h"

namespace sslbench {

struct ExportInput {
  const Snapshot& snapshot;  // its runs are those that were asked for
  const std::vector<Record>&
      records;  // of those runs, with what the format needs; empty where only `snapshot` is known
};

struct ExporterEntry {
  static constexpr const char* kind() { return "format"; }
  std::string name;
  std::string summary;  // one line, what reads it
  std::function<std::string(const ExportInput&)> text;
  // In place of `text` where there are several files: bytes by path below the folder that is named; a
  // path that ends in '/' is a folder.
  std::function<std::map<std::string, std::string>(const ExportInput&)> files = nullptr;
  RecordParts needs = RecordParts::headline;
};

// What the format's `text` is for that input, with nothing hidden in it: characters that steer a terminal or cannot be
// seen are escaped as JSON does it.
std::string exported_text(const ExporterEntry& format, const ExportInput& input);

// A cell as programs that alarm on growth want it: smaller is better. Accuracy becomes error in percent, speed becomes
// milliseconds an image; what is small by nature stays.
struct SmallerIsBetter {
  double mean = 0, deviation = 0;  // deviation over seeds; NaN for one
  std::string unit;
};
SmallerIsBetter smaller_is_better(const SnapshotCell& cell);

// `text` in lower case with everything but letters and digits as `filler`, at most `longest` characters.
std::string slug(const std::string& text, char filler, size_t longest);

}  // namespace sslbench
