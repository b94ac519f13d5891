// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/pretrain.h"

#include "datasets/batches/aten.h"
#include "suites/training/train_loop.h"

namespace sslbench {
namespace {

Settings view_settings(const RunSpec& spec) { return {"views", view_options(), spec.views}; }

// 4096 -> "4,096".
std::string grouped(int64_t number) {
  std::string digits = std::to_string(number);
  for (auto i = static_cast<int64_t>(digits.size()) - 3; i > 0; i -= 3) digits.insert(static_cast<size_t>(i), ",");
  return digits;
}

Tensor to_device(const Tensor& tensor, at::Device device) {
  return tensor.defined() ? tensor.to(device, tensor.scalar_type(), /*non_blocking=*/true) : tensor;
}

}  // namespace

int view_size(const RunSpec& spec, int longest_side) {
  const int asked = view_recipe_from(view_settings(spec)).size;
  return asked > 0 ? asked : longest_side;
}

std::unique_ptr<Method> build_method(const RunSpec& spec, int64_t classes, int64_t image_size) {
  const MethodEntry& entry = Registry<MethodEntry>::find(spec.method);
  const Settings settings("method '" + spec.method + "'", entry.options, spec.method_settings);
  // Two generators, so that every method starts from the same backbone for one seed.
  at::Generator backbone_weights = at::detail::createCPUGenerator(static_cast<uint64_t>(spec.seed));
  at::Generator head_weights = at::detail::createCPUGenerator(static_cast<uint64_t>(spec.seed) + (uint64_t{1} << 32));
  auto backbone = make_backbone(spec.backbone, spec.backbone_settings, backbone_weights);
  return entry.make(
      {settings, std::move(backbone), head_weights, static_cast<uint64_t>(spec.seed), classes, image_size});
}

std::unique_ptr<Method> pretrain(const RunSpec& spec, ResidentData& data, StageContext& context) {
  const MethodEntry& entry = Registry<MethodEntry>::find(spec.method);
  const ResidentSplit& train_split = data.split(spec.dataset, Split::train);
  const ResidentImages& images = *train_split.images;
  const DatasetEntry& dataset = Registry<DatasetEntry>::find(spec.dataset.name);
  const int size = view_size(spec, images.longest_side());
  auto method = build_method(spec, static_cast<int64_t>(train_split.classes.size()), size);
  method->place(context.device);
  if (!entry.trains) return method;

  const ViewPlan views{
      view_recipe_from(view_settings(spec)), size, entry.views, {dataset.mean, dataset.deviation}, context.seed};
  const TrainTask task{.module = *method,
                       .examples = images.size(),
                       .prepare = [&](const BatchPlan& plan) -> std::function<Loss()> {
                         TrainBatch batch = make_views(images, plan.samples, plan.epoch, views);
                         return [&, batch = std::move(batch)]() mutable {
                           for (Tensor& view : batch.views) view = to_device(view, context.device);
                           batch.labels_N = to_device(batch.labels_N, context.device);
                           batch.boxes_N5 = to_device(batch.boxes_N5, context.device);
                           return method->loss(batch);
                         };
                       },
                       .after_step = [&](const Progress& progress) { method->after_step(progress); }};
  const Settings settings("pretrain", pretrain_options(), spec.pretrain);
  const TrainOutcome outcome = train(task, pretrain_settings(settings, context.bf16_available), context);
  context.record.images = outcome.images;
  context.record.images_per_second = outcome.images_per_second;
  context.record.setup_seconds = outcome.setup_seconds;
  if (outcome.collapsed) context.record.status = "collapsed";
  return method;
}

std::string budget_text(const RunSpec& spec, int64_t examples) {
  if (!Registry<MethodEntry>::find(spec.method).trains) return "none";
  return std::to_string(spec.pretrain.at("epochs").get<int64_t>()) + " epochs x " + grouped(examples) +
         " images, batch " + std::to_string(spec.pretrain.at("batch_size").get<int64_t>());
}

}  // namespace sslbench
