// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/check.h"

#include <ATen/Parallel.h>
#include <unistd.h>

#include "datasets/batches/aten.h"
#include "suites/protocols/protocol.h"
#include "suites/training/resource_meter.h"
#include "suites/training/train_settings.h"
#include "suites/worker/pretrain.h"

namespace sslbench {
namespace {

constexpr int64_t kCalibrationSteps = 20;
constexpr double kCalibrationSeconds = 15;
constexpr int64_t kUnknownExamples = 1;  // the check reads no data

}  // namespace

std::string check_run(const RunSpec& spec) {
  try {
    const DatasetEntry& dataset = Registry<DatasetEntry>::find(spec.dataset.name);
    const Settings pretrain("pretrain", pretrain_options(), spec.pretrain);
    pretrain_settings(pretrain, false);
    const auto classes = static_cast<int64_t>(dataset.classes.size());
    const int side = spec.dataset.settings.value("size", dataset.image_size);
    build_method(spec, pretrain_input(spec, classes, kUnknownExamples, side).method);
    for (const ProtocolSpec& protocol : spec.protocols) {
      const ProtocolEntry& entry = Registry<ProtocolEntry>::find(protocol.protocol);
      entry.make(Settings("protocol '" + protocol.row + "'", entry.options, protocol.settings));
    }
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}

std::string calibrate(RunSpec spec) {
  at::set_num_threads(spec.threads);
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("sslbench-calibrate-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  ResidentData data(spec.data_root);
  StageRecord record;
  record.name = "pretrain";
  int64_t done = 0, planned = 0;
  double first = 0, last = 0;  // times of the second and the newest step: loading and set-up do not count
  const ResourceMeter meter(-1);
  StageContext context{
      .record = record,
      .work = folder,
      .device = at::Device(spec.device),
      .seed = static_cast<uint64_t>(spec.seed),
      .bf16_available = spec.device != "cpu" || cpu_has_bf16(),
      .earlier = {},
      .used = [&] { return meter.read(); },
      .progress =
          [&](int64_t step, int64_t steps, double) {
            done = step, planned = steps, last = wall_clock();
            if (step == 2) first = last;
          },
      .stop_requested = [&] { return done >= kCalibrationSteps || (done > 2 && last - first > kCalibrationSeconds); }};
  try {
    pretrain(spec, data, context);
  } catch (const Interrupted&) {
  }
  const nlohmann::json out = {{"step_seconds", done > 2 ? (last - first) / static_cast<double>(done - 2) : 0.0},
                              {"steps", planned},
                              {"peak_memory_bytes", meter.read().peak_process_bytes}};
  std::filesystem::remove_all(folder);
  return out.dump();
}

}  // namespace sslbench
