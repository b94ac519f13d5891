// SPDX-License-Identifier: Apache-2.0
#include "reports/history/snapshot.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>

#include "reports/history/series_index.h"
#include "reports/record/counted_settings.h"
#include "reports/record/planned_records.h"
#include "reports/record/revision_of.h"
#include "suites/ground/build_id.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr size_t kDigestDigits = 16;

std::string digest_of(const json& value) {
  return sha256_hex(value.dump(-1, ' ', false, json::error_handler_t::replace)).substr(0, kDigestDigits);
}

// Notes settings once a snapshot and returns their digest.
std::string keep_settings(Snapshot& out, const json& settings) {
  const std::string digest = digest_of(settings);
  out.settings.try_emplace(digest, settings);
  return digest;
}

std::string config_of(Snapshot& out, const Record& record, const std::string& protocol) {
  const std::string pretraining = keep_settings(out, counted_pretraining(record));
  const json own = counted_protocol(record, protocol);
  return own.is_null() ? pretraining : pretraining + " " + keep_settings(out, own);
}

std::string data_digest(const Record& record, const std::string& protocol) {
  return digest_of({pretraining_data(record), protocol_data(record, protocol)});
}

// What is measured on training and validation images is no result, unless it is what that took.
bool is_comparable(const StageRecord& stage, const Measurement& m) {
  const bool result = m.split == "test" || stage.kind_of(m) == MetricKind::cost;
  return result && m.direction != "none" && !is_constant_name(m.metric);
}

// A run with a result that is no number has failed, whatever its record says.
void mark_non_finite(Snapshot& out, const Record& record) {
  for (SnapshotRun& run : out.runs) {
    if (run.row == record.row && run.seed == record.seed)
      run.status = RunStatus::failed(FailureKind::non_finite).text();
  }
}

// What the measurements of one protocol of one record were made under.
struct Circumstances {
  std::string config, config_1, data;
};

Circumstances circumstances_of(Snapshot& out, const Record& record, const std::string& protocol) {
  return {config_of(out, record, protocol), config_of_history_1(record, protocol), data_digest(record, protocol)};
}

// The measurements of one record after the other.
class CellWriter {
 public:
  explicit CellWriter(Snapshot& to) : to_(to) {}

  void add(const Record& record, const StageRecord& stage) {
    std::map<std::string, Circumstances> known;  // by protocol
    bool finite = true;
    for (const Measurement& m : stage.measurements) {
      if (!is_comparable(stage, m)) continue;
      if (m.undefined()) {
        to_.undefined.emplace(m.protocol + "." + m.metric, m.reason);
      } else if (std::isfinite(m.value)) {
        add(record, stage, m, known);
      } else {
        finite = false;
      }
    }
    if (!finite) mark_non_finite(to_, record);
  }

 private:
  void add(const Record& record, const StageRecord& stage, const Measurement& m,
           std::map<std::string, Circumstances>& known) {
    SnapshotCell cell{record.row, record.method, record.backbone, m.protocol, m.dataset, m.metric,
                      m.split,    m.unit,        m.direction,     m.version,  m.n};
    if (cell.is_idle()) return;
    if (const auto place = index_.find(cell)) {
      SnapshotCell& found = to_.cells[*place];
      found.n = std::max(found.n, m.n);
      found.by_seed[record.seed] = m.value;
      return;
    }
    auto under = known.find(m.protocol);
    if (under == known.end()) under = known.emplace(m.protocol, circumstances_of(to_, record, m.protocol)).first;
    cell.config = under->second.config;
    cell.config_1 = under->second.config_1;
    cell.data = under->second.data;
    cell.kind = stage.kind_of(m);
    cell.by_seed[record.seed] = m.value;
    index_.add(cell, to_.cells.size());
    to_.cells.push_back(std::move(cell));
  }

  Snapshot& to_;
  SeriesIndex index_;
};

std::string joined(const std::set<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : " | ") + text;
  return out;
}

}  // namespace

bool SnapshotCell::same_series(const SnapshotCell& other) const {
  return std::tie(row, protocol, metric, split) == std::tie(other.row, other.protocol, other.metric, other.split);
}

std::vector<double> SnapshotCell::values() const {
  std::vector<double> out;
  for (const auto& [seed, value] : by_seed) out.push_back(value);
  return out;
}

const SnapshotCell* Snapshot::find(const SnapshotCell& like) const {
  const auto found =
      std::find_if(cells.begin(), cells.end(), [&](const SnapshotCell& cell) { return cell.same_series(like); });
  return found == cells.end() ? nullptr : &*found;
}

std::string Snapshot::why_unofficial() const {
  if (build_type != "Release") return build_type == "Debug" ? "debug build" : build_type + " build";
  if (dirty) return "dirty tree";
  return revision.find("unknown") != std::string::npos ? "build of an unknown revision" : "";
}

json Snapshot::settings_of(const SnapshotCell& cell) const {
  json out = json::object();
  std::istringstream digests(cell.config);
  for (std::string digest; digests >> digest;) {
    const auto found = settings.find(digest);
    if (found == settings.end() || !found->second.is_object()) return nullptr;
    out.update(found->second);
  }
  return out.empty() ? json() : out;
}

Snapshot snapshot_of(const std::string& suite, const std::vector<Record>& records, std::vector<SnapshotRun> planned) {
  Snapshot out;
  out.suite = suite;
  out.runs = std::move(planned);
  CellWriter writer(out);
  std::set<std::string> revisions, commits, workers, builds, machines;
  for (const Record& record : records) {
    for (const std::string& text : revisions_of(record)) {
      const Revision revision = revision_from(text);
      out.dirty = out.dirty || revision.dirty;
      revisions.insert(revision.commit);
    }
    workers.insert(text_of(record.environment, "worker"));
    commits.insert(text_of(record.environment, "commit"));
    builds.insert(text_of(record.environment, "build_type"));
    machines.insert(text_of(record.environment, "machine_class"));
    out.dirty = out.dirty || flag_of(record.environment, "dirty", false);
    for (const StageRecord& stage : record.stages) {
      if (stage.finished()) writer.add(record, stage);
    }
  }
  out.revision = joined(revisions);
  out.worker = joined(workers);
  out.commit = joined(commits);
  out.build_type = joined(builds);
  out.machine_class = joined(machines);
  return out;
}

ResultsFolder read_results(const fs::path& folder, RecordParts parts, const Sameness& sameness) {
  const Plan plan = read_results_plan(folder);
  ResultsFolder out;
  out.suite = plan.suite;
  const auto take = [&](const RunSpec& run, std::optional<Record> record, const std::string& refused) {
    const RunStatus without = refused.empty() ? RunStatus() : RunStatus::failed(FailureKind::storage);
    out.runs.push_back({run.row, run.seed, record ? record->status : without.text()});
    if (record) {
      record->counting = sameness.counting(record->effective);
      out.records.push_back(std::move(*record));
    }
    if (!refused.empty()) out.warnings.push_back(refused);
  };
  read_planned_records(folder, plan, {parts, parts}, take);
  return out;
}

void add_values(Snapshot& to, const Snapshot& from) {
  SeriesIndex index(to);
  for (const SnapshotCell& cell : from.cells) {
    if (const auto place = index.find(cell)) {
      to.cells[*place].by_seed.insert(cell.by_seed.begin(), cell.by_seed.end());
    } else {
      index.add(cell, to.cells.size());
      to.cells.push_back(cell);
    }
  }
  to.settings.insert(from.settings.begin(), from.settings.end());
  to.runs.insert(to.runs.end(), from.runs.begin(), from.runs.end());
}

}  // namespace sslbench
