// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_weights.h"

#include "methods/safetensors.h"
#include "methods/weight_check.h"
#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/error.h"
#include "suites/ground/sha256.h"
#include "suites/tensors/aten.h"

namespace sslbench {

namespace fs = std::filesystem;

namespace {

constexpr const char* kInputKey = "input";
constexpr const char* kModelKey = "model";  // of a file that this one stands for

// "FILE (SHA-256 ...)" of a model from elsewhere that the backbone is; "" where it is one of ours.
std::string model_text(const RunSpec& spec) {
  const auto digest = spec.files.find(std::string(kBackbonePrefix) + "file");
  if (digest == spec.files.end()) return "";
  return spec.backbone_settings.at("file").get<std::string>() + " (SHA-256 " + digest->second + ")";
}

}  // namespace

void expect_planned_model(const RunSpec& spec) {
  const auto digest = spec.files.find(std::string(kBackbonePrefix) + "file");
  if (digest == spec.files.end()) return;
  const auto file = spec.backbone_settings.at("file").get<std::string>();
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    throw RunFailure(FailureKind::data, file + ": the model that this run was planned with is gone");
  }
  if (sha256_file(file) == digest->second) return;
  throw RunFailure(FailureKind::data, file + ": has changed since this run was planned; run the same command again");
}

fs::path reusable_weights(const RunSpec& spec) {
  const auto known = spec.reuse.find("pretrain");
  if (known == spec.reuse.end()) return "";
  const fs::path file = fs::path(known->second).replace_extension(".safetensors");
  return fs::exists(file) ? file : "";
}

fs::path weights_file(const RunSpec& spec) { return spec.work_folder() / "backbone.safetensors"; }

fs::path evaluated_weights_file(const RunSpec& spec, int64_t step) {
  return spec.out / "evaluated" / (spec.name() + "-step" + std::to_string(step) + ".safetensors");
}

void save_backbone(Method& method, const RunSpec& spec) { save_backbone(method, spec, weights_file(spec)); }

void save_backbone(Method& method, const RunSpec& spec, const fs::path& destination) {
  TensorFile file{method.backbone().state_dict(),
                  {{"schema", "sslbench.backbone/1"},
                   {"backbone", spec.backbone},
                   {"settings", spec.backbone_settings.dump()},
                   {"key", spec.pretrain_key}}};
  if (const InputFacts& input = method.backbone().input_facts(); input.known()) {
    file.metadata[kInputKey] = input_facts_text(input);
  }
  if (!method.backbone().takes_gradients()) file.metadata[kModelKey] = model_text(spec);
  const std::string head = classifier_name(spec.backbone, spec.backbone_settings);
  const auto classifier = method.classifier();
  for (const auto& [name, tensor] : classifier) file.tensors.emplace_back(head + "." + name, tensor);
  if (!classifier.empty()) file.metadata["head"] = head;
  fs::create_directories(destination.parent_path());
  write_safetensors(file, destination);
}

void take_over_weights(const RunSpec& spec) {
  const fs::path from = reusable_weights(spec);
  if (from.empty()) {
    throw RunFailure(FailureKind::checkpoint, "the pretrained weights " + weights_file(spec).string() +
                                                  " are gone; remove " + spec.work_folder().string() +
                                                  " and run again");
  }
  write_atomically(weights_file(spec), read_regular_file(from, kMostWeightBytes));
}

std::unique_ptr<Backbone> load_backbone(const RunSpec& spec, at::Device device) {
  return load_backbone(spec, device, weights_file(spec));
}

std::unique_ptr<Backbone> load_backbone(const RunSpec& spec, at::Device device, const fs::path& weights) {
  const std::string name = weights.string();
  at::Generator unused = at::detail::createCPUGenerator(0);
  auto backbone = make_backbone(spec.backbone, spec.backbone_settings, unused);
  TensorFile file = read_safetensors(name);
  const auto key = file.metadata.find("key");
  if (key == file.metadata.end() || key->second != spec.pretrain_key) {
    throw RunFailure(FailureKind::checkpoint, name + ": weights of another pretraining");
  }
  if (const auto head = file.metadata.find("head"); head != file.metadata.end()) {
    std::erase_if(file.tensors, [&](const NamedTensor& each) { return each.first.starts_with(head->second + "."); });
  }
  const std::string difference = copy_tensors(file.tensors, backbone->state_dict());
  if (!difference.empty()) {
    throw RunFailure(FailureKind::checkpoint, name + ": not weights of " + spec.backbone + ": " + difference);
  }
  if (const auto input = file.metadata.find(kInputKey); input != file.metadata.end()) {
    backbone->set_input_facts(input_facts_from(input->second));
  }
  const std::string unusable = unusable_weight(backbone->state());
  if (!unusable.empty()) throw RunFailure(FailureKind::non_finite, name + ": " + unusable);
  backbone->place(device);
  return backbone;
}

}  // namespace sslbench
