// SPDX-License-Identifier: Apache-2.0
// All records of a results folder in short. The records are the truth. What was read of them is kept in this person's
// cache (records/ in cache_folder()), not in the results folder: commands that only read write nothing there, and no
// folder from elsewhere brings an index of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "reports/record/brief_record.h"

namespace sslbench {

struct IndexedRecord {
  std::filesystem::path file;
  BriefRecord brief;
  int64_t bytes = 0;           // of the file
  int64_t weights_bytes = -1;  // of the weights beside it; -1: there are none
};

struct RecordIndex {
  std::vector<IndexedRecord> records;  // by name
  std::vector<std::string> refused;    // one line for each file that is no record of the run that it is named after
  size_t opened = 0;                   // files that were read now; the rest was known
};

// Folders with fewer records are read anew each time.
inline constexpr size_t kFewestKept = 50;

// Of the records in OUT/runs. A record that this build wrote says itself what it holds in short (hdf5/record_tail.h);
// any other is read, by a child process (record_guard.h), unless the cache knows it under its size and time of change;
// changes of the last two seconds are not kept, since a file system's clock may stand still that long. A cache that is
// damaged, of another folder or cannot be written only costs reading.
RecordIndex index_records(const std::filesystem::path& out);

}  // namespace sslbench
