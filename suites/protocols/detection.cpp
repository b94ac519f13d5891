// SPDX-License-Identifier: Apache-2.0
// detection: an FCOS detector on the pretrained backbone, all of it fine-tuned (or the head alone); COCO average
// precision on the test set. Learning rate, schedule and batch are fixed beforehand and equal for every row. "FCOS
// transfer": never to be put beside published numbers of two-stage detectors.
#include <algorithm>
#include <cmath>
#include <limits>

#include "suites/metrics/bootstrap.h"
#include "suites/metrics/coco_ap.h"
#include "suites/protocols/parts/detector.h"
#include "suites/protocols/parts/sample_pictures.h"
#include "suites/protocols/parts/trained_part.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr float kDrawnScore = 0.3f;  // boxes below it are left out of the pictures
constexpr const char* kNoBox = "no box to find in the test images";
constexpr const char* kMeanBox = "the mean training box with the commonest class, in every image";
constexpr const char* kNoBoxOfClass = "no box of this class in the test images";

// pycocotools says -1 where there is no truth to find.
double defined(double score) { return score < 0 ? std::numeric_limits<double>::quiet_NaN() : score; }

CocoTruth truth_of(const Box& box, int64_t image, int64_t id) {
  const double w = static_cast<double>(box.x1) - box.x0, h = static_cast<double>(box.y1) - box.y0;
  return {image, id, box.label + 1, {box.x0, box.y0, w, h}, w * h, box.difficult};
}

// The test set as COCO truth: images 0.., ids from 1, categories from 1; difficult boxes are ignored as crowds are.
CocoInput truth_of(const ImageSet& images, size_t classes) {
  CocoInput input;
  for (int64_t i = 0; i < images.size(); ++i) {
    input.images.push_back(i);
    const auto item = images.item(i);
    for (const Box& box : item->boxes) {
      input.truths.push_back(truth_of(box, i, static_cast<int64_t>(input.truths.size()) + 1));
    }
  }
  for (size_t c = 0; c < classes; ++c) input.categories.push_back(static_cast<int64_t>(c) + 1);
  return input;
}

// The constant answer: in every image the mean training box (in shares of the image) with the commonest class.
std::vector<CocoDetection> constant_answer(const ImageSet& train, const ImageSet& test, size_t classes) {
  std::array<double, 4> mean{};
  std::vector<int64_t> count(classes, 0);
  double boxes = 0;
  for (int64_t i = 0; i < train.size(); ++i) {
    const auto item = train.item(i);
    const Image& image = item->image;
    for (const Box& box : item->boxes) {
      const std::array<double, 4> share{box.x0 / image.width, box.y0 / image.height, box.x1 / image.width,
                                        box.y1 / image.height};
      for (size_t side = 0; side < 4; ++side) mean[side] += share[side];
      ++count[static_cast<size_t>(box.label)];
      ++boxes;
    }
  }
  if (boxes == 0) return {};
  const auto commonest = std::max_element(count.begin(), count.end()) - count.begin();
  std::vector<CocoDetection> out;
  for (int64_t i = 0; i < test.size(); ++i) {
    const auto item = test.item(i);
    const double w = item->image.width / boxes, h = item->image.height / boxes;
    out.push_back({i, commonest + 1, {mean[0] * w, mean[1] * h, (mean[2] - mean[0]) * w, (mean[3] - mean[1]) * h}, 1});
  }
  return out;
}

class Detection final : public Protocol {
 public:
  explicit Detection(const Settings& settings) : settings_(settings) {
    detector_.channels = settings.integer("channels");
    detector_.convs = settings.integer("convs");
    detector_.min_stride = settings.integer("min_stride");
    detector_.levels = settings.integer("levels");
    detector_.p6_from_c5 = settings.text("p6_from") == "c5";
    detector_.size_factor = settings.real("size_factor");
    detector_.score_threshold = settings.real("score_threshold");
    detector_.nms_threshold = settings.real("nms_threshold");
    detector_.keep = settings.integer("keep");
  }

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
    const LoadedSplit& train_split = subject.data.split(dataset, Split::train, "detection");
    const ImageSet& train_images = *train_split.images;
    const DenseRecipe recipe = dense_recipe(settings_, train_images);
    at::Generator generator = at::detail::createCPUGenerator(context.seed + (uint64_t{2} << 32));
    Detector detector(trained_part(subject.copy(), settings_, "detection"),
                      static_cast<int64_t>(train_split.classes.size()), detector_, generator);
    finetune(
        detector, train_images, recipe, subject.normalisation, settings_,
        [&](const DenseBatch& batch) { return detector.loss(batch); }, context);
    evaluate(detector, recipe, subject, dataset, context);
  }

 private:
  void evaluate(const Detector& detector, const DenseRecipe& recipe, Subject& subject, const DatasetSpec& dataset,
                StageContext& context) const {
    const LoadedSplit& test_split = subject.data.split(dataset, Split::test, "detection");
    const ImageSet& images = *test_split.images;
    const auto drawn = sample_numbers(images.size());
    CocoInput input = truth_of(images, test_split.classes.size());
    context.record.class_names = test_split.classes;
    const auto batch = settings_.integer("batch_size");
    for (int64_t first = 0; first < images.size(); first += batch) {
      if (context.stop_requested()) throw Interrupted{};
      const int64_t count = std::min(batch, images.size() - first);
      const Items items = take_items(images, first, count);
      const Tensor x = whole_images(items, recipe.height, recipe.width, subject.normalisation);
      const auto found = detector.detect(x.to(context.device));
      for (int64_t n = 0; n < count; ++n) {
        const Item& item = *items[static_cast<size_t>(n)];
        const float to_x = static_cast<float>(item.image.width) / static_cast<float>(recipe.width);
        const float to_y = static_cast<float>(item.image.height) / static_cast<float>(recipe.height);
        std::vector<ScoredBox> boxes = found[static_cast<size_t>(n)];
        for (ScoredBox& box : boxes) {
          box.x0 *= to_x, box.x1 *= to_x, box.y0 *= to_y, box.y1 *= to_y;
          input.detections.push_back(
              {first + n, box.label + 1, {box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0}, box.score});
        }
        if (std::binary_search(drawn.begin(), drawn.end(), first + n)) add_sample(item, boxes, context.record);
      }
    }
    add_scores(input, *subject.data.split(dataset, Split::train, "detection").images, images, context.record);
  }

  static void add_sample(const Item& item, const std::vector<ScoredBox>& boxes, StageRecord& record) {
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

  static void add_scores(CocoInput& input, const ImageSet& train_images, const ImageSet& images, StageRecord& record) {
    const CocoScores scores = coco_scores(input);
    const int64_t n = images.size();
    record.add("ap", Split::test, defined(scores.ap), n);
    record.add("ap50", Split::test, defined(scores.ap50), n);
    record.add("ap75", Split::test, defined(scores.ap75), n);
    ApReplicates replicates = bootstrap_ap(input, kBootstrapReplicates);
    record.replicates["ap"] = std::move(replicates.ap);
    record.replicates["ap50"] = std::move(replicates.ap50);
    record.replicates["ap75"] = std::move(replicates.ap75);
    for (const CategoryAp& category : scores.per_category) {
      const std::string& name = record.class_names[static_cast<size_t>(category.category - 1)];
      record.add("ap50/" + name, Split::test, defined(category.ap50), n, kNoBoxOfClass);
    }
    input.detections = constant_answer(train_images, images, record.class_names.size());
    const CocoScores constant = coco_scores(input);
    record.add_constant("ap", defined(constant.ap), n);
    record.add_constant("ap50", defined(constant.ap50), n);
    record.add_constant("ap75", defined(constant.ap75), n);
  }

  Settings settings_;
  DetectorSettings detector_;
};

std::vector<Option> options() {
  auto out = finetune_options(/*epochs=*/12, /*batch_size=*/16, /*learning_rate=*/1e-3, /*clip_norm=*/10);
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
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "detection",
     .summary = "FCOS on the pretrained backbone, fine-tuned at one fixed learning rate; COCO AP",
     .version = 1,
     .task = "detection",
     .metrics = {{.name = "ap",
                  .definition = "COCO box AP as pycocotools computes it: mean over IoU 0.50 to 0.95, 101 recalls and "
                                "classes",
                  .constant_answer = kMeanBox,
                  .undefined_when = kNoBox},
                 {.name = "ap50",
                  .definition = "COCO box AP at IoU 0.50",
                  .constant_answer = kMeanBox,
                  .undefined_when = kNoBox},
                 {.name = "ap75",
                  .definition = "COCO box AP at IoU 0.75",
                  .constant_answer = kMeanBox,
                  .undefined_when = kNoBox}},
     .options = options(),
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Detection>(settings);
     }});

}  // namespace
}  // namespace sslbench
