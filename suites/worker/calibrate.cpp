// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/calibrate.h"

#include <set>

#include "suites/files/temporary_folder.h"
#include "suites/ground/wall_clock.h"
#include "suites/protocols/parts/image_sets.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/training/resource_meter.h"
#include "suites/training/train_settings.h"
#include "suites/worker/pretrain.h"
#include "suites/worker/run_features.h"
#include "suites/worker/run_images.h"
#include "suites/worker/thread_count.h"

namespace sslbench {
namespace {

constexpr int64_t kCalibrationSteps = 18;  // those that are timed
constexpr size_t kCalibrationBatches = 3;  // of features, with the first one
constexpr double kCalibrationSeconds = 15;

struct Calibrated {
  double step_seconds = 0;  // 0: too slow for the time limit
  int64_t steps = 0;
};

// Images that the protocols of a row take features of: train and test of each set, once.
std::vector<std::pair<DatasetSpec, Split>> feature_sets(const RunSpec& spec) {
  std::vector<std::pair<DatasetSpec, Split>> out;
  std::set<std::string> known;
  for (const ProtocolSpec& protocol : spec.protocols) {
    if (!Registry<ProtocolEntry>::find(protocol.protocol).on_features) continue;
    for (const Split split : {Split::train, Split::test}) {
      if (known.insert(split_key(protocol.dataset, split)).second) out.emplace_back(protocol.dataset, split);
    }
  }
  return out;
}

// Seconds that an image takes, from some batches of the first set: the first batch, which sets up, counts where there
// is no other.
double seconds_per_image(const RunSpec& spec, Backbone& backbone, ImageSets& data, const DatasetSpec& set,
                         Split split) {
  std::vector<double> begun;  // of batches
  const auto stop = [&] {
    begun.push_back(wall_clock());
    return begun.size() > kCalibrationBatches || begun.back() - begun.front() > kCalibrationSeconds;
  };
  const int64_t images = data.split(set, split).images->size();
  bool whole = true;
  try {
    run_features(spec, backbone, data, set, split, at::Device(spec.device), stop);
  } catch (const Interrupted&) {
    whole = false;
  }
  if (whole) return (wall_clock() - begun.front()) / static_cast<double>(images);
  const size_t settled = begun.size() > 2 ? 1 : 0;
  const auto batches = static_cast<int64_t>(begun.size() - 1 - settled);
  return (begun.back() - begun[settled]) / static_cast<double>(batches * kFeatureBatch);
}

// Of a row that trains nothing, a step is an image's features.
Calibrated calibrate_features(const RunSpec& spec) {
  ImageSets data = run_images(spec, "");
  const auto method = build_method(spec, {});
  Backbone& backbone = method->backbone();
  const auto sets = feature_sets(spec);
  if (sets.empty() || backbone.stored_features() != nullptr) return {};
  backbone.place(at::Device(spec.device));
  backbone.freeze();
  Calibrated out{seconds_per_image(spec, backbone, data, sets[0].first, sets[0].second)};
  for (const auto& [set, split] : sets) out.steps += data.split(set, split).images->size();
  return out;
}

Calibrated calibrate_training(const RunSpec& spec) {
  const TemporaryFolder folder("sslbench-calibrate");
  ImageSets data = run_images(spec, "");
  StageRecord record;
  record.name = "pretrain";
  record.metrics = pretraining_metrics();  // a short training ends before it is stopped, and measures
  int64_t done = 0, planned = 0;
  // Loading, set-up and, beside a GPU, batches that were prepared meanwhile do not count.
  const int64_t settling = spec.device == "cpu" ? 2 : 2 + 2 * kMostDataWorkers;
  double first = 0, last = 0;  // times of the last step that does not count, and of the newest
  const ResourceMeter meter(-1);
  StageContext context{.record = record,
                       .work = folder.path(),
                       .device = at::Device(spec.device),
                       .seed = static_cast<uint64_t>(spec.seed),
                       .earlier = {},
                       .used = [&] { return meter.read(); },
                       .progress =
                           [&](int64_t step, int64_t steps, double) {
                             done = step, planned = steps, last = wall_clock();
                             if (step == settling) first = last;
                           },
                       .stop_requested =
                           [&] {
                             return done >= settling + kCalibrationSteps ||
                                    (done > settling && last - first > kCalibrationSeconds);
                           }};
  try {
    pretrain(spec, data, context);
  } catch (const Interrupted&) {
  }
  return {done > settling ? (last - first) / static_cast<double>(done - settling) : 0.0, planned};
}

}  // namespace

std::string calibrate(const RunSpec& spec) {
  use_threads(spec.threads);
  const ResourceMeter meter(-1);
  const bool trains = Registry<MethodEntry>::find(spec.method).trains;
  const Calibrated found = trains ? calibrate_training(spec) : calibrate_features(spec);
  const nlohmann::json out = {{"step_seconds", found.step_seconds},
                              {"steps", found.steps},
                              {"peak_memory_bytes", meter.read().peak_process_bytes}};
  return out.dump();
}

}  // namespace sslbench
