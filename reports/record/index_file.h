// SPDX-License-Identifier: Apache-2.0
// The file in which record_index.h keeps what it read: a line that names schema, folder and the SHA-256 of the rest,
// then a line a text of settings and a line a record.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "reports/record/brief_record.h"

namespace sslbench {

// What tells two states of a file apart.
struct FileStamp {
  int64_t bytes = 0, changed = 0;  // ns since 1970
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// Equal texts become one.
class SettingsTexts {
 public:
  std::shared_ptr<const std::string> one(std::string text);

 private:
  std::unordered_map<std::string, std::shared_ptr<const std::string>> known_;
};

// Records by the stem of their file.
class KnownRecords {
 public:
  void add(const std::string& stem, FileStamp stamp, BriefRecord brief) {
    by_stem_.insert_or_assign(stem, Known{stamp, std::move(brief)});
  }
  // Null unless it is known in that state.
  const BriefRecord* find(const std::string& stem, FileStamp stamp) const;
  size_t size() const { return by_stem_.size(); }

 private:
  friend class IndexFile;
  struct Known {
    FileStamp stamp;
    BriefRecord brief;
  };
  std::map<std::string, Known> by_stem_;
};

class IndexFile {
 public:
  // Of the results folder `out`; keeps nothing unless `wanted`, or where there is no cache.
  IndexFile(const std::filesystem::path& out, bool wanted);

  // Nothing is known where the file is absent, damaged or of another folder.
  KnownRecords read(SettingsTexts& texts) const;
  // Replaces the file; where it cannot be written, the old one stays.
  void write(const KnownRecords& records) const;

  const std::optional<std::filesystem::path>& file() const { return file_; }

 private:
  std::string folder_;  // its real path
  std::optional<std::filesystem::path> file_;
};

}  // namespace sslbench
