// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/calibrate.h"

#include <set>

#include "suites/ground/wall_clock.h"
#include "suites/protocols/parts/image_sets.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/training/resource_meter.h"
#include "suites/worker/pretrain.h"
#include "suites/worker/run_features.h"
#include "suites/worker/run_images.h"
#include "suites/worker/stage_costs.h"
#include "suites/worker/thread_count.h"
#include "suites/worker/timed_steps.h"

namespace sslbench {
namespace {

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
  ImageSets data = run_images(spec, "");
  const TimedSteps timed = time_steps(spec, "pretrain", pretraining_metrics(),
                                      [&](StageContext& context) { pretrain(spec, data, context); });
  return {timed.step_seconds, timed.steps};
}

// Seconds of the protocols that do more than look at features, on the network as it is before training; those that are
// too slow to tell are left out.
double protocol_seconds(const RunSpec& spec) {
  const auto fresh = [&] {
    auto out = initial_backbone(spec);
    out->place(at::Device(spec.device));
    return out;
  };
  const auto backbone = fresh();
  if (backbone->stored_features() != nullptr) return 0;
  backbone->freeze();
  backbone->train(false);
  ImageSets data = run_images(spec, "");
  const auto never = [] { return false; };
  FeatureCache features([&](const DatasetSpec& set, Split split) {
    return run_features(spec, *backbone, data, set, split, at::Device(spec.device), never);
  });
  Subject subject{
      *backbone, fresh, run_normalisation(spec, backbone->input_facts()), data, features, [&](const ImageSet& images) {
        return image_features(spec, *backbone, data, images, at::Device(spec.device), never);
      }};
  double out = 0;
  for (const ProtocolSpec& protocol : spec.protocols) {
    const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol.protocol);
    if (entry.on_features || spec.reuse.contains(protocol.row)) continue;
    const Settings settings("protocol '" + protocol.row + "'", entry.options, protocol.settings);
    out += time_steps(spec, protocol.row, joined(entry.metrics, stage_costs()), [&](StageContext& context) {
             entry.make(settings)->measure(subject, protocol.dataset, context);
           }).seconds;
  }
  return out;
}

}  // namespace

std::string calibrate(const RunSpec& spec) {
  use_threads(spec.threads);
  const ResourceMeter meter(-1);
  const bool trains = Registry<MethodEntry>::find(spec.method).trains;
  Calibrated found;
  if (!trains) {
    found = calibrate_features(spec);
  } else if (!spec.reuse.contains("pretrain")) {
    found = calibrate_training(spec);
  }
  const double protocols = protocol_seconds(spec);
  const nlohmann::json out = {{"step_seconds", found.step_seconds},
                              {"steps", found.steps},
                              {"protocol_seconds", protocols},
                              {"peak_memory_bytes", meter.read().peak_process_bytes}};
  return out.dump();
}

}  // namespace sslbench
