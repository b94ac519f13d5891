// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/record_watch.h"

#include <tuple>

#include "reports/record/record_store.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

std::optional<struct stat> stat_of(const std::filesystem::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return std::nullopt;
  return found;
}

bool same_file(const struct stat& a, const struct stat& b) {
  return std::tie(a.st_dev, a.st_ino, a.st_size, a.st_mtim.tv_sec, a.st_mtim.tv_nsec) ==
         std::tie(b.st_dev, b.st_ino, b.st_size, b.st_mtim.tv_sec, b.st_mtim.tv_nsec);
}

}  // namespace

std::string final_status(const std::filesystem::path& file) {
  if (!stat_of(file)) return "";
  try {
    const Record record = read_record(file, RecordParts::headline);
    return record.final() ? record.status : "";
  } catch (const UserError&) {
    return "";
  }
}

RecordWatch::RecordWatch(std::filesystem::path file) : file_(std::move(file)), before_(stat_of(file_)) {}

std::string RecordWatch::published() const {
  const std::optional<struct stat> now = stat_of(file_);
  if (!now || (before_ && same_file(*before_, *now))) return "";
  const std::string status = final_status(file_);
  return status.empty() ? final_status(file_) : status;  // again: that it could not be opened may pass
}

}  // namespace sslbench
