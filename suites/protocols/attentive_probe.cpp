// SPDX-License-Identifier: Apache-2.0
// attentive_probe: a classifier on the patch features of the frozen backbone, pooled by attention of a learned query.
// For networks whose pooled features were never trained to hold what an image is: El-Nouby et al. (AIM), ICML 2024,
// arXiv:2401.08541, section 4; Bardes et al. (V-JEPA), TMLR 2024, arXiv:2404.08471, section 4. Images are seen whole,
// without augmentation, as by linear_probe; the rate is chosen on held-out training images, the test set read once.
// Shapes: N images, T patches, D features, K classes.
#include <algorithm>

#include "suites/protocols/fine_tuning/chosen_rate.h"
#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/dense_batch.h"
#include "suites/protocols/patches/attentive_pool.h"
#include "suites/protocols/patches/patch_tokens.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/training/train_loop.h"

namespace sslbench {
namespace {

const std::vector<double> kRates{3e-4, 1e-3, 3e-3};

using Classifier = std::unique_ptr<AttentiveClassifier>;

class AttentiveProbe final : public Protocol {
 public:
  explicit AttentiveProbe(const Settings& settings)
      : settings_(settings), rates_(rate_choice(settings, "attentive_probe", kRates)) {}

  void check(std::unique_ptr<Backbone> backbone) const override {
    at::Generator generator = at::detail::createCPUGenerator(0);
    classifier(map_of(*backbone), /*classes=*/2, generator);
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const PatchMap map = map_of(subject.backbone);
    const LoadedSplit& split = subject.data.split(dataset, Split::train);
    const DenseRecipe size = plain_recipe(settings_, *split.images);
    const PatchTokens train_tokens(map, *split.images, size, subject.normalisation, context);
    const auto trained = [&](const ImagePart& images, const TrainSettings& training, StageContext& at) {
      at::Generator generator = at::detail::createCPUGenerator(at.seed + (uint64_t{5} << 32));
      Classifier out = classifier(map, std::ssize(split.classes), generator);
      fit(*out, train_tokens, images, training, at);
      return out;
    };
    TrainSettings training = finetune_settings(settings_, context.device);
    const RateTrial trial = [&](const ImagePart& kept, const ImagePart& out, const TrainSettings& at_rate,
                                StageContext& at) {
      const Tensor scores_NK = scores(*trained(kept, at_rate, at), train_tokens, out, at);
      return scores_NK.argmax(1)
          .eq(train_tokens.labels(out.numbers).to(at::kCPU))
          .to(at::kDouble)
          .mean()
          .item<double>();
    };
    choose_rate(all_of(*split.images), rates_, "top1", trial, training, context);
    const Classifier last = trained(all_of(*split.images), training, context);
    const ImagePart test = all_of(*subject.data.split(dataset, Split::test).images);
    const PatchTokens test_tokens(map, test.images, size, subject.normalisation, context, /*kept_bytes=*/0);
    const Tensor scores_MC = scores(*last, test_tokens, test, context);
    add_accuracy(context.record, scores_MC, test_tokens.labels(), train_tokens.labels());
    add_accuracy_without_leaks(context.record, scores_MC, test_tokens.labels(), subject, dataset);
    mark_version(rates_, context.record);
  }

 private:
  PatchMap map_of(const Backbone& backbone) const { return {backbone, settings_.integer("stride"), "attentive_probe"}; }

  Classifier classifier(const PatchMap& map, int64_t classes, at::Generator& generator) const {
    AttentivePoolShape shape;
    shape.variant = settings_.text("pool");
    shape.heads = settings_.integer("heads");
    shape.dim = map.level().channels, shape.classes = classes;
    return make_attentive_classifier(shape, generator);
  }

  void fit(AttentiveClassifier& classifier, const PatchTokens& of, const ImagePart& images,
           const TrainSettings& training, StageContext& context) const {
    classifier.place(context.device);
    const auto prepare = [&](const BatchPlan& plan) -> PreparedStep {
      std::vector<int64_t> numbers;
      for (const int64_t sample : plan.samples) numbers.push_back(images.numbers[static_cast<size_t>(sample)]);
      const auto loss = [&, numbers](const Progress&) -> Loss {
        const Tensor scores_NK = classifier.scores(of.tokens(numbers));
        const FullPrecision full;
        const Tensor log_NK = at::log_softmax(scores_NK.to(at::kFloat), 1);
        return {-log_NK.gather(1, of.labels(numbers).unsqueeze(1)).mean(), {}, {}};
      };
      return {loss, {}};
    };
    const TrainTask task{.module = classifier,
                         .examples = images.size(),
                         .prepare = prepare,
                         .after_backward = {},
                         .after_step = {},
                         .rule = {}};
    train(task, training, context);
    classifier.train(false);
  }

  // On the CPU, in batches.
  Tensor scores(const AttentiveClassifier& classifier, const PatchTokens& of, const ImagePart& images,
                StageContext& context) const {
    const at::NoGradGuard no_grad;
    const auto batch = settings_.integer("batch_size");
    std::vector<Tensor> out;
    for (int64_t first = 0; first < images.size(); first += batch) {
      if (context.stop_requested()) throw Interrupted{};
      const auto begin = images.numbers.begin() + first;
      const std::vector<int64_t> numbers(begin, begin + std::min(batch, images.size() - first));
      out.push_back(classifier.scores(of.tokens(numbers)).to(at::kCPU, at::kFloat));
    }
    return at::cat(out);
  }

  Settings settings_;
  RateChoice rates_;
};

std::vector<Option> options() {
  auto out = finetune_options(/*epochs=*/20, /*batch_size=*/64, kRates, /*clip_norm=*/0);
  out.push_back(patch_stride_option());
  out.push_back(choice_option("pool", "aim", attentive_variants(),
                              "whose classifier: batch norm, keys, values (AIM); keys, values (CAPI); a transformer "
                              "block's (V-JEPA, timm)"));
  out.push_back(integer_option("heads", 8, 1, 4096, "of the attention; they divide the features of a patch"));
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "attentive_probe",
     .summary = "classifier on the frozen backbone's patch features, pooled by attention of a learned query",
     .version = 1,
     .task = "classification",
     .metrics = joined(all_accuracy_metrics(), rate_metrics("top1")),
     .options = options(),
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<AttentiveProbe>(settings);
     }});

}  // namespace
}  // namespace sslbench
