// SPDX-License-Identifier: Apache-2.0
// What a run will cost, from what equal stages cost on this machine before.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/record/record_index.h"
#include "suites/plan/catalog.h"
#include "suites/plan/run_spec.h"
#include "suites/plan/sameness.h"

namespace sslbench {

struct RunEstimate {
  double seconds = 0;         // of the stages still to do
  int64_t process_bytes = 0;  // largest peak of them
  int64_t device_bytes = -1;  // the same on a device; -1: none
  int64_t disk_bytes = 0;     // record and weights; 0 when no equal run is there
  int64_t records = 0;        // behind the stage with the fewest
};

// Costs of stages by all that they depend on but the seed, with threads, ranks and kind of device.
class StageCosts {
 public:
  // Of the records in `folders`/runs (record_index.h) that were written on CPUs of class `machine_class` or on GPUs
  // beside them.
  StageCosts(const std::vector<std::filesystem::path>& folders, const std::string& machine_class, Sameness sameness);

  // Nothing when some stage that is still to do was never measured here.
  std::optional<RunEstimate> estimate(const RunSpec& run) const;

 private:
  struct Cost {
    double seconds = 0;
    int64_t process_bytes = 0, device_bytes = -1, records = 0;
  };
  void add(const RecordIndex& index, const std::string& machine_class);
  // Stage row -> what its cost depends on; equal for the runs of a row, which are asked for one after the other.
  const std::map<std::string, std::string>& keys_of_row(const RunSpec& run) const;

  Sameness sameness_;
  mutable RunSpec row_;
  mutable std::map<std::string, std::string> keys_;  // of row_
  std::map<std::string, Cost> by_stage_;
  std::map<std::string, int64_t> disk_by_id_;
};

// What was measured on this machine in `out` and the results folders beside it.
StageCosts costs_measured_beside(const std::filesystem::path& out, const Catalog& catalog);

// By run name, of those runs whose stages were measured.
std::map<std::string, RunEstimate> estimates_of(const std::vector<RunSpec>& runs, const StageCosts& costs);

// `out` and the results folders beside it (those with a runs/ inside).
std::vector<std::filesystem::path> neighbouring_results(const std::filesystem::path& out);

}  // namespace sslbench
