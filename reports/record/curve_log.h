// SPDX-License-Identifier: Apache-2.0
// Live curves: an append-only log with a checksum a record; a torn tail is cut at the first bad one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "reports/record/record.h"

namespace sslbench {

// What a stage logs while it trains, in the run's work folder.
inline std::filesystem::path curve_log_file(const std::filesystem::path& work_folder, const std::string& stage) {
  return work_folder / (stage + ".curves.log");
}

class CurveLog {
 public:
  // Opens `file` for appending after cutting a torn tail and every point at a step > `keep_up_to` of any curve (a
  // resume from that step writes them again). RunFailure(storage) on failure.
  CurveLog(const std::filesystem::path& file, int64_t keep_up_to);
  ~CurveLog();
  CurveLog(const CurveLog&) = delete;
  CurveLog& operator=(const CurveLog&) = delete;

  void append(const std::string& curve, int64_t step, double value);
  // Forces what was appended to disk, before a checkpoint of the same step is published; on any thread.
  void sync();

  // Every whole record of a log, by curve; what follows the first bad checksum is left out.
  static std::map<std::string, Curve> read(const std::filesystem::path& file);

 private:
  int fd_ = -1;
  std::filesystem::path file_;
};

}  // namespace sslbench
