// SPDX-License-Identifier: Apache-2.0
// Comparison: what the records of a plan say side by side. A pure function of records; renderers only print it.
#pragma once

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "reports/comparison/published_figures.h"
#include "reports/comparison/shared_records.h"
#include "reports/record/record.h"
#include "reports/statistics/statistics.h"

namespace sslbench {

// One run that was asked for. `row` is its label in the table.
struct PlannedRun {
  std::string row;
  int64_t seed = 0;
  std::string run;  // RunSpec::name()
};

// What a comparison is made of. Records are found by `run`; a planned run without one was not run.
struct ComparisonInput {
  std::string suite, question;
  std::vector<std::string> commands;   // how to reproduce, one a line
  std::vector<std::string> protocols;  // rows of the suite, in its order
  std::vector<PlannedRun> planned;     // in the order of the suite
  std::vector<Record> records;
  std::vector<std::filesystem::path> files;  // of each record; empty where they are not of files
  std::vector<std::string> superseded;       // names of records that no plan asks for
  std::vector<PublishedFigure> published;
};

// Numbers share a column only when they are the same metric of the same protocol, version, data set and split, measured
// under the same settings on the same data.
struct Column {
  std::string protocol, plugin, dataset, metric, split, unit, direction;
  int64_t version = 0;
  int64_t n = 0;                        // the most items behind a value
  std::string conditions;               // settings and data digest of the protocol; "" where the records do not say
  int64_t variant = 0;                  // from 1 where columns differ in conditions alone, else 0
  bool ambiguous = false;               // another column has the same protocol and metric
  bool of_class = false;                // "ap50/star": defined as "ap50" is
  bool headline = false;                // shown in the first table: of its protocol's first three, no detail
  MetricKind kind = MetricKind::score;  // as declared
  std::string definition;               // one sentence; "" where neither record nor build says
  double constant_value = std::numeric_limits<double>::quiet_NaN();  // Metric::constant_value

  bool is_fraction() const { return sslbench::is_fraction(kind); }
};

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// A row's number in a column: a value, or the word that says why there is none.
struct Cell {
  std::string word;                           // "", "failed(oom)", "not run", "not measured", "undefined", ...
  std::string reason;                         // of "undefined"
  double value = kUndefined;                  // mean over seeds
  std::vector<double> values;                 // by finished seed
  double deviation = kUndefined;              // over seeds, n - 1; undefined below two
  Interval interval{kUndefined, kUndefined};  // 95 %: over test images with one seed, else over seeds
  bool over_images = false;                   // ... over several seeds and test images
  int64_t n = 0;
  bool best = false;  // its difference to the runner-up excludes 0, over test images as well
  bool tied = false;  // shares the first place: the difference to the highest row does not exclude 0
};

// Of the pretraining stages that ended well, averaged over seeds; undefined where nothing was recorded.
struct Cost {
  double images = kUndefined, wall_seconds = kUndefined, cpu_seconds = kUndefined, images_per_second = kUndefined;
  double peak_process_bytes = kUndefined, peak_tensor_bytes = kUndefined, peak_device_bytes = kUndefined;
  double energy_joules = kUndefined;
  double gigaflop_an_image = kUndefined;  // kMatrixWork
  std::vector<double> step_seconds;       // of one step after set-up, by kStepTimes; empty where nothing was recorded
  std::vector<double> memory_sources;     // bytes of the peak, by kMemorySources; the same
};

// Something that a run which learnt nothing would show, too.
struct LearningSign {
  std::string mark, sentence;
};

struct Row {
  std::string name, method, role, budget;  // role "", "floor" or "ceiling"
  std::vector<std::string>
      marks;                    // "floor", "labels seen", "not equal cost: 2x images", "collapsed", "debug build", ...
  std::vector<size_t> records;  // into Comparison::records, by seed
  size_t planned = 0;           // seeds asked for
  bool ranked = true;           // false: collapsed or nothing finished
  bool pretrained_elsewhere = false;  // its weights come from a file: what they cost is not known here
  std::vector<Cell> cells;            // by column
  Cost cost;
  std::vector<LearningSign> signs;  // their marks are among `marks`
};

// value = row - over, in the column's unit.
struct Difference {
  size_t column = 0, row = 0, over = 0;
  double value = kUndefined;
  Interval interval{kUndefined, kUndefined};
  size_t seeds = 0;          // common to both rows; 1: the interval is over test images, else over seeds (paired)
  bool over_images = false;  // the interval is over test images, too
  int64_t n = 0;

  bool excludes_zero() const { return interval.low > 0 || interval.high < 0; }
  // The row is ahead, whatever seeds and test images had been drawn.
  bool is_firm() const { return over_images && excludes_zero(); }
};

struct Failure {
  std::string run, row, status, message, advice;
};

// A number that others published for what a row did, beside ours.
struct PublishedMatch {
  size_t row = 0, column = 0;
  PublishedFigure figure;
  std::vector<std::string> differing;  // "epochs 20 here, 200 there"
};

// How alike the features of a row and of the ceiling of the same seed are, of the images of a column: unbiased linear
// CKA.
struct CeilingLikeness {
  size_t row = 0, ceiling = 0, column = 0;
  Cell cell;
};

// Where a record holds the number of a column; -1: nowhere.
struct PlaceInRecord {
  int32_t stage = -1, measurement = -1;
};

struct Comparison {
  std::string suite, question, answer;
  std::vector<std::string> commands, superseded;
  SharedRecords records;
  std::vector<Row> rows;
  std::vector<Column> columns;
  std::vector<std::vector<PlaceInRecord>> places;  // by record, by column
  std::optional<size_t> primary, floor;            // the column that the answer is about; the row that is the floor
  std::vector<Difference> over_floor;              // every row over the floor, by column
  std::vector<Difference> steps;                   // primary column: each row over the next lower one
  std::vector<Failure> failures;
  std::vector<PublishedMatch> published;
  std::vector<CeilingLikeness> likeness;  // filled in by who reads features (reports/page/)
  std::vector<std::string> not_run;       // names of planned runs without a record
  std::vector<std::string> notes;         // from records, each once
  bool mixed_revisions = false;           // not all stages behind the numbers come from one build
  size_t left_out = 0;                    // rows that were compared, too, and are not among `rows` (shown_rows.h)
};

Comparison compare(ComparisonInput input);

// row - over in one column, paired by seed and by resampled test images (crossed_design.h). Undefined value without a
// common seed. Without replicates of the same images one seed has no interval, and that of several is over seeds alone.
Difference difference(const Comparison& comparison, size_t column, size_t row, size_t over);

// Whether a measurement has a column: protocols' numbers on test images; what a constant answer scores and what a stage
// costs besides are told elsewhere.
bool has_column(const Measurement& m);

// What a protocol was measured under: those of its settings that count, and its data; "" where the record does not say.
std::string conditions_of(const Record& record, const std::string& protocol);

// Bootstrap replicates over test images of a column, or null. Records and columns are named by their place.
std::optional<std::vector<double>> replicates_behind(const Comparison& comparison, size_t record, size_t column);

// The stage and measurement of a record behind a column, or null; an undefined measurement counts as none.
const StageRecord* stage_behind(const Comparison& comparison, size_t record, size_t column);
const Measurement* measurement_behind(const Comparison& comparison, size_t record, size_t column);
// Why the measurement behind a column is undefined; "" when it is a number or there is none.
std::string why_undefined(const Comparison& comparison, size_t record, size_t column);

}  // namespace sslbench
