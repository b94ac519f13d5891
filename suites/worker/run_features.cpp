// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_features.h"

#include "methods/method.h"
#include "methods/safetensors.h"
#include "suites/protocols/frozen/imported_features.h"
#include "suites/tensors/aten.h"
#include "suites/worker/pretrain.h"
#include "suites/worker/process/thread_count.h"
#include "suites/worker/run_images.h"
#include "suites/worker/run_weights.h"

namespace sslbench {
namespace {

// What the backbone sees of an image: weights from elsewhere, at the size that they were trained on.
int evaluated_size(const RunSpec& spec, const InputFacts& of_weights, ImageSets& data) {
  const bool trains = Registry<MethodEntry>::find(spec.method).trains;
  if (!trains && view_size(spec, 0) == 0 && of_weights.image_size > 0) return static_cast<int>(of_weights.image_size);
  return view_size(spec, *data.split(spec.dataset, Split::train).images);
}

}  // namespace

Features run_features(const RunSpec& spec, Backbone& backbone, ImageSets& data, const DatasetSpec& set, Split split,
                      at::Device device, const std::function<bool()>& stop) {
  const ImageSet& images = *data.split(set, split).images;
  if (const StoredFeatures* stored = backbone.stored_features()) return imported_features(*stored, images, split);
  return image_features(spec, backbone, data, images, device, stop);
}

Features image_features(const RunSpec& spec, Backbone& backbone, ImageSets& data, const ImageSet& images,
                        at::Device device, const std::function<bool()>& stop) {
  const InputFacts& facts = backbone.input_facts();
  return extract_features(backbone, images, evaluated_size(spec, facts, data), run_normalisation(spec, facts), device,
                          stop);
}

void write_features(const RunSpec& spec, const std::filesystem::path& file) {
  use_threads(spec.threads);
  const at::Device device(spec.device);
  if (!std::filesystem::exists(spec.backbone_file())) {
    throw UserError("export: " + spec.name() + " has no weights beside its record (" + spec.backbone_file().string() +
                    "); run it again, or name another row with --only");
  }
  const auto backbone = load_backbone(spec, device, spec.backbone_file());
  backbone->freeze();
  backbone->train(false);
  ImageSets data = run_images(spec, "");
  TensorFile out;
  for (const Split split : {Split::train, Split::test}) {
    const Features features = run_features(spec, *backbone, data, spec.dataset, split, device, [] { return false; });
    const std::string name(split_name(split));
    out.tensors.emplace_back(name + "_features", features.h_ND.to(at::kCPU));
    out.tensors.emplace_back(name + "_labels", features.labels_N.to(at::kCPU));
  }
  out.metadata = {{"schema", "sslbench.features/1"},
                  {"run", spec.name()},
                  {"dataset", spec.dataset.name},
                  {"dataset_digest", spec.dataset.digest}};
  write_safetensors(out, file);
}

}  // namespace sslbench
