// SPDX-License-Identifier: Apache-2.0
// Results folders made of records, for the tests of reports.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/plan/plan.h"
#include "tests/reports/sample_record.h"

namespace sslbench {

namespace fs = std::filesystem;

// A results folder of these records, all planned, written to `out`.
inline void write_results(const fs::path& out, const std::vector<Record>& records, bool keep_last = true) {
  Plan plan;
  plan.suite = "quickstart";
  plan.question = "Which objective gives the most separable features?";
  plan.suite_file = "suites/quickstart.toml";
  plan.sets = {"methods.simclr.temperature=0.2", "name=two words"};
  for (const Record& record : records) {
    RunSpec spec;
    spec.suite = plan.suite;
    spec.row = record.row;
    spec.method = record.method;
    spec.seed = record.seed;
    spec.id = "0123456789ab";
    for (const char* protocol : {"linear_probe", "detection"}) spec.protocols.push_back({protocol, protocol, 1});
    plan.runs.push_back(spec);
    if (keep_last || &record != &records.back()) write_record(record, out / "runs" / (spec.name() + ".h5"));
  }
  write_atomically(out / "plan.json", plan_to_json(plan).dump());
}

inline std::vector<Record> three_records() {
  Record floor = sample_record("random_init", 0, 0.2), ceiling = sample_record("supervised", 0, 0.8);
  floor.facts["role"] = "floor";
  ceiling.facts["role"] = "ceiling";
  return {floor, sample_record("simclr", 0, 0.5), ceiling};
}

inline std::map<std::string, std::string> all_files(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  }
  return out;
}

}  // namespace sslbench
