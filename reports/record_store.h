// SPDX-License-Identifier: Apache-2.0
// RecordStore: one HDF5 file a run, written aside and renamed; the folder is the database.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/record.h"

namespace sslbench {

// Publishes `record` as `file` (schema sslbench.record/1: attributes, /settings, /environment, /stages, /measurements,
// /curves/<stage>/<name>, /replicates/<stage>/<metric>, /hashes/<stage>, /samples/<stage>). RunFailure(storage) when it
// cannot be written; the old file stays.
void write_record(const Record& record, const std::filesystem::path& file);

// The bytes of that file.
std::string record_bytes(const Record& record);

// What a reader wants to load: the headline parts alone open in about a millisecond.
enum class RecordParts {
  headline,  // everything but samples, curves, hashes and replicates
  numbers,   // and replicates and the curves named "loss"
  all
};

// Throws UserError naming the file when it is not one of our records, is truncated, or its checksums do not match.
Record read_record(const std::filesystem::path& file, RecordParts parts = RecordParts::all);

// Rebuilds the tidy table of all runs (dataset "measurements") as one HDF5 file.
void write_measurements(const std::vector<Measurement>& rows, const std::filesystem::path& file);
std::vector<Measurement> read_measurements(const std::filesystem::path& file);

}  // namespace sslbench
