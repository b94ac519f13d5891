// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/facts.h"

#include <algorithm>

#include "reports/comparison/row_notes.h"
#include "reports/record/revision_of.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;

void add_mark(Row& row, const std::string& mark) {
  if (std::find(row.marks.begin(), row.marks.end(), mark) == row.marks.end()) row.marks.push_back(mark);
}

void add_marks(const Comparison& comparison, const Record& record, Row& row) {
  const bool labels = flag_of(record.facts, "uses_labels", false);
  if (!row.role.empty()) add_mark(row, row.role);
  if (labels) add_mark(row, "labels seen");
  const std::string start = text_of(record.facts, "started_from");
  if (!start.empty()) add_mark(row, "started from " + start);
  if (!run_status(record.status).ok()) add_mark(row, record.status);
  const std::string build = text_of(record.environment, "build_type");
  if (!build.empty() && build != "Release") add_mark(row, build == "Debug" ? "debug build" : build + " build");
  if (flag_of(record.environment, "dirty", false)) add_mark(row, "dirty tree");
  for (const std::string& text : revisions_of(record)) {
    const Revision revision = revision_from(text);
    if (!revision.clean()) add_mark(row, revision.dirty ? "dirty tree" : "unknown revision");
    if (!comparison.mixed_revisions) continue;
    const std::string worker = revision.worker.empty() ? "" : ", program " + revision.worker.substr(0, 6);
    add_mark(row, "revision " + revision.commit.substr(0, 10) + worker);
  }
}

std::string advice_for(FailureKind kind) {
  switch (kind) {
    case FailureKind::oom: return "lower the batch size or the image size, or use a machine with more memory";
    case FailureKind::non_finite: return "lower the learning rate or use precision = \"fp32\"";
    case FailureKind::data: return "check the data set with `sslbench data check`";
    case FailureKind::checkpoint: return "run the command again; with --again it starts afresh";
    case FailureKind::storage:
      return "make room, mend the permissions of the results folder or remove a damaged record; then run again";
    case FailureKind::timeout: return "run the command again; it goes on from the last checkpoint";
    case FailureKind::signal: return "run the command again; if the kernel killed it, give it more memory";
    case FailureKind::ranks: return "see that its processes reach each other (docs/ranks.md); then run again";
    case FailureKind::internal: return "report it with the log in the run's work folder";
  }
  return "";
}

}  // namespace

void describe_row(const Comparison& comparison, Row& row) {
  size_t usable = 0, failed = 0;
  for (const size_t r : row.records) {
    const Record& record = comparison.records[r];
    row.method = record.method;
    row.role = text_of(record.facts, "role");
    row.budget = text_of(record.facts, "budget");
    row.pretrained_elsewhere = row.pretrained_elsewhere || flag_of(record.facts, "pretrained_elsewhere", false);
    add_marks(comparison, record, row);
    usable += run_status(record.status).ok();
    failed += !record.final();
  }
  if (row.planned > 1 && failed > 0) {
    add_mark(row, std::to_string(failed) + " of " + std::to_string(row.planned) + " seeds failed");
  }
  if (row.pretrained_elsewhere) add_mark(row, "pretrained elsewhere");
  if (row.records.empty()) add_mark(row, RunStatus().text());
  row.ranked = usable > 0 && usable + failed == row.records.size();
}

std::vector<Failure> failures_of(const Comparison& comparison) {
  std::vector<Failure> out;
  for (const Row& row : comparison.rows) {
    for (const size_t r : row.records) {
      const Record& record = comparison.records[r];
      if (record.final()) continue;
      out.push_back(
          {record.run, row.name, record.status, record.failure, advice_for(run_status(record.status).failure)});
    }
  }
  return out;
}

std::vector<std::string> notes_of(const Comparison& comparison) {
  RowNotes notes;
  size_t with_records = 0;
  for (const Row& row : comparison.rows) {
    with_records += !row.records.empty();
    for (const size_t r : row.records) {
      const json& facts = comparison.records[r].facts;
      if (!facts.is_object() || !facts.contains("notes") || !facts.at("notes").is_array()) continue;
      for (const json& note : facts.at("notes")) {
        if (note.is_string()) notes.add(note, row.name);
      }
    }
  }
  return notes.texts(with_records);
}

}  // namespace sslbench
