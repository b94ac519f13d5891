// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/calibrate.h"

#include <algorithm>

#include "suites/plan/plan_keys.h"
#include "suites/protocols/parts/image_sets.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/training/resource_meter.h"
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

constexpr int64_t kRecordBytes = 150'000;  // of a run with pictures of a few protocols

json stage_text(double seconds, const ResourceMeter& meter) {
  return {{"seconds", seconds > 0 ? json(seconds) : json()}, {"process_bytes", meter.read().peak_process_bytes}};
}

void calibrate_pretraining(const RunSpec& spec, json& out) {
  const ResourceMeter meter(-1);
  if (!Registry<MethodEntry>::find(spec.method).trains) {
    out["stages"]["pretrain"] = {{"seconds", 0}, {"process_bytes", meter.read().peak_process_bytes}};
    return;
  }
  ImageSets data = run_images(spec, "");
  const TimedSteps timed = time_steps(spec, "pretrain", pretraining_metrics(),
                                      [&](StageContext& context) { pretrain(spec, data, context); });
  out["stages"]["pretrain"] = stage_text(timed.seconds, meter);
  out["step_seconds"] = timed.step_seconds;
  out["steps"] = timed.steps;
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
  const auto extract = [&](const ImageSet& images) {
    return timed.take(images, backbone->width(),
                      [&](const auto& stop) { return image_features(spec, *backbone, data, images, device, stop); });
  };
  Subject subject{*backbone, fresh, run_normalisation(spec, backbone->input_facts()), data, features, extract};
  for (const ProtocolSpec& protocol : spec.protocols) {
    if (spec.reuse.contains(protocol.row)) continue;
    if (protocol.protocol == kLeaksProtocol) {  // all images with all others: nothing to take a beginning of
      out["stages"][protocol.row] = {{"seconds", nullptr}, {"process_bytes", 0}};
      continue;
    }
    const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol.protocol);
    const Settings settings("protocol '" + protocol.row + "'", entry.options, protocol.settings);
    const ResourceMeter meter(-1);
    const double before = timed.left_out();
    const double seconds = time_steps(spec, protocol.row, joined(entry.metrics, stage_costs()), [&](StageContext& at) {
                             entry.make(settings)->measure(subject, protocol.dataset, at);
                           }).seconds;
    out["stages"][protocol.row] = stage_text(seconds > 0 ? seconds + timed.left_out() - before : 0, meter);
  }
}

int64_t disk_bytes(const RunSpec& spec) {
  int64_t out = kRecordBytes;
  for (const auto& [name, tensor] : initial_backbone(spec)->state_dict()) out += static_cast<int64_t>(tensor.nbytes());
  return out;
}

}  // namespace

std::string calibrate(const RunSpec& spec) {
  use_threads(spec.threads);
  json out = {{"stages", json::object()}, {"step_seconds", 0.0}, {"steps", 0}, {"disk_bytes", disk_bytes(spec)}};
  if (!spec.reuse.contains("pretrain")) calibrate_pretraining(spec, out);
  const bool all_known = std::ranges::all_of(
      spec.protocols, [&](const ProtocolSpec& protocol) { return spec.reuse.contains(protocol.row); });
  if (!all_known) calibrate_protocols(spec, out);
  return out.dump();
}

}  // namespace sslbench
