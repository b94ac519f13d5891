// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/chosen_probe.h"

#include <algorithm>
#include <limits>

#include "datasets/batches/sample_order.h"
#include "suites/protocols/fine_tuning/chosen_rate.h"
#include "suites/protocols/parts/accuracy.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

// Accuracies on the held-out part, [K].
Tensor held_out_accuracies(const Features& train, int64_t classes, const HeldOut& parts, const ProbeChoice& choice) {
  const Features kept = some_of(train, parts.kept), out = some_of(train, parts.out);
  const FeatureScale scale = scale_of(kept.h_ND, choice.standardise);
  const SoftmaxProbe probe = train_probe(scale(kept.h_ND), kept.labels_N, classes, choice.training);
  return probe.accuracies(scale(out.h_ND), out.labels_N).to(at::kCPU);
}

struct Best {
  size_t input = 0;
  double rate = 0, accuracy = -1;
};

Best best_on_held_out(const std::vector<SeenFeatures>& train, int64_t classes, const HeldOut& parts,
                      const ProbeChoice& choice, StageRecord& record) {
  Best best;
  for (size_t i = 0; i < train.size(); ++i) {
    const Tensor accuracy_K = held_out_accuracies(train[i].of, classes, parts, choice);
    Curve& trials = record.curves["held_out_top1_by_rate" + (train[i].name.empty() ? "" : "/" + train[i].name)];
    for (size_t k = 0; k < choice.training.learning_rates.size(); ++k) {
      const auto accuracy = accuracy_K[static_cast<int64_t>(k)].item<double>();
      trials.step.push_back(static_cast<int64_t>(k));
      trials.value.push_back(accuracy);
      if (accuracy > best.accuracy) best = {i, choice.training.learning_rates[k], accuracy};
    }
  }
  record.add("top1", Split::val, best.accuracy, static_cast<int64_t>(parts.out.size()));
  return best;
}

Best chosen(const std::vector<SeenFeatures>& train, int64_t classes, const HeldOut& parts, const ProbeChoice& choice,
            StageRecord& record) {
  const std::vector<double>& rates = choice.training.learning_rates;
  const auto held = static_cast<int64_t>(parts.out.size());
  if (parts.classes_out < parts.classes) {
    record.add("classes_held_out", Split::val, static_cast<double>(parts.classes_out), parts.classes);
  }
  const Best best =
      held == 0 ? Best{.rate = rates[(rates.size() - 1) / 2]} : best_on_held_out(train, classes, parts, choice, record);
  if (held == 0) {
    record.add("top1", Split::val, std::numeric_limits<double>::quiet_NaN(), 0,
               "no class has two training images: none was held out");
  }
  record.add("learning_rate", Split::val, best.rate, held);
  return best;
}

ChosenProbe trained(const Features& train, int64_t classes, const ProbeChoice& choice, HeldOut parts,
                    StageRecord& record, size_t input = 0) {
  const FeatureScale scale = scale_of(train.h_ND, choice.standardise);
  const Tensor x_ND = scale(train.h_ND);
  SoftmaxProbe probe = train_probe(x_ND, train.labels_N, classes, choice.training);
  record.add("top1", Split::train, probe.accuracies(x_ND, train.labels_N).item<double>(), train.h_ND.size(0));
  return {input, scale, std::move(probe), std::move(parts)};
}

struct Choice {
  HeldOut parts;
  size_t input = 0;
};

Choice choose(const std::vector<SeenFeatures>& train, int64_t classes, ProbeChoice& choice, StageContext& context) {
  choice.training.seed = context.seed;
  choice.training.stop = context.stop_requested;
  HeldOut parts = training_parts(train.front().of.labels_N, choice.held_out);
  const Best best = chosen(train, classes, parts, choice, context.record);
  choice.training.learning_rates = {best.rate};
  return {std::move(parts), best.input};
}

}  // namespace

HeldOut training_parts(const Tensor& labels_N, double held_out) {
  const int64_t N = labels_N.size(0);
  if (N < 2) throw UserError("a probe needs at least 2 training images, got " + std::to_string(N));
  const Tensor on_host_N = labels_N.to(at::kCPU).contiguous();
  const std::vector<int64_t> order = epoch_order(kHeldOutSeed, 0, N);
  return hold_out({on_host_N.const_data_ptr<int64_t>(), static_cast<size_t>(N)}, order, held_out);
}

std::vector<Option> probe_options() {
  return {
      reals_option("learning_rates", {0.001, 0.003, 0.01, 0.03, 0.1, 0.3}, 1e-9, 1e6,
                   "the grid, tried together; the best on held-out training images is taken"),
      integer_option("epochs", 100, 1, 1e6, "passes over the features"),
      integer_option("batch_size", 256, 1, 1e6, "images of one step"),
      real_option("momentum", 0.9, 0, 1, "of SGD"),
      real_option("weight_decay", 0, 0, 1e3, "L2 on the weights"),
      real_option("held_out", 0.2, 0.01, 0.9, "share of the training images that chooses the rate; some of each class"),
      later(flag_option("nesterov", false, "Nesterov's momentum"), false),
      later(choice_option("schedule", "cosine", {"cosine", "steps"},
                          "of the rate: down to 0, or a tenth after 60 % and again after 80 % of the epochs"),
            "cosine"),
      later(
          flag_option("standardise", true, "features by mean and deviation of the training images; false: as they are"),
          true)};
}

ProbeChoice probe_choice(const Settings& settings) {
  ProbeChoice out;
  out.held_out = settings.real("held_out");
  out.training.learning_rates = settings.reals("learning_rates");
  std::sort(out.training.learning_rates.begin(), out.training.learning_rates.end());
  out.training.epochs = settings.integer("epochs");
  out.training.batch_size = settings.integer("batch_size");
  out.training.momentum = settings.real("momentum");
  out.training.weight_decay = settings.real("weight_decay");
  out.training.nesterov = settings.flag("nesterov");
  out.training.steps = settings.text("schedule") == "steps";
  out.standardise = settings.flag("standardise");
  return out;
}

std::vector<Metric> choice_metrics() {
  return {chosen_rate_metric(),
          {.name = "classes_held_out",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "classes with an image among the held-out ones, where not all have one"}};
}

std::vector<Metric> probe_metrics() { return joined(all_accuracy_metrics(), choice_metrics()); }

ChosenProbe choose_and_train(const std::vector<SeenFeatures>& train, int64_t classes, ProbeChoice choice,
                             StageContext& context) {
  Choice made = choose(train, classes, choice, context);
  return trained(train[made.input].of, classes, choice, std::move(made.parts), context.record, made.input);
}

ChosenProbe choose_and_train_on_kept(const Features& train, int64_t classes, ProbeChoice choice,
                                     StageContext& context) {
  Choice made = choose({{"", train}}, classes, choice, context);
  const Features kept = some_of(train, made.parts.kept);
  return trained(kept, classes, choice, std::move(made.parts), context.record);
}

void ask_probe(const ChosenProbe& probe, const Features& train, const Features& test, const FeatureSpread& spread,
               const Subject& subject, const DatasetSpec& dataset, StageContext& context) {
  const Tensor scores_MC = probe.scores(test.h_ND);
  add_accuracy(context.record, scores_MC, test.labels_N, train.labels_N);
  add_accuracy_without_leaks(context.record, scores_MC, test.labels_N, subject, dataset);
  add_feature_spread(context.record, spread, train.h_ND.size(0));
  context.record.images = train.h_ND.size(0) + test.h_ND.size(0);
  context.record.images_per_second = train.images_per_second;
}

ChosenProbe measure_probe(Subject& subject, const DatasetSpec& dataset, const ProbeChoice& choice,
                          StageContext& context) {
  const at::NoGradGuard no_grad;
  const Features train = on(context.device, subject.features.get(dataset, Split::train));
  const auto classes = static_cast<int64_t>(subject.data.split(dataset, Split::train).classes.size());
  ChosenProbe probe = choose_and_train({{"", train}}, classes, choice, context);
  const Features test = on(context.device, subject.features.get(dataset, Split::test));
  ask_probe(probe, train, test, subject.features.spread(dataset, Split::train), subject, dataset, context);
  return probe;
}

}  // namespace sslbench
