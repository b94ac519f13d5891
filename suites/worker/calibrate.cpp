// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/calibrate.h"

#include <algorithm>
#include <optional>

#include "datasets/leaks/near_duplicates.h"
#include "suites/ground/error.h"
#include "suites/plan/plan_keys.h"
#include "suites/protocols/parts/image_sets.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/training/meters/cpu_allocator.h"
#include "suites/training/resource_meter.h"
#include "suites/worker/memory_sources.h"
#include "suites/worker/pretrain.h"
#include "suites/worker/pretraining_metrics.h"
#include "suites/worker/process/thread_count.h"
#include "suites/worker/run_features.h"
#include "suites/worker/run_images.h"
#include "suites/worker/stage_costs.h"
#include "suites/worker/timed_features.h"
#include "suites/worker/timed_steps.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr int64_t kLeastBatch = 8;         // images of the smallest part of a batch that is tried
constexpr int64_t kRecordBytes = 150'000;  // of a run with pictures of a few protocols

json stage_text(double seconds, const Resources& used) {
  return {{"seconds", seconds > 0 ? json(seconds) : json()},
          {"process_bytes", used.peak_process_bytes},
          {"device_bytes", used.peak_device_bytes}};
}

// The first steps, and how many images each had.
struct TimedBatch {
  TimedSteps steps;
  int64_t images = 0;
};

// None when there is too little memory.
std::optional<TimedBatch> time_batch(RunSpec spec, int64_t batch, ImageSets& data) {
  spec.pretrain["batch_size"] = batch;
  try {
    const int64_t examples = data.split(spec.dataset, Split::train).images->size();
    return TimedBatch{time_steps(spec, "pretrain", pretraining_metrics(),
                                 [&](StageContext& context) { pretrain(spec, data, context); }),
                      std::min(batch, examples)};
  } catch (const c10::OutOfMemoryError&) {
    return std::nullopt;
  }
}

// The largest of batch, a half of it, a quarter, ... that there is memory for; each in as many parts as the whole.
std::optional<TimedBatch> time_largest_batch(const RunSpec& spec, ImageSets& data) {
  const auto parts = spec.pretrain.at("accumulate").get<int64_t>();
  for (int64_t part = spec.pretrain.at("batch_size").get<int64_t>() / parts; part >= kLeastBatch; part /= 2) {
    if (auto timed = time_batch(spec, part * parts, data)) return timed;
  }
  return std::nullopt;
}

// As if the batch had been whole; the time is that of the same images.
void foretell_whole(int64_t images, TimedBatch& timed, int64_t& batch) {
  const double grown = static_cast<double>(images) / static_cast<double>(timed.images);
  const auto more = static_cast<int64_t>(static_cast<double>(batch) * (grown - 1));
  Resources& used = timed.steps.used;
  (used.peak_device_bytes < 0 ? used.peak_process_bytes : used.peak_device_bytes) += more;
  batch += more;
}

void calibrate_pretraining(const RunSpec& spec, int64_t memory, json& out) {
  if (!Registry<MethodEntry>::find(spec.method).trains) {
    out["stages"]["pretrain"] = stage_text(0, ResourceMeter(-1).read());
    out["stages"]["pretrain"]["seconds"] = 0;
    return;
  }
  ImageSets data = run_images(spec, "");
  const int64_t whole =
      std::min(spec.pretrain.at("batch_size").get<int64_t>(), data.split(spec.dataset, Split::train).images->size());
  limit_further_tensors(memory);
  std::optional<TimedBatch> timed = time_largest_batch(spec, data);
  lift_tensor_limit();
  if (!timed) throw UserError("too little memory to take a step of " + std::to_string(kLeastBatch) + " images");
  int64_t batch = batch_bytes(timed->steps.used, timed->steps.kept);
  out["image_bytes"] = batch / timed->images;
  if (timed->images < whole) foretell_whole(whole, *timed, batch);
  out["batch_bytes"] = batch;
  out["stages"]["pretrain"] = stage_text(timed->steps.seconds, timed->steps.used);
  out["step_seconds"] = timed->steps.step_seconds;
  out["steps"] = timed->steps.steps;
}

// Steps are training images that test images are held against.
json leak_search_text(const RunSpec& spec, const ProtocolSpec& protocol, ImageSets& data) {
  const ImageSet& train = *data.split(spec.dataset, Split::train).images;
  const ImageSet& test = *data.split(protocol.dataset, Split::test).images;
  const auto search = [&](StageContext& at) {
    const auto between = [&] {
      if (at.stop_requested()) throw Interrupted{};
    };
    const auto progress = [&](int64_t done, int64_t total) { at.progress(done, total, 0); };
    near_duplicates(train, test, {.threads = spec.threads, .between = between, .progress = progress});
  };
  const TimedSteps timed = time_steps(spec, protocol.row, stage_costs(), search);
  return stage_text(timed.seconds, timed.used);
}

// On the network as it is before training. The first protocol that looks at features pays for them, as in the run.
void calibrate_protocols(const RunSpec& spec, json& out) {
  const at::Device device(spec.device);
  const auto fresh = [&] {
    auto backbone = initial_backbone(spec);
    backbone->place(device);
    return backbone;
  };
  const auto backbone = fresh();
  backbone->freeze();
  backbone->train(false);
  ImageSets data = run_images(spec, "");
  TimedFeatures timed;
  FeatureCache features([&](const DatasetSpec& set, Split split) {
    return timed.take(*data.split(set, split).images, backbone->width(),
                      [&](const auto& stop) { return run_features(spec, *backbone, data, set, split, device, stop); });
  });
  const auto extract = [&](Backbone& network, const ImageSet& images) {
    return timed.take(images, network.width(),
                      [&](const auto& stop) { return image_features(spec, network, data, images, device, stop); });
  };
  Subject subject{*backbone, fresh, run_normalisation(spec, backbone->input_facts()), data, features, extract};
  subject.untrained = [&]() -> Backbone& { return *backbone; };
  for (const ProtocolSpec& protocol : spec.protocols) {
    if (spec.reuse.contains(protocol.row)) continue;
    if (protocol.protocol == kLeaksProtocol) {
      out["stages"][protocol.row] = leak_search_text(spec, protocol, data);
      continue;
    }
    const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol.protocol);
    const Settings settings("protocol '" + protocol.row + "'", entry.options, protocol.settings);
    const double before = timed.left_out();
    const TimedSteps steps =
        time_steps(spec, protocol.row, joined(entry.metrics, stage_costs()),
                   [&](StageContext& at) { entry.make(settings)->measure(subject, protocol.dataset, at); });
    const double seconds = steps.seconds > 0 ? steps.seconds + timed.left_out() - before : 0;
    out["stages"][protocol.row] = stage_text(seconds, steps.used);
  }
}

int64_t disk_bytes(const RunSpec& spec) {
  int64_t out = kRecordBytes;
  for (const auto& [name, tensor] : initial_backbone(spec)->state_dict()) out += static_cast<int64_t>(tensor.nbytes());
  return out;
}

}  // namespace

std::string calibrate(const RunSpec& spec, int64_t memory) {
  use_threads(spec.threads);
  json out = {{"stages", json::object()},       {"step_seconds", 0.0}, {"steps", 0},
              {"disk_bytes", disk_bytes(spec)}, {"batch_bytes", 0},    {"image_bytes", 0}};
  if (!spec.reuse.contains("pretrain")) calibrate_pretraining(spec, memory, out);
  const bool all_known = std::ranges::all_of(
      spec.protocols, [&](const ProtocolSpec& protocol) { return spec.reuse.contains(protocol.row); });
  if (!all_known) calibrate_protocols(spec, out);
  return out.dump();
}

}  // namespace sslbench
