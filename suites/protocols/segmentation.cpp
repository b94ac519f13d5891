// SPDX-License-Identifier: Apache-2.0
// segmentation: an FCN on the pretrained backbone, all of it fine-tuned (or the head alone); mIoU and pixel accuracy on
// the test set, at the size of the labels. Learning rate, schedule and batch are fixed beforehand and equal for every
// row.
#include <algorithm>
#include <limits>

#include "suites/ground/error.h"
#include "suites/metrics/bootstrap.h"
#include "suites/metrics/segmentation.h"
#include "suites/protocols/parts/sample_pictures.h"
#include "suites/protocols/parts/segmentation_losses.h"
#include "suites/protocols/parts/segmenter.h"
#include "suites/protocols/parts/trained_part.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench {
namespace {

constexpr const char* kNoPixel = "no test pixel has a class";
constexpr const char* kCommonest = "the commonest training class, at every pixel";

// The commonest class of the training pixels everywhere.
SegmentationScores constant_answer(const ImageSet& train, const ImageSet& test, int classes) {
  std::vector<int64_t> count(static_cast<size_t>(classes), 0);
  for (int64_t i = 0; i < train.size(); ++i) {
    const auto item = train.item(i);
    for (const uint8_t label : item->mask.labels) {
      if (label != Mask::kIgnore) ++count[label];
    }
  }
  const auto commonest = static_cast<uint8_t>(std::max_element(count.begin(), count.end()) - count.begin());
  ConfusionMatrix confusion(classes);
  for (int64_t i = 0; i < test.size(); ++i) {
    const auto item = test.item(i);
    const auto& truth = item->mask.labels;
    confusion.add(truth, std::vector<uint8_t>(truth.size(), commonest));
  }
  return segmentation_scores(confusion);
}

class Segmentation final : public Protocol {
 public:
  explicit Segmentation(const Settings& settings) : settings_(settings) {}

  void check(std::unique_ptr<Backbone> backbone) const override {
    at::Generator generator = at::detail::createCPUGenerator(0);
    Segmenter segmenter = make_segmenter(std::move(backbone), /*classes=*/2, generator);
    if (!steps_of_one(settings_)) return;
    const at::NoGradGuard no_grad;
    segmenter.train(true);
    const int64_t height = settings_.integer("height"), width = settings_.integer("width");
    segmenter.scores(at::zeros({1, 3, height, width}), height, width);
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const LoadedSplit& train_split = subject.data.split(dataset, Split::train, "segmentation");
    const ImageSet& train_images = *train_split.images;
    const DenseRecipe recipe = dense_recipe(settings_, train_images);
    const auto classes = static_cast<int64_t>(train_split.mask_classes.size());
    at::Generator generator = at::detail::createCPUGenerator(context.seed + (uint64_t{3} << 32));
    Segmenter segmenter = make_segmenter(subject.copy(), classes, generator);
    Tensor weights_K = at::ones({classes});
    weights_K[0] = settings_.real("background_weight");
    weights_K = weights_K.to(context.device);
    const bool with_dice = settings_.text("loss") == "ce_dice";
    const auto loss = [&](const DenseBatch& batch) -> Loss {
      const Tensor scores = segmenter.scores(batch.images_NCHW, recipe.height, recipe.width);
      const FullPrecision full;
      const Tensor cross_entropy = semantic_cross_entropy(scores, batch.masks_NHW, weights_K);
      if (!with_dice) return {cross_entropy, {}, {}};
      const Tensor dice = dice_loss(scores, batch.masks_NHW);
      return {cross_entropy + dice, {{"cross_entropy", cross_entropy}, {"dice", dice}}, {}};
    };
    finetune(segmenter, train_images, recipe, subject.normalisation, settings_, loss, context);
    evaluate(segmenter, recipe, subject, dataset, context);
  }

 private:
  Segmenter make_segmenter(std::unique_ptr<Backbone> backbone, int64_t classes, at::Generator& generator) const {
    return {trained_part(std::move(backbone), settings_, "segmentation"), classes, settings_.integer("channels"),
            settings_.integer("min_stride"), generator};
  }

  // Each image is scored at the size of its own label map; one at a time, since sizes may differ.
  void evaluate(const Segmenter& segmenter, const DenseRecipe& recipe, Subject& subject, const DatasetSpec& dataset,
                StageContext& context) const {
    const at::NoGradGuard no_grad;
    const LoadedSplit& test_split = subject.data.split(dataset, Split::test, "segmentation");
    const ImageSet& images = *test_split.images;
    const auto classes = static_cast<int>(test_split.mask_classes.size());
    const auto drawn = sample_numbers(images.size());
    context.record.class_names = test_split.mask_classes;
    ConfusionMatrix total(classes);
    std::vector<ConfusionMatrix> per_image;
    for (int64_t i = 0; i < images.size(); ++i) {
      if (context.stop_requested()) throw Interrupted{};
      const Items items = take_items(images, i, 1);
      const Item& item = *items.front();
      const Tensor x = whole_images(items, recipe.height, recipe.width, subject.normalisation);
      const Tensor scores = segmenter.scores(x.to(context.device), item.mask.height, item.mask.width);
      if (!scores.isfinite().all().item<bool>()) {
        throw RunFailure(FailureKind::non_finite,
                         context.record.name + ": the scores of test image " + std::to_string(i) + " are not finite");
      }
      const Tensor labels = scores.argmax(1).to(at::kCPU, at::kByte).contiguous();
      const uint8_t* found = labels.const_data_ptr<uint8_t>();
      per_image.emplace_back(classes);
      per_image.back().add(item.mask.labels, {found, item.mask.labels.size()});
      total.add(per_image.back());
      if (std::binary_search(drawn.begin(), drawn.end(), i)) add_sample(item, found, context.record);
    }
    add_scores(total, per_image, *subject.data.split(dataset, Split::train, "segmentation").images, images,
               context.record);
  }

  static void add_sample(const Item& item, const uint8_t* found, StageRecord& record) {
    float scale = 1;
    Sample sample = make_sample(item, scale);
    sample.truth_boxes.clear();
    const Mask predicted{item.mask.height, item.mask.width, {found, found + item.mask.labels.size()}};
    sample.found_mask = resize_mask(predicted, sample.height, sample.width, /*flip=*/false).labels;
    record.samples.push_back(std::move(sample));
  }

  static void add_scores(const ConfusionMatrix& total, const std::vector<ConfusionMatrix>& per_image,
                         const ImageSet& train_images, const ImageSet& images, StageRecord& record) {
    const int64_t n = images.size();
    const SegmentationScores scores = segmentation_scores(total);
    record.add("miou", Split::test, scores.miou, n);
    record.add("pixel_accuracy", Split::test, scores.pixel_accuracy, n);
    SegmentationReplicates replicates = bootstrap_segmentation(per_image, kBootstrapReplicates);
    record.replicates["miou"] = std::move(replicates.miou);
    record.replicates["pixel_accuracy"] = std::move(replicates.pixel_accuracy);
    for (size_t c = 0; c < record.class_names.size(); ++c) {
      const bool absent = std::find(scores.absent_classes.begin(), scores.absent_classes.end(), static_cast<int>(c)) !=
                          scores.absent_classes.end();
      record.add("iou/" + record.class_names[c], Split::test,
                 absent ? std::numeric_limits<double>::quiet_NaN() : scores.iou[c], n);
    }
    const SegmentationScores constant = constant_answer(train_images, images, total.classes());
    record.add_constant("miou", constant.miou, n);
    record.add_constant("pixel_accuracy", constant.pixel_accuracy, n);
  }

  Settings settings_;
};

std::vector<Option> options() {
  auto out = finetune_options(/*epochs=*/20, /*batch_size=*/16, /*learning_rate=*/2e-3, /*clip_norm=*/10);
  out.push_back(integer_option("channels", 64, 1, 4096, "of the head"));
  out.push_back(integer_option("min_stride", 4, 1, 128, "finest map that is used"));
  out.push_back(choice_option("loss", "ce", {"ce", "ce_dice"}, "cross-entropy; or with the Dice loss added"));
  out.push_back(real_option("background_weight", 1, 0, 1e3, "weight of class 0 in the cross-entropy"));
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "segmentation",
     .summary = "FCN on the pretrained backbone, fine-tuned at one fixed learning rate; mIoU",
     .version = 1,
     .task = "segmentation",
     .metrics = {{.name = "miou",
                  .definition = "mean IoU over classes from one confusion matrix of all test pixels; ignored pixels "
                                "left out, a class predicted but absent counts 0",
                  .constant_answer = kCommonest,
                  .undefined_when = kNoPixel},
                 {.name = "pixel_accuracy",
                  .definition = "share of test pixels whose class is right, ignored pixels left out",
                  .constant_answer = kCommonest,
                  .undefined_when = kNoPixel},
                 {.name = "iou/",
                  .definition = "intersection over union of the class in that confusion matrix",
                  .undefined_when = "no pixel of this class in the test masks"}},
     .options = options(),
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Segmentation>(settings);
     }});

}  // namespace
}  // namespace sslbench
