// SPDX-License-Identifier: Apache-2.0
// detection: an FCOS detector on the pretrained backbone, all of it fine-tuned (or the head alone); average precision
// on the test set. Schedule and batch are fixed beforehand and equal for every row; the learning rate is chosen among
// the same ones on the same held-out training images. "FCOS transfer": never to be put beside published numbers of
// two-stage detectors.
#include <algorithm>
#include <functional>

#include "suites/protocols/fine_tuning/chosen_rate.h"
#include "suites/protocols/parts/detector.h"
#include "suites/protocols/parts/sample_pictures.h"
#include "suites/protocols/parts/trained_part.h"
#include "suites/protocols/predictions/box_scores.h"
#include "suites/protocols/predictions/evaluated_stream.h"
#include "suites/protocols/predictions/saved_predictions.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr float kDrawnScore = 0.3f;  // boxes below it are left out of the pictures

// Around the one rate of version 1, 1e-3: up to where rows that start from nothing learn fastest.
const std::vector<double> kRates{1e-3, 3e-3, 1e-2};

DetectorSettings detector_settings(const Settings& settings) {
  DetectorSettings out;
  out.channels = settings.integer("channels");
  out.convs = settings.integer("convs");
  out.min_stride = settings.integer("min_stride");
  out.levels = settings.integer("levels");
  out.p6_from_c5 = settings.text("p6_from") == "c5";
  out.size_factor = settings.real("size_factor");
  out.score_threshold = settings.real("score_threshold");
  out.nms_threshold = settings.real("nms_threshold");
  out.keep = settings.integer("keep");
  return out;
}

// An example with what was found on it, in its own pixels.
using OnBoxes = std::function<void(int64_t place, const Item& item, const std::vector<ScoredBox>& boxes)>;

void add_sample(const Item& item, const std::vector<ScoredBox>& boxes, StageRecord& record) {
  float scale = 1;
  Sample sample = make_sample(item, scale);
  sample.truth_mask.clear();
  for (const ScoredBox& box : boxes) {
    if (box.score < kDrawnScore) continue;
    sample.found_boxes.push_back(
        {box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale, box.label, box.score});
  }
  record.samples.push_back(std::move(sample));
}

class Detection final : public Protocol {
 public:
  explicit Detection(const Settings& settings)
      : settings_(settings),
        detector_(detector_settings(settings)),
        rates_(rate_choice(settings, "detection", kRates)) {}

  void check(std::unique_ptr<Backbone> backbone) const override {
    at::Generator generator = at::detail::createCPUGenerator(0);
    Detector detector(trained_part(std::move(backbone), settings_, "detection"), /*classes=*/1, detector_, generator);
    if (!steps_of_one(settings_)) return;
    const at::NoGradGuard no_grad;
    detector.train(true);
    DenseBatch batch;
    batch.images_NCHW = at::zeros({1, 3, settings_.integer("height"), settings_.integer("width")});
    batch.boxes.resize(1);
    detector.loss(batch);
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const LoadedSplit& split = subject.data.split(dataset, Split::train, "detection");
    const DenseRecipe recipe = dense_recipe(settings_, *split.images);
    const size_t classes = split.classes.size();
    const auto trained = [&](const ImagePart& images, const TrainSettings& training, StageContext& at) {
      return fine_tuned(subject, classes, images, recipe, training, at);
    };
    TrainSettings training = finetune_settings(settings_, context.device);
    const RateTrial trial = [&](const ImagePart& kept, const ImagePart& out, const TrainSettings& at_rate,
                                StageContext& at) {
      const auto detector = trained(kept, at_rate, at);
      CocoInput input = coco_truth(out, classes);
      input.detections = found(*detector, out, recipe, subject.normalisation, at, {});
      return box_ap(input);
    };
    choose_rate(all_of(*split.images), rates_, "ap", trial, training, context);
    const auto detector = trained(all_of(*split.images), training, context);
    evaluate(*detector, recipe, subject, dataset, context);
    mark_version(rates_, context.record);
  }

 private:
  // Always from the pretrained weights and the same first head.
  std::unique_ptr<Detector> fine_tuned(Subject& subject, size_t classes, const ImagePart& images,
                                       const DenseRecipe& recipe, const TrainSettings& training,
                                       StageContext& context) const {
    at::Generator generator = at::detail::createCPUGenerator(context.seed + (uint64_t{2} << 32));
    auto detector = std::make_unique<Detector>(trained_part(subject.copy(), settings_, "detection"),
                                               static_cast<int64_t>(classes), detector_, generator);
    finetune(
        *detector, images, recipe, subject.normalisation, training,
        [&](const DenseBatch& batch) { return detector->loss(batch); }, context);
    return detector;
  }

  // On images in their own pixels, numbered by their places.
  std::vector<CocoDetection> found(const Detector& detector, const ImagePart& images, const DenseRecipe& recipe,
                                   const Normalisation& normalisation, StageContext& context,
                                   const OnBoxes& on_boxes) const {
    std::vector<CocoDetection> out;
    const auto batch = settings_.integer("batch_size");
    EvaluatedStream stream(
        0, images.size(), batch, int64_t{12} * recipe.height * recipe.width, context.device,
        [&](int64_t first, int64_t count) { return images.items(first, count); },
        [&](const Items& items) { return whole_images(items, recipe.height, recipe.width, normalisation); });
    while (stream.more()) {
      if (context.stop_requested()) throw Interrupted{};
      const auto [first, items, x] = stream.next();
      auto boxes_of = detector.detect(x);
      for (size_t n = 0; n < items.size(); ++n) {
        const int64_t place = first + static_cast<int64_t>(n);
        const float to_x = static_cast<float>(items[n]->image.width) / static_cast<float>(recipe.width);
        const float to_y = static_cast<float>(items[n]->image.height) / static_cast<float>(recipe.height);
        for (ScoredBox& box : boxes_of[n]) {
          box.x0 *= to_x, box.x1 *= to_x, box.y0 *= to_y, box.y1 *= to_y;
          out.push_back({place, box.label + 1, {box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0}, box.score});
        }
        if (on_boxes) on_boxes(place, *items[n], boxes_of[n]);
      }
    }
    return out;
  }

  void evaluate(const Detector& detector, const DenseRecipe& recipe, Subject& subject, const DatasetSpec& dataset,
                StageContext& context) const {
    const LoadedSplit& split = subject.data.split(dataset, Split::test, "detection");
    const ImagePart test = all_of(*split.images);
    const auto drawn = sample_numbers(test.size());
    context.record.class_names = split.classes;
    CocoInput input = coco_truth(test, split.classes.size());
    input.detections = found(detector, test, recipe, subject.normalisation, context,
                             [&](int64_t place, const Item& item, const std::vector<ScoredBox>& boxes) {
                               if (std::ranges::binary_search(drawn, place)) add_sample(item, boxes, context.record);
                             });
    if (settings_.flag("save_predictions")) SavedPredictions(context).write_boxes(input, test, split.classes);
    add_box_scores(input, *subject.data.split(dataset, Split::train, "detection").images, test, context.record);
    add_box_scores_without_leaks(std::move(input), subject, dataset, context.record);
  }

  Settings settings_;
  DetectorSettings detector_;
  RateChoice rates_;
};

std::vector<Option> options() {
  auto out = finetune_options(/*epochs=*/12, /*batch_size=*/16, kRates, /*clip_norm=*/10);
  for (const Option& option : dense_view_options()) out.push_back(option);
  out.push_back(trained_part_option());
  out.push_back(integer_option("channels", 64, 1, 4096, "of the feature pyramid and the head"));
  out.push_back(integer_option("convs", 2, 0, 16, "3x3 convolutions of each tower of the head"));
  out.push_back(integer_option("min_stride", 4, 1, 128, "finest map that is used"));
  out.push_back(integer_option("levels", 3, 1, 5, "maps that predict; missing coarse ones are added (at most two)"));
  out.push_back(choice_option("p6_from", "p5", {"p5", "c5"},
                              "where added coarse maps start: the pyramid's coarsest (FCOS) or the backbone's "
                              "(RetinaNet)"));
  out.push_back(real_option("size_factor", 4, 0.1, 100,
                            "a level of stride s learns boxes of s*factor < longest distance < 2*s*factor (FCOS: 4)"));
  out.push_back(real_option("score_threshold", 0.05, 0, 1, "of sqrt(class * centre-ness)"));
  out.push_back(real_option("nms_threshold", 0.6, 0, 1, "IoU above which a box of the same class falls"));
  out.push_back(integer_option("keep", 100, 1, 1000, "boxes kept an image"));
  out.push_back(save_predictions_option());
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "detection",
     .summary = "FCOS on the pretrained backbone, fine-tuned at a rate chosen on held-out training images; COCO AP",
     .version = 1,
     .task = "detection",
     .metrics = joined(box_metrics(), rate_metrics("ap")),
     .options = options(),
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Detection>(settings);
     }});

}  // namespace
}  // namespace sslbench
