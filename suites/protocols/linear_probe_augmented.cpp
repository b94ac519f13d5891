// SPDX-License-Identifier: Apache-2.0
// linear_probe_augmented: linear classifiers on a frozen network that sees a new crop of every image in every epoch, as
// published linear evaluations have it (He et al., MoCo, CVPR 2020, arXiv:1911.05722; Caron et al., DINO, ICCV 2021,
// arXiv:2104.14294; He et al., MAE, CVPR 2022, arXiv:2111.06377; Oquab et al., DINOv2, TMLR 2024, arXiv:2304.07193).
// All inputs and rates are trained in one pass; which counts is chosen on held-out training images by twins that never
// see those, and the test set is read once. Shapes: N images, W columns of all inputs, C classes.
#include <algorithm>

#include "datasets/batches/image_batches.h"
#include "methods/parts/label_loss.h"
#include "suites/protocols/fine_tuning/chosen_rate.h"
#include "suites/protocols/fine_tuning/class_views.h"
#include "suites/protocols/fine_tuning/labelled_part.h"
#include "suites/protocols/frozen/probe_heads.h"
#include "suites/protocols/frozen/published_probes.h"
#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/chosen_probe.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/to_device.h"
#include "suites/training/train_loop.h"

namespace sslbench {
namespace {

constexpr const char* kName = "linear_probe_augmented";
const std::vector<double> kRates{0.001, 0.003, 0.01, 0.03, 0.1, 0.3};

class LinearProbeAugmented final : public Protocol {
 public:
  explicit LinearProbeAugmented(const Settings& settings)
      : settings_(settings), rates_(settings.reals("learning_rates")) {
    if (rates_.empty()) throw UserError(std::string(kName) + ": learning_rates is empty; name one rate, or several");
    std::ranges::sort(rates_);
  }

  void check(std::unique_ptr<Backbone> backbone) const override { inputs_of(*backbone); }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const ProbeInputs inputs = inputs_of(subject.backbone);
    const LoadedSplit& split = subject.data.split(dataset, Split::train);
    const ImagePart train = all_of(*split.images);
    const at::Tensor labels_N = labels_of(train);
    const HeldOut parts = training_parts(labels_N, settings_.real("held_out"));
    const bool choice = inputs.all().size() * rates_.size() > 1 && !parts.out.empty();
    ProbeHeads heads({.inputs = inputs.all(),
                      .rates = rates_,
                      .classes = std::ssize(split.classes),
                      .standardise = settings_.flag("standardise"),
                      .twins = choice});
    const ViewPlan views = view_plan(*split.images, subject.normalisation, context);
    fit(heads, inputs, train, kept_labels(labels_N, parts), views, context);
    const size_t head =
        choice ? best(heads, inputs, {train.images, parts.out}, views, context) : (rates_.size() - 1) / 2;
    context.record.add("learning_rate", Split::val, heads.rate_of(head), std::ssize(parts.out));
    add_input(context.record, inputs.all()[heads.input_of(head)], std::ssize(parts.out));
    ask(heads, head, inputs, labels_N, subject, dataset, views, context);
  }

 private:
  ProbeInputs inputs_of(const Backbone& backbone) const { return {backbone, settings_.texts("inputs"), kName}; }

  // Those of held-out images are kNoLabel.
  static at::Tensor kept_labels(const at::Tensor& labels_N, const HeldOut& parts) {
    at::Tensor out = labels_N.clone();
    if (!parts.out.empty()) out.index_fill_(0, at::tensor(parts.out, at::kLong), kNoLabel);
    return out;
  }

  ViewPlan view_plan(const ImageSet& images, const Normalisation& normalisation, const StageContext& context) const {
    return {{class_view(settings_, images)}, normalisation, context.seed, {}, context.device.is_cuda()};
  }

  TrainSettings train_settings() const {
    TrainSettings out;
    out.epochs = settings_.integer("epochs");
    out.batch_size = settings_.integer("batch_size");
    out.optimizer = {.name = settings_.text("optimizer"),
                     .weight_decay = settings_.real("weight_decay"),
                     .momentum = settings_.real("momentum"),
                     .decay_norms_and_biases = false,
                     .nesterov = settings_.flag("nesterov")};
    out.learning_rate = 1;  // of which every head takes its own share
    if (settings_.text("schedule") == "steps") {
      out.schedule = RateShape::step;
      out.milestones = {0.6, 0.8};
    }
    out.warmup_epochs = settings_.real("warmup_epochs");
    out.data_workers = static_cast<int>(settings_.integer("data_workers"));
    return out;
  }

  void fit(ProbeHeads& heads, const ProbeInputs& inputs, const ImagePart& images, const at::Tensor& kept_labels_N,
           const ViewPlan& views, StageContext& context) const {
    heads.place(context.device);
    const TrainSettings training = train_settings();
    const auto prepare = [&](const BatchPlan& plan) -> PreparedStep {
      auto batch = std::make_shared<TrainBatch>(
          make_views(images.images, plan.samples, plan.epoch, views, plan.stop, plan.following));
      const at::Tensor kept_N = kept_labels_N.index_select(0, at::tensor(plan.samples, at::kLong));
      return {[&, batch, kept_N](const Progress&) -> Loss {
                move_batch(*batch, context.device);
                const at::Tensor h_NW = frozen_features(inputs, batch->views[0]);
                return {heads.loss(h_NW, batch->labels_N, to_device(kept_N, context.device)), {}, {}};
              },
              {}};
    };
    const int64_t side = views.recipes[0].size;
    const TrainTask task{.module = heads,
                         .examples = images.size(),
                         .step_bytes = training.batch_size * 3 * side * side * int64_t{4},
                         .prepare = prepare,
                         .after_backward = {},
                         .after_step = {},
                         .rule = [&](const std::string& name) { return heads.rule(name); }};
    train(task, training, context);
    heads.train(false);
  }

  static at::Tensor frozen_features(const ProbeInputs& inputs, const at::Tensor& x_NCHW) {
    const at::NoGradGuard no_grad;
    return inputs.features(x_NCHW);
  }

  // The head whose twin is best on the held-out images (ties: the first input, the smaller rate). Adds all trials.
  size_t best(const ProbeHeads& heads, const ProbeInputs& inputs, const ImagePart& out, const ViewPlan& views,
              StageContext& context) const {
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> right(heads.count(), at::zeros({}, at::TensorOptions(at::kLong).device(context.device)));
    look_at_whole(out, views.recipes[0].size, views.normalisation, context, [&](const EvaluatedImages& these) {
      const std::vector<at::Tensor> seen = heads.seen(inputs.features(these.x));
      const at::Tensor labels_N = labels_of(these.items).to(context.device);
      for (size_t i = 0; i < heads.count(); ++i) {
        right[i] = right[i] + heads.twin_scores(seen, i).argmax(1).eq(labels_N).sum();
      }
    });
    const at::Tensor top1_K = at::stack(right).to(at::kCPU, at::kDouble) / static_cast<double>(out.size());
    for (size_t i = 0; i < heads.count(); ++i) {
      const std::string name = inputs.all()[heads.input_of(i)].name + "/" + nlohmann::json(heads.rate_of(i)).dump();
      context.record.add("trial_top1/" + name, Split::val, top1_K[static_cast<int64_t>(i)].item<double>(), out.size());
    }
    return static_cast<size_t>(top1_K.argmax().item<int64_t>());
  }

  void ask(const ProbeHeads& heads, size_t head, const ProbeInputs& inputs, const at::Tensor& train_labels_N,
           Subject& subject, const DatasetSpec& dataset, const ViewPlan& views, StageContext& context) const {
    const at::NoGradGuard no_grad;
    const ImagePart test = all_of(*subject.data.split(dataset, Split::test).images);
    std::vector<at::Tensor> scores, labels;
    look_at_whole(test, views.recipes[0].size, views.normalisation, context, [&](const EvaluatedImages& these) {
      const at::Tensor scores_NC = heads.scores(heads.seen(inputs.features(these.x)), head);
      scores.push_back(scores_NC.to(at::kCPU, at::kFloat));
      labels.push_back(labels_of(these.items));
    });
    const at::Tensor scores_NC = at::cat(scores), labels_N = at::cat(labels);
    add_accuracy(context.record, scores_NC, labels_N, train_labels_N);
    add_accuracy_without_leaks(context.record, scores_NC, labels_N, subject, dataset);
  }

  Settings settings_;
  std::vector<double> rates_;
};

std::vector<Metric> metrics() {
  return joined(joined(all_accuracy_metrics(), probe_input_metrics()),
                {chosen_rate_metric(),
                 {.name = "trial_top1/",
                  .better = Better::none,
                  .definition = "top1 of held-out training images by the classifier of that input and rate whose twins "
                                "never saw them",
                  .headline = false}});
}

std::vector<Option> options() {
  const std::vector<Option> training = {
      reals_option("learning_rates", kRates, 1e-9, 1e6,
                   "the grid, trained together; the best on held-out images is taken"),
      probe_inputs_option(),
      integer_option("epochs", 30, 1, 1e6, "passes over the training images, each with new crops"),
      integer_option("batch_size", 256, 1, 1e6, "images of one step"),
      choice_option("optimizer", "sgd", {"sgd", "lars"}, "update rule; lars as facebookresearch/mae has it"),
      real_option("momentum", 0.9, 0, 1, "of both"),
      flag_option("nesterov", false, "Nesterov's momentum"),
      real_option("weight_decay", 0, 0, 1e3, "L2 on the weights"),
      choice_option("schedule", "cosine", {"cosine", "steps"},
                    "of the rate: down to 0, or a tenth after 60 % and again after 80 % of the steps"),
      real_option("warmup_epochs", 0, 0, 1e6, "linear warm-up; fractions allowed"),
      flag_option("standardise", true, "batch norm without scale and shift before a classifier; false: none"),
      real_option("held_out", 0.2, 0.01, 0.9, "share of the training images that chooses; some of each class")};
  return joined({training, class_view_options(0.08), {protocol_workers_option()}});
}

// Weights start from 0, evaluation looks at whole images; what else differs is said.
std::vector<ProtocolPreset> presets() {
  std::vector<ProtocolPreset> out = published_linear_probes();
  out.push_back(
      {"mae",
       "facebookresearch/mae main_linprobe.py: batch norm, LARS, rate 0.1 x batch / 256 = 6.4 after 10 epochs "
       "of warm-up, batch 16384, 90 epochs",
       {{"learning_rates", {6.4}},
        {"optimizer", "lars"},
        {"warmup_epochs", 10},
        {"epochs", 90},
        {"batch_size", 16384}}});
  return out;
}

const bool registered =
    Registry<ProtocolEntry>::add({.name = kName,
                                  .summary = "linear classifiers on new crops of every epoch through the frozen "
                                             "network, the best chosen on held-out images",
                                  .version = 1,
                                  .task = "classification",
                                  .metrics = metrics(),
                                  .options = options(),
                                  .presets = presets(),
                                  .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
                                    return std::make_unique<LinearProbeAugmented>(settings);
                                  }});

}  // namespace
}  // namespace sslbench
