// SPDX-License-Identifier: Apache-2.0
// Snapshot: what one results folder says, cell by cell, raw values and what they were measured under. It is what two
// commits are compared by, and what history keeps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/record/record.h"
#include "reports/record/record_store.h"
#include "suites/plan/sameness.h"

namespace sslbench {

// One metric of one row. Values may be compared when version, data, config and unit agree, and for a cost (speed,
// memory, energy) the machine class as well.
struct SnapshotCell {
  std::string row, method, backbone;
  std::string protocol;  // row name of the protocol, or "pretrain"
  std::string dataset, metric, split, unit, direction;
  int64_t version = 0;
  int64_t n = 0;       // the most items behind a value
  std::string config;  // digests of the settings that count, keys of Snapshot::settings: "<pretraining> <protocol>"
  std::string data;    // digest of the data measured on and trained on
  std::map<int64_t, double> by_seed;
  std::string config_1;                               // as history of schema 1 knew `config`, where that is known
  std::map<int64_t, std::vector<double>> replicates;  // by seed, over test images; history holds none

  MetricKind kind = MetricKind::score;  // as declared; a share is as good as a score here

  // What measuring took: it depends on the machine, and nights resemble each other.
  bool is_cost() const { return kind == MetricKind::cost; }
  // What pretraining took of a row that trains nothing: it says how fast a program starts. History of earlier builds
  // holds it; nothing is told of it.
  bool is_idle() const { return protocol == "pretrain" && n == 0; }
  bool is_fraction() const { return sslbench::is_fraction(kind); }
  // Of one class only ("iou/star").
  bool is_detail() const { return metric.find('/') != std::string::npos; }
  bool higher_is_better() const { return direction == "higher"; }
  std::string measure() const { return protocol + "." + metric; }
  std::string name() const { return row + "/" + measure(); }
  // The same metric of the same row, whatever it was measured under.
  bool same_series(const SnapshotCell& other) const;
  std::vector<double> values() const;
};

struct SnapshotRun {
  std::string row;
  int64_t seed = 0;
  std::string status;  // RunStatus::text()
};

struct Snapshot {
  std::string suite, created;  // UTC, 2026-11-23T04:10:00Z
  std::string revision, build_type, machine_class;
  bool dirty = false;
  std::string worker;               // digest of the program; " | " between several
  std::string commit;               // of the repository under test, where that is known; `revision` is sslbench's own
  std::vector<SnapshotCell> cells;  // by row in the order of the plan
  std::map<std::string, nlohmann::json> settings;  // digest -> flat settings; what history of schema 1 did not keep
  std::vector<SnapshotRun> runs;                   // planned ones
  std::map<std::string, std::string> undefined;    // "<protocol>.<metric>" that is no number by nature -> why; not kept

  // The commit that people know this state by.
  const std::string& shown_commit() const { return commit.empty() ? revision : commit; }
  // "debug build", "dirty tree", "build of an unknown revision"; "" for a clean release build, whose speed counts.
  std::string why_unofficial() const;
  // The cell of the same series; null when there is none.
  const SnapshotCell* find(const SnapshotCell& like) const;
  // The settings that count for a cell of this snapshot; null where they were not kept.
  nlohmann::json settings_of(const SnapshotCell& cell) const;
};

// From the records of one plan. Metrics of no direction, what a constant answer scores, what is no cost on other than
// test images and what is undefined by nature are left out.
Snapshot snapshot_of(const std::string& suite, const std::vector<Record>& records, std::vector<SnapshotRun> planned);

// A results folder: every record that its plan names. A record that cannot be read is a failed run and a line in
// `warnings`.
struct ResultsFolder {
  std::string suite;
  std::vector<Record> records;
  std::vector<SnapshotRun> runs;
  std::vector<std::string> warnings;

  Snapshot snapshot() const { return snapshot_of(suite, records, runs); }
};

// `sameness` says which settings count. UserError when the folder is none.
ResultsFolder read_results(const std::filesystem::path& folder, RecordParts parts, const Sameness& sameness = {});

// Adds the values of fresh seeds to a snapshot of the same suite.
void add_values(Snapshot& to, const Snapshot& from);

// Schema sslbench.history/2; reads 1, too. UserError naming `file` when it is none.
nlohmann::json snapshot_to_json(const Snapshot& snapshot);
Snapshot snapshot_from_json(const nlohmann::json& json, const std::string& file);

}  // namespace sslbench
