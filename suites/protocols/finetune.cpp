// SPDX-License-Identifier: Apache-2.0
// finetune: the whole network trained with a linear classifier on top, on all labels of the set or a share of them. The
// rate is chosen on held-out training images; views, mixing, layer decay and smoothing are settings, so that published
// recipes are presets. He et al., "Masked Autoencoders Are Scalable Vision Learners", CVPR 2022, arXiv:2111.06377,
// table 9 (layer decay: Clark et al., "ELECTRA", ICLR 2020; Bao et al., BEiT); Chen et al., "A Simple Framework for
// Contrastive Learning of Visual Representations", ICML 2020, arXiv:2002.05709, B.5. Shapes: N images, D features, C
// classes.
#include <algorithm>

#include "datasets/batches/image_batches.h"
#include "methods/layers.h"
#include "methods/parts/label_loss.h"
#include "suites/protocols/fine_tuning/chosen_rate.h"
#include "suites/protocols/fine_tuning/class_views.h"
#include "suites/protocols/fine_tuning/labelled_part.h"
#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/dense_batch.h"
#include "suites/protocols/predictions/evaluated_stream.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/training/train_loop.h"

namespace sslbench {
namespace {

const std::vector<double> kRates{3e-4, 1e-3, 3e-3};

// Backbone and classifier; names as a pretraining method has them, so that layer decay finds the layers.
class Classifier final : public Module {
 public:
  Classifier(std::unique_ptr<Backbone> backbone, int64_t classes, at::Generator& generator)
      : backbone_(std::move(backbone)), head_(backbone_->width(), classes, generator) {
    add_child("backbone", *backbone_);
    add_child("head", head_);
  }
  Tensor scores(const Tensor& x_NCHW) const { return head_(promoted(backbone_->features(x_NCHW))); }

 private:
  std::unique_ptr<Backbone> backbone_;
  Linear head_;
};

class Finetune final : public Protocol {
 public:
  explicit Finetune(const Settings& settings)
      : settings_(settings), rates_(rate_choice(settings, "finetune", kRates)) {}

  void check(std::unique_ptr<Backbone> backbone) const override {
    if (!backbone->takes_gradients()) {
      throw UserError(
          "finetune: the backbone takes no gradients, so that nothing of it can be trained; take a frozen "
          "protocol such as linear_probe");
    }
    at::Generator generator = at::detail::createCPUGenerator(0);
    const Classifier classifier(std::move(backbone), /*classes=*/2, generator);
    std::vector<std::string> names;
    for (const NamedTensor& each : classifier.parameters()) {
      if (each.first.starts_with("backbone.")) names.push_back(each.first.substr(9));
    }
    layer_scales(names, layer_decay());
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const LoadedSplit& split = subject.data.split(dataset, Split::train);
    const ViewPlan views = view_plan(*split.images, subject.normalisation, context);
    const ImagePart train = labelled_part(*split.images, settings_.real("labels"));
    const auto classes = static_cast<int64_t>(split.classes.size());
    const auto trained = [&](const ImagePart& images, const TrainSettings& training, StageContext& at) {
      return fine_tuned(subject, classes, images, views, training, at);
    };
    TrainSettings training = train_settings(context.device);
    const RateTrial trial = [&](const ImagePart& kept, const ImagePart& out, const TrainSettings& at_rate,
                                StageContext& at) {
      const Answers answers = asked(*trained(kept, at_rate, at), out, views, at);
      return answers.scores_NC.argmax(1).eq(answers.labels_N).to(at::kDouble).mean().item<double>();
    };
    choose_rate(train, rates_, "top1", trial, training, context);
    const auto classifier = trained(train, training, context);
    context.record.add("labels", Split::train, static_cast<double>(train.size()), split.images->size());
    const Answers test = asked(*classifier, all_of(*subject.data.split(dataset, Split::test).images), views, context);
    add_accuracy(context.record, test.scores_NC, test.labels_N, labels_of(train));
    add_accuracy_without_leaks(context.record, test.scores_NC, test.labels_N, subject, dataset);
    mark_version(rates_, context.record);
  }

 private:
  struct Answers {
    Tensor scores_NC, labels_N;  // on the CPU
  };

  LayerDecay layer_decay() const { return {settings_.real("layer_decay"), false}; }

  TrainSettings train_settings(at::Device device) const {
    TrainSettings out = finetune_settings(settings_, device);
    out.layer_decay = layer_decay();
    if (settings_.text("optimizer") == "sgd") {
      out.optimizer = {.name = "sgd", .weight_decay = settings_.real("weight_decay"), .nesterov = true};
    }
    return out;
  }

  ViewPlan view_plan(const ImageSet& images, const Normalisation& normalisation, const StageContext& context) const {
    ViewRecipe recipe = class_view(settings_, images);
    recipe.rand_augment = static_cast<int>(settings_.integer("rand_augment"));
    recipe.erasing = static_cast<float>(settings_.real("erasing"));
    const MixingRecipe mixing{static_cast<float>(settings_.real("mixup")),
                              static_cast<float>(settings_.real("cutmix"))};
    return {{recipe}, normalisation, context.seed, mixing, context.device.is_cuda()};
  }

  // Always from the pretrained weights and the same first head.
  std::unique_ptr<Classifier> fine_tuned(Subject& subject, int64_t classes, const ImagePart& images,
                                         const ViewPlan& views, const TrainSettings& training,
                                         StageContext& context) const {
    at::Generator generator = at::detail::createCPUGenerator(context.seed + (uint64_t{6} << 32));
    auto out = std::make_unique<Classifier>(subject.copy(), classes, generator);
    out->place(context.device);
    const auto number = [&](int64_t i) { return images.numbers[static_cast<size_t>(i)]; };
    const auto prepare = [&, out = out.get()](const BatchPlan& plan) -> PreparedStep {
      std::vector<int64_t> numbers;
      for (const int64_t sample : plan.samples) numbers.push_back(number(sample));
      auto batch = std::make_shared<TrainBatch>(
          make_views(images.images, numbers, plan.epoch, views, plan.stop, number(plan.following)));
      return {[this, batch, out, device = context.device](const Progress&) {
                move_batch(*batch, device);
                return loss(*out, *batch);
              },
              {}};
    };
    const TrainTask task{
        .module = *out,
        .examples = images.size(),
        .step_bytes = training.batch_size * 3 * views.recipes[0].size * views.recipes[0].size * int64_t{4},
        .prepare = prepare,
        .after_backward = {},
        .after_step = {},
        .rule = {}};
    train(task, training, context);
    out->train(false);
    return out;
  }

  Loss loss(const Classifier& classifier, const TrainBatch& batch) const {
    const double smoothing = settings_.real("label_smoothing");
    const Tensor logits_NC = classifier.scores(batch.views[0]);
    const FullPrecision full;
    return {batch_cross_entropy(logits_NC.to(at::kFloat), batch, smoothing),
            {{"accuracy", label_accuracy(logits_NC, batch.labels_N)}},
            {}};
  }

  Answers asked(const Classifier& classifier, const ImagePart& images, const ViewPlan& views,
                StageContext& context) const {
    const at::NoGradGuard no_grad;
    std::vector<Tensor> scores, labels;
    look_at_whole(images, views.recipes[0].size, views.normalisation, context, [&](const EvaluatedImages& these) {
      scores.push_back(classifier.scores(these.x).to(at::kCPU, at::kFloat));
      labels.push_back(labels_of(these.items));
    });
    return {at::cat(scores), at::cat(labels)};
  }

  Settings settings_;
  RateChoice rates_;
};

std::vector<Option> options() {
  const std::vector<Option> training = {
      integer_option("epochs", 20, 1, 1e6, "passes over the labelled images"),
      integer_option("batch_size", 128, 1, 1e6, "images of one step"),
      choice_option("optimizer", "adamw", {"adamw", "sgd"}, "sgd: momentum 0.9, Nesterov"),
      real_option("weight_decay", 0.05, 0, 1e3, "decoupled of adamw, L2 of sgd"),
      real_option("warmup_epochs", 1, 0, 1e6, "linear warm-up; fractions allowed"),
      real_option("clip_norm", 0, 0, 1e9, "largest norm of all gradients together; 0 = no clipping"),
      real_option("layer_decay", 1, 0.01, 1, "rate of a layer over that of the next; 1 = all alike"),
      real_option("label_smoothing", 0, 0, 1, "share of the target spread over all classes"),
      real_option("labels", 1, 1e-6, 1, "share of each class's training images that is used; one at least")};
  const std::vector<Option> changes = {
      integer_option("rand_augment", 0, 0, 16, "operations of RandAugment, magnitude 9"),
      real_option("erasing", 0, 0, 1, "probability of an erased rectangle"),
      real_option("mixup", 0, 0, 1e3, "Beta(a, a) of mixed images; 0 = none"),
      real_option("cutmix", 0, 0, 1e3, "Beta(a, a) of pasted rectangles; 0 = none"),
      precision_option(),
      kernels_option(),
      protocol_workers_option()};
  return joined({training, class_view_options(0.35), changes, rate_options(kRates)});
}

nlohmann::json simclr(double labels, int64_t epochs) {
  return {
      {"labels", labels},   {"epochs", epochs},  {"batch_size", 256},  {"learning_rates", std::vector<double>{0.05}},
      {"optimizer", "sgd"}, {"weight_decay", 0}, {"warmup_epochs", 0}, {"area_low", 0.08}};
}

std::vector<ProtocolPreset> presets() {
  return {{"mae",
           "facebookresearch/mae FINETUNE.md, ViT-B: rate 5e-4 x batch / 256, layer decay 0.65; without its drop path, "
           "which is an option of the backbone",
           {{"epochs", 100},
            {"batch_size", 1024},
            {"learning_rates", std::vector<double>{2e-3}},
            {"weight_decay", 0.05},
            {"warmup_epochs", 5},
            {"layer_decay", 0.65},
            {"label_smoothing", 0.1},
            {"area_low", 0.08},
            {"rand_augment", 2},
            {"erasing", 0.25},
            {"mixup", 0.8},
            {"cutmix", 1}}},
          {"simclr_1pct",
           "arXiv:2002.05709, B.5: 1 % of labels, 60 epochs, rate 0.05 x batch / 256, no decay, crops and flips alone; "
           "the labelled images are drawn here, not the published list",
           simclr(0.01, 60)},
          {"simclr_10pct", "the same of 10 % of labels, 30 epochs", simclr(0.1, 30)}};
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "finetune",
     .summary = "the whole network and a linear classifier, trained at a rate chosen on held-out training images",
     .version = 1,
     .task = "classification",
     .metrics = joined(joined(all_accuracy_metrics(), rate_metrics("top1")),
                       {{.name = "labels",
                         .better = Better::none,
                         .kind = MetricKind::quantity,
                         .definition = "training images whose labels were read"}}),
     .options = options(),
     .presets = presets(),
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Finetune>(settings);
     }});

}  // namespace
}  // namespace sslbench
