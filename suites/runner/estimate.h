// SPDX-License-Identifier: Apache-2.0
// What a run will cost, from what equal stages cost on this machine before, or from their beginnings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "reports/record/record_index.h"
#include "suites/plan/catalog.h"
#include "suites/plan/run_spec.h"
#include "suites/plan/sameness.h"
#include "suites/runner/cost_book.h"
#include "suites/runner/worker_check.h"

namespace sslbench {

// What a run will cost that nobody has done yet.
struct RunEstimate {
  std::map<std::string, double> stages;  // row -> seconds, of the stages still to do whose cost is known
  std::vector<std::string> unknown;      // the others still to do
  int64_t process_bytes = 0;             // largest peak of them
  int64_t device_bytes = -1;             // the same on a device; -1: none
  int64_t other_bytes = 0;               // as process_bytes, of all but the pretraining
  BatchMemory batch = {};                // of the pretraining, where it is to do
  int64_t disk_bytes = 0;                // record and weights; 0: not known
  int64_t records = 0;                   // behind the stage with the fewest; 0: some was only calibrated

  double seconds() const;
  bool whole() const { return unknown.empty(); }
};

// Costs of stages by all that they depend on but the seed, with threads, ranks and kind of device. Those of a protocol
// do not depend on the method that came before it.
class StageCosts {
 public:
  // Of the records in `folders`/runs (record_index.h) that were written on CPUs of class `machine_class` or on GPUs
  // beside them.
  StageCosts(const std::vector<std::filesystem::path>& folders, const std::string& machine_class, Sameness sameness);

  RunEstimate estimate(const RunSpec& run) const;

  // What a calibration told of a run's stages; what was measured stays.
  void add(const RunSpec& run, const Calibration& calibration);
  // What was measured or calibrated elsewhere on this machine, for stages that these folders do not know.
  void add(const CostBook& book);
  const CostBook& book() const { return by_stage_; }

 private:
  void add(const RecordIndex& index, const std::string& machine_class);
  // Stage row -> what its cost depends on; equal for the runs of a row, which are asked for one after the other.
  const std::map<std::string, std::string>& keys_of_row(const RunSpec& run) const;

  Sameness sameness_;
  mutable RunSpec row_;
  mutable std::map<std::string, std::string> keys_;  // of row_
  CostBook by_stage_;
};

// What was measured on this machine in `out`, in the results folders beside it, and in any folder that this user's runs
// went to (cost_book.h).
StageCosts costs_measured_beside(const std::filesystem::path& out, const Catalog& catalog);

// Keeps what was measured in `out` for suites whose results lie elsewhere.
void keep_costs_of(const std::filesystem::path& out, const Catalog& catalog);

// By run name, of those runs all of whose stages were measured.
std::map<std::string, RunEstimate> estimates_of(const std::vector<RunSpec>& runs, const StageCosts& costs);

// `out` and the results folders beside it (those with a runs/ inside).
std::vector<std::filesystem::path> neighbouring_results(const std::filesystem::path& out);

}  // namespace sslbench
