// SPDX-License-Identifier: Apache-2.0
// RecordStore: one HDF5 file a run, written aside and renamed; the folder is the database.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/record/record.h"

namespace sslbench {

// Publishes `record` as `file` (schema sslbench.record/1: attributes, /settings, /environment, /stages, /measurements,
// /curves/<stage>/<name>, /replicates/<stage>/<metric>, /hashes/<stage>, /samples/<stage>, /features/<stage>; behind it
// a seal). RunFailure(storage) when it cannot be written; the old file stays.
void write_record(const Record& record, const std::filesystem::path& file);

// The bytes of that file.
std::string record_bytes(const Record& record);

// What a reader wants to load beside the headline: attributes, settings, environment, stages and measurements, which
// alone take about a millisecond.
struct RecordParts {
  bool loss = false;  // the curves of that name
  bool curves = false, replicates = false, hashes = false, features = false;
  size_t samples = 0;    // the first of each stage
  bool settings = true;  // false: Record::requested is empty, `effective` holds what protocols were measured under
  bool numbers = true;   // false: no measurements, facts or requested settings

  friend bool operator==(const RecordParts&, const RecordParts&) = default;
  static const RecordParts brief, headline, reported, all;
};
inline constexpr RecordParts RecordParts::brief{.numbers = false};
inline constexpr RecordParts RecordParts::headline{};
inline constexpr RecordParts RecordParts::reported{.loss = true, .replicates = true, .settings = false};
inline constexpr RecordParts RecordParts::all{
    .loss = true, .curves = true, .replicates = true, .hashes = true, .features = true, .samples = kMostSamples};

// Throws UserError naming the file when it is not one of our records, is truncated, or the checksums of what is read do
// not match.
Record read_record(const std::filesystem::path& file, RecordParts parts = RecordParts::all);

// As above, and proves the rest of the file to be what was written: by its seal (record_seal.h), or, in a file without
// one, by reading all.
Record read_checked_record(const std::filesystem::path& file, RecordParts parts);

// Rebuilds the tidy table of all runs (dataset "measurements") as one HDF5 file. Returns its rows.
size_t write_measurements(const std::vector<Record>& records, const std::filesystem::path& file);
std::vector<Measurement> read_measurements(const std::filesystem::path& file);
// What that file says of its metrics, for apply_declarations(); null when it says nothing.
nlohmann::json read_declarations(const std::filesystem::path& file);

}  // namespace sslbench
