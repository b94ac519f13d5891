// SPDX-License-Identifier: Apache-2.0
// Record: one run, asked and measured. A record is a list of stages; whatever a stage produced travels with it, so a
// finished stage can be taken over by another run with the same key.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/record/measurement.h"
#include "reports/record/metric.h"
#include "reports/record/replicates.h"
#include "reports/record/run_status.h"
#include "suites/ground/shared_list.h"
#include "suites/ground/split.h"

namespace sslbench {

struct Curve {
  std::vector<int64_t> step;
  std::vector<double> value;
};

struct SampleBox {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;  // pixels of the stored picture, half-open
  int32_t label = 0;
  float score = 1;
};

struct SamplePicture {
  int32_t height = 0, width = 0;
  std::vector<uint8_t> image;  // HWC RGB
  int32_t label = -1;          // class of the image; -1 = none
};

inline constexpr size_t kMostSamples = 16;       // a stage
inline constexpr int32_t kMostSampleSide = 256;  // pixels

// One fixed image with truth and prediction, as the report draws it. Longest side <= 256 px.
struct Sample : SamplePicture {
  // knn: the nearest training images, nearest first; pretrain: what the method saw, if not this, and what it painted.
  std::vector<SamplePicture> beside;
  std::vector<SampleBox> truth_boxes, found_boxes;
  std::vector<uint8_t> truth_mask, found_mask;  // HW class ids, 255 = ignored; empty when the stage has no masks
};

inline constexpr int64_t kMostKeptImages = 1024, kMostKeptDimensions = 8192;

// A stage's features of evenly spaced test images, by which reports hold networks against each other: little-endian
// float16, row by row, divided by one power of two so that none is above 1. Empty: none were kept.
struct KeptFeatures {
  int64_t images = 0, dimensions = 0;
  std::vector<uint8_t> halves;

  bool fits() const {
    return images >= 0 && images <= kMostKeptImages && dimensions >= 0 && dimensions <= kMostKeptDimensions &&
           (images == 0) == (dimensions == 0) && std::ssize(halves) == 2 * images * dimensions;
  }
};

// `state` is a SHA-256 over all training state after `step` optimizer steps: equal for equal build, machine, threads
// and seed.
struct StateHash {
  int64_t step = 0;
  std::string state;
};

struct StageRecord {
  std::string name;    // row name: "pretrain", or the protocol row
  std::string plugin;  // "pretrain", or the protocol
  std::string key;     // hash of all that the stage depends on
  std::string status;  // RunStatus::text()
  double wall_seconds = 0, cpu_seconds = 0, setup_seconds = 0;
  int64_t images = 0;              // source images, not views
  double images_per_second = 0;    // median of windows, set-up apart; 0 when there was nothing to train
  int64_t peak_process_bytes = 0;  // resident set of the process during the stage
  int64_t peak_tensor_bytes = 0;   // exact, from the CPU allocator
  int64_t peak_device_bytes = -1;  // -1: no device
  double energy_joules = -1;       // -1: no meter
  std::string taken_from;          // run name and revision when the stage was taken over, else ""
  std::string revision;            // build_revision() of the build that carried the stage out; "" when not known
  SharedList<Metric> metrics;      // declared by the plugin; none in records of older builds
  std::vector<Measurement> measurements;
  std::map<std::string, Curve> curves;
  // metric -> bootstrap replicates over test images (replicate b uses the same resampled image numbers in every row)
  std::map<std::string, Replicates> replicates;
  std::vector<StateHash> hashes;
  std::vector<Sample> samples;           // at most kMostSamples
  std::vector<std::string> class_names;  // of the stage's dataset, for the pictures
  KeptFeatures features;

  // Ended well: its numbers count, and another run may take it over.
  bool finished() const { return run_status(status).ended_well(); }

  // Appends a value of a declared metric ("top1", or "iou/star" of "iou"); the worker adds whose it is (suite, method,
  // dataset, ...). NaN is recorded with the reason that the metric declares, or with `why_undefined`; without one, and
  // for any other value that is not finite: RunFailure(non_finite). InternalError for a metric that is not declared.
  void add(const std::string& metric, Split split, double value, int64_t n, const std::string& why_undefined = "");
  // Appends what the metric's constant answer scores on the test images.
  void add_constant(const std::string& metric, double value, int64_t n);

  // How a measurement of this stage is to be read: as declared, else as records were read before they declared.
  Metric metric_of(const Measurement& m) const;
  MetricKind kind_of(const Measurement& m) const;
};

struct Record {
  std::string suite, question, row, method, backbone, dataset, run;
  int64_t seed = 0;
  std::string status;   // RunStatus::text()
  std::string failure;  // message, stage and step of a failure; else ""
  int64_t attempts = 1;
  std::string ended;  // when the record was made, "2026-11-23T04:10:00Z"; "" in records of older builds
  nlohmann::json requested = nlohmann::json::object();
  nlohmann::json effective = nlohmann::json::object();  // the RunSpec
  nlohmann::json counting;  // what of it counts (Sameness::counting), filled in by who reads records to compare them
  nlohmann::json facts = nlohmann::json::object();  // uses_labels, role, equal_cost, pretraining set, budget
  nlohmann::json environment = nlohmann::json::object();
  std::vector<StageRecord> stages;

  bool final() const { return run_status(status).ended_well(); }
};

}  // namespace sslbench
