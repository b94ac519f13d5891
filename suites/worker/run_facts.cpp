// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_facts.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "datasets/augment/view_recipe.h"
#include "methods/method.h"
#include "reports/record/environment.h"
#include "suites/handover/run_facts.h"
#include "suites/plan/imported_row.h"
#include "suites/tensors/aten.h"
#include "suites/training/device_meter.h"
#include "suites/training/kernels_option.h"
#include "suites/training/precision.h"
#include "suites/worker/pretrain.h"

namespace sslbench {
namespace {

using nlohmann::json;

MethodFacts facts_of(const MethodEntry& entry) {
  return {entry.role, entry.uses_labels, entry.labels_when, entry.trains};
}

// What weights from elsewhere get as input, since they were trained with one normalisation and no other.
std::string normalisation_note(const RunSpec& spec, const InputFacts& of_weights) {
  const Normalisation used = run_normalisation(spec, of_weights);
  std::string name = spec.views.value("normalisation", "dataset");
  const bool of_file = name == kAutoNormalisation && of_weights.normalisation;
  if (of_file) name = "what their file says";
  if (name == "dataset" || name == kAutoNormalisation) name = "the statistics of " + spec.dataset.name;
  std::ostringstream out;
  out.precision(3);
  out << "images are normalised by " << name << ", mean";
  for (const float mean : used.mean) out << ' ' << mean;
  out << ", deviation";
  for (const float deviation : used.deviation) out << ' ' << deviation;
  if (!of_file) out << "; the weights should have been trained with the same";
  return out.str();
}

std::string import_note(const RunSpec& spec) {
  const std::filesystem::path file = spec.backbone_settings.value("file", "");
  const auto digest = spec.files.find(std::string(kBackbonePrefix) + "file");
  return "imported, not repeatable here: its features were computed elsewhere and read from " +
         file.filename().string() +
         (digest == spec.files.end() ? "" : " (SHA-256 " + digest->second.substr(0, 12) + ")");
}

// The rate that fine-tuning was told; null where it was chosen, or nothing is fine-tuned.
json fixed_rate(const json& settings) {
  const json rate = settings.value("learning_rate", json());
  if (rate != 0) return rate;
  const json rates = settings.value("learning_rates", json::array());
  return rates.size() == 1 ? rates.front() : json();
}

// What a reader of the row must know to compare it.
json notes_of(const RunSpec& spec, const StageRecord& pretraining, const InputFacts& of_weights,
              int64_t images_per_epoch) {
  json notes = json::array();
  if (spec.backbone != kImportedBackbone &&
      pretrained_elsewhere(spec, facts_of(Registry<MethodEntry>::find(spec.method))))
    notes.push_back(normalisation_note(spec, of_weights));
  if (spec.backbone == kImportedBackbone) notes.push_back(import_note(spec));
  for (const ProtocolSpec& protocol : spec.protocols) {
    const json rate = fixed_rate(protocol.settings);
    if (rate.is_null()) continue;
    notes.push_back(protocol.row + ": one fixed learning rate (" + rate.dump() +
                    "), equal for every row, not searched");
  }
  for (const Measurement& each : pretraining.measurements) {
    if (each.metric != "skipped_images" || each.value == 0) continue;
    notes.push_back("pretraining: " + std::to_string(std::llround(each.value)) + " of " + std::to_string(each.n) +
                    " images could not be decoded and were replaced by the next one (on_corrupt = \"skip\")");
  }
  if (spec.pretrain.value("decode", "exact") == "scaled") {
    notes.push_back("pretraining: JPEG files decoded at reduced size where the views allowed it (decode = \"scaled\")");
  }
  const int64_t batch = spec.pretrain.at("batch_size");
  if (images_per_epoch > 0 && images_per_epoch < batch) {
    notes.push_back("pretraining: batch_size " + std::to_string(batch) + " is more than the " +
                    std::to_string(images_per_epoch) + " images of the set, so every step saw all of them");
  }
  return notes;
}

}  // namespace

json run_environment(const RunSpec& spec) {
  json out = environment_of_run(spec);
  out["libtorch"] = TORCH_VERSION;
  out["cpu_capability"] = at::get_cpu_capability();
  if (spec.device != "cpu") {
    char text[256] = "";
    device_meter()->describe(at::Device(spec.device).index(), text, sizeof text);
    out["device_description"] = text;
    out["cudnn"] = at::detail::getCUDAHooks().versionRuntimeCuDNN();
    out["machine_class"] = class_of_ranks(spec, machine_class(out.at("cpu"), out.at("cores"), text));
  }
  return out;
}

json run_facts(const RunSpec& spec, const StageRecord& pretraining, const InputFacts& of_weights) {
  const int64_t images_per_epoch = pretraining.images / std::max<int64_t>(1, spec.pretrain.at("epochs"));
  json out = facts_of_run(spec, facts_of(Registry<MethodEntry>::find(spec.method)));
  out["precision"] = name_of(precision_of(spec.pretrain.at("precision"), at::Device(spec.device)));
  out["kernels"] = name_of(kernels_of(spec.pretrain.value("kernels", "library"), at::Device(spec.device)));
  out["budget"] = budget_text(spec, images_per_epoch);
  out["notes"] = notes_of(spec, pretraining, of_weights, images_per_epoch);
  return out;
}

}  // namespace sslbench
