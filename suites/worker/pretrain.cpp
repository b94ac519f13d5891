// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/pretrain.h"

#include <algorithm>
#include <cmath>

#include "datasets/batches/image_batches.h"
#include "datasets/install/installed.h"
#include "methods/weight_check.h"
#include "methods/weights/load_weights.h"
#include "reports/record/pretraining_names.h"
#include "suites/ground/sha256.h"
#include "suites/protocols/frozen/value_point.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/training/precision.h"
#include "suites/training/train_loop.h"
#include "suites/worker/memory_sources.h"
#include "suites/worker/painted_samples.h"
#include "suites/worker/pretraining_metrics.h"
#include "suites/worker/run_features.h"
#include "suites/worker/run_weights.h"

namespace sslbench {
namespace {

// 4096 -> "4,096".
std::string grouped(int64_t number) {
  std::string digits = std::to_string(number);
  for (auto i = static_cast<int64_t>(digits.size()) - 3; i > 0; i -= 3) digits.insert(static_cast<size_t>(i), ",");
  return digits;
}

}  // namespace

int view_size(const RunSpec& spec, int longest_side) {
  const Settings settings("views", view_options(), spec.views);
  const auto asked = static_cast<int>(settings.integer("size"));
  return asked > 0 ? asked : longest_side;
}

int view_size(const RunSpec& spec, const ImageSet& images) {
  const auto asked = view_size(spec, 0);
  return asked > 0 ? asked : images.longest_side();
}

Normalisation run_normalisation(const RunSpec& spec, const InputFacts& of_weights) {
  const DatasetEntry dataset = dataset_entry(spec.dataset.name, spec.data_root);
  return normalisation_from(Settings("views", view_options(), spec.views), {dataset.mean, dataset.deviation},
                            of_weights.normalisation);
}

PretrainInput pretrain_input(const RunSpec& spec, int64_t classes, int64_t examples, int longest_side) {
  PretrainInput out;
  const MethodEntry& entry = Registry<MethodEntry>::find(spec.method);
  const Settings settings("views", view_options(), spec.views);
  out.recipes = view_recipes_from(settings, {entry.views, longest_side});
  out.mixing = mixing_from(settings);
  if (out.mixing.any() && entry.trains && !entry.mixes_labels) {
    throw UserError("views: mixup and cutmix mix labels, from which method '" + spec.method +
                    "' does not learn; give them to one row alone: [methods.supervised] views = { mixup = 0.8 }");
  }
  const int64_t local = settings.integer("local_count");
  out.method = {classes, examples, view_size(spec, longest_side)};
  out.method.views = static_cast<int64_t>(out.recipes.size()) - local;
  out.method.local_views = local;
  out.method.local_size = local > 0 ? out.recipes.back().size : 0;
  out.method.batch_size = part_images(Settings("pretrain", pretrain_options(), spec.pretrain));
  return out;
}

namespace {

// The digest of the file that the option names; it is part of the run's id. "" where nothing was planned.
std::string planned_content(const RunSpec& spec, const std::string& option, const std::string& file) {
  const auto planned = spec.files.find(option);
  if (planned == spec.files.end()) return "";
  if (sha256_file(file) == planned->second) return planned->second;
  throw UserError(file + ": it has changed since this run was planned; run the same command again");
}

std::vector<std::string> start_from_weights(const RunSpec& spec, Backbone& backbone) {
  const WeightSource source = weight_source(Settings("pretrain", pretrain_options(), spec.pretrain), "init", "init_");
  try {
    const std::string digest = planned_content(spec, std::string(kPretrainPrefix) + "init", source.file);
    std::vector<std::string> notes = load_weights(backbone, source);
    if (!digest.empty()) notes.push_back("weights: SHA-256 " + digest);
    return notes;
  } catch (const UserError& error) {
    throw UserError(std::string("init: ") + error.what());
  }
}

}  // namespace

bool starts_from_weights(const RunSpec& spec) {
  return Registry<MethodEntry>::find(spec.method).trains && !spec.pretrain.value("init", "").empty();
}

std::unique_ptr<Method> build_method(const RunSpec& spec, const MethodInput& input, std::vector<std::string>* notes) {
  std::vector<std::string> told;
  const auto start = [&](Backbone& backbone) {
    if (starts_from_weights(spec)) told = start_from_weights(spec, backbone);
  };
  auto method = make_method(spec.method, spec.method_settings, {spec.backbone, spec.backbone_settings}, input,
                            static_cast<uint64_t>(spec.seed), start);
  if (notes != nullptr) *notes = told;
  return method;
}

std::unique_ptr<Backbone> initial_backbone(const RunSpec& spec) {
  at::Generator unused = at::detail::createCPUGenerator(0);
  auto out = make_backbone(spec.backbone, spec.backbone_settings, unused);
  if (starts_from_weights(spec)) start_from_weights(spec, *out);
  return out;
}

namespace {

// Of page-locked memory.
int64_t batch_bytes(const ViewPlan& views, int64_t images) {
  int64_t out = 0;
  for (const ViewRecipe& recipe : views.recipes) {
    out += locked_bytes(images * int64_t{3} * recipe.size * recipe.size * int64_t{sizeof(float)});
  }
  return out;
}

TrainTask pretrain_task(Method& method, const ImageSet& images, const ViewPlan& views, at::Device device,
                        int64_t batch_size) {
  const auto prepare = [&method, &images, &views, device](const BatchPlan& plan) -> PreparedStep {
    auto batch =
        std::make_shared<TrainBatch>(make_views(images, plan.samples, plan.epoch, views, plan.stop, plan.following));
    method.draw_for(*batch, plan.step);
    PreparedStep out;
    out.loss = [&method, batch, device](const Progress& progress) {
      move_batch(*batch, device);
      return method.loss(*batch, progress);
    };
    out.observe = [&method, batch, device] {
      move_batch(*batch, device);
      method.observe(*batch);
    };
    out.tensors = tensors_of(*batch);
    return out;
  };
  return {.module = method,
          .examples = images.size(),
          .step_bytes = batch_bytes(views, batch_size),
          .prepare = prepare,
          .after_backward = [&method](const Progress& progress) { method.after_backward(progress); },
          .after_step = [&method](const Progress& progress) { method.after_step(progress); },
          .rule = [&method](const std::string& name) { return method.rule(name); },
          .host_values = [&method](const Progress& progress) { return method.host_values(progress); },
          .observes_first = method.observes_first()};
}

// What the backbone is worth after a step, and where asked its weights beside the record.
std::function<std::vector<std::pair<std::string, double>>(int64_t)> evaluation(const RunSpec& spec, Method& method,
                                                                               ImageSets& data,
                                                                               std::shared_ptr<const ImageSet> chosen,
                                                                               bool keep, StageContext& context) {
  const auto classes = static_cast<int64_t>(chosen->classes().size());
  return [&spec, &method, &data, &context, chosen, classes, keep](int64_t step) {
    const ConvolutionsInTf32 exact(false);
    const Features features = image_features(spec, method.backbone(), data, *chosen, context.device, [&context] {
      context.stop_requested();  // says that the stage is alive; what stops it is the loop, which saves first
      return false;
    });
    if (keep && ranks().is_first()) save_backbone(method, spec, evaluated_weights_file(spec, step));
    auto out = value_point(features, classes);
    for (auto& [name, value] : out) name = kValueCurves + name;
    return out;
  };
}

// The method's own files: a teacher that is another one than before would train on in silence.
void expect_planned_files(const RunSpec& spec) {
  for (const auto& [option, digest] : spec.files) {
    if (option.find('.') == std::string::npos) planned_content(spec, option, spec.method_settings.at(option));
  }
}

}  // namespace

std::unique_ptr<Method> pretrain(const RunSpec& spec, ImageSets& data, StageContext& context) {
  const LoadedSplit& train_split = data.split(spec.dataset, Split::train);
  const ImageSet& images = *train_split.images;
  const PretrainInput input =
      pretrain_input(spec, static_cast<int64_t>(train_split.classes.size()), images.size(), view_size(spec, images));
  expect_planned_files(spec);
  std::vector<std::string> notes;
  auto method = build_method(spec, input.method, &notes);
  for (const std::string& note : method->notes()) notes.push_back(note);
  for (const std::string& note : notes) {
    if (context.note) context.note(note);
  }
  method->place(context.device);
  if (!Registry<MethodEntry>::find(spec.method).trains) return method;

  const ViewPlan views{input.recipes, run_normalisation(spec, method->backbone().input_facts()), context.seed,
                       input.mixing, context.device.is_cuda()};
  const TrainSettings training =
      pretrain_settings(Settings("pretrain", pretrain_options(), spec.pretrain), context.device);
  TrainTask task = pretrain_task(*method, images, views, context.device, training.batch_size);
  if (training.evaluate_every > 0) {
    const auto chosen = std::shared_ptr<const ImageSet>(value_images(images));
    task.evaluate = evaluation(spec, *method, data, chosen, training.keep_evaluated, context);
    context.record.add(kValueAsked, Split::train, static_cast<double>(asking_images(chosen->size())), chosen->size());
  }
  const TrainOutcome outcome = train(task, training, context);
  const std::string unusable = unusable_weight(method->backbone().state());
  if (!unusable.empty()) {
    throw RunFailure(FailureKind::non_finite, "pretraining ended with weights that nothing can be measured with: " +
                                                  unusable + "; try a smaller learning rate or clip_norm");
  }
  add_chance_loss(spec, input.method, images.size(), context.record);
  add_mean_throughput(outcome.phases, context.record);
  add_matrix_work(outcome, context.record);
  // Of single phases the host's clock says nothing of what a GPU still has to do.
  if (context.device.is_cpu()) add_step_times(outcome.phases, context.record);
  add_loss_scale(outcome, context.record);
  add_skipped(images, context.record);
  add_memory_sources(images, context);
  if (outcome.collapsed) context.record.status = RunStatus{RunStatus::Kind::collapsed}.text();
  add_painted_samples(*method, images, static_cast<int>(input.method.image_size), views.normalisation, context);
  return method;
}

std::string budget_text(const RunSpec& spec, int64_t examples) {
  if (!Registry<MethodEntry>::find(spec.method).trains) return spec.files.empty() ? "none" : "elsewhere";
  const auto parts = spec.pretrain.value("accumulate", int64_t{1});
  return std::to_string(spec.pretrain.at("epochs").get<int64_t>()) + " epochs x " + grouped(examples) +
         " images, batch " + std::to_string(spec.pretrain.at("batch_size").get<int64_t>()) +
         (parts > 1 ? " in " + std::to_string(parts) + " parts" : "");
}

}  // namespace sslbench
