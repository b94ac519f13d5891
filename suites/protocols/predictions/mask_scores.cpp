// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/predictions/mask_scores.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "suites/ground/error.h"
#include "suites/metrics/bootstrap.h"
#include "suites/metrics/dense/enlarged_labels.h"
#include "suites/protocols/parts/sample_pictures.h"
#include "suites/protocols/parts/without_leaks.h"
#include "suites/protocols/predictions/evaluated_stream.h"
#include "suites/protocols/predictions/saved_predictions.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"

namespace sslbench {
namespace {

constexpr const char* kTask = "segmentation";
constexpr const char* kNoPixel = "no test pixel has a class";
constexpr const char* kCommonest = "the commonest training class, at every pixel";

// The commonest class of the training pixels everywhere.
SegmentationScores constant_answer(const ImageSet& train, const ImagePart& test, int classes) {
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

void add_sample(const Item& item, const Mask& found, StageRecord& record) {
  float scale = 1;
  Sample sample = make_sample(item, scale);
  sample.truth_boxes.clear();
  sample.found_mask = resize_mask(found, sample.height, sample.width, /*flip=*/false).labels;
  record.samples.push_back(std::move(sample));
}

void add_scores(const std::vector<ConfusionMatrix>& per_image, const ImageSet& train, const ImagePart& test,
                StageRecord& record) {
  const int64_t n = test.size();
  const auto classes = static_cast<int>(record.class_names.size());
  const SegmentationScores scores = scores_of(per_image, classes);
  record.add("miou", Split::test, scores.miou, n);
  record.add("pixel_accuracy", Split::test, scores.pixel_accuracy, n);
  SegmentationReplicates replicates = bootstrap_segmentation(per_image, kBootstrapReplicates);
  record.replicates["miou"] = std::move(replicates.miou);
  record.replicates["pixel_accuracy"] = std::move(replicates.pixel_accuracy);
  for (size_t c = 0; c < record.class_names.size(); ++c) {
    const bool absent = std::ranges::count(scores.absent_classes, static_cast<int>(c)) > 0;
    record.add("iou/" + record.class_names[c], Split::test,
               absent ? std::numeric_limits<double>::quiet_NaN() : scores.iou[c], n);
  }
  const SegmentationScores constant = constant_answer(train, test, classes);
  record.add_constant("miou", constant.miou, n);
  record.add_constant("pixel_accuracy", constant.pixel_accuracy, n);
}

void add_scores_without_leaks(const std::vector<ConfusionMatrix>& per_image, const Subject& subject,
                              const DatasetSpec& dataset, StageRecord& record) {
  const auto kept = places_without_leaks(subject, dataset, kTask);
  if (!kept) return;
  std::vector<ConfusionMatrix> some;
  for (const int64_t place : *kept) some.push_back(per_image[static_cast<size_t>(place)]);
  const SegmentationScores scores = scores_of(some, static_cast<int>(record.class_names.size()));
  const char* why = some.empty() ? "" : kNoPixel;
  record.add(std::string("miou") + kWithoutLeaks, Split::test, scores.miou, std::ssize(some), why);
  record.add(std::string("pixel_accuracy") + kWithoutLeaks, Split::test, scores.pixel_accuracy, std::ssize(some), why);
}

// Of the scores [1, K, h, w] of one picture.
Mask label_map(const at::Tensor& scores_NKhw, int height, int width) {
  const at::Tensor scores = scores_NKhw.to(at::kCPU, at::kFloat).contiguous();
  const auto size = [&](int64_t dim) { return static_cast<size_t>(scores.size(dim)); };
  return {height, width,
          enlarged_labels({scores.const_data_ptr<float>(), size(1), size(2), size(3)}, static_cast<size_t>(height),
                          static_cast<size_t>(width), static_cast<size_t>(at::get_num_threads()))};
}

}  // namespace

std::vector<ConfusionMatrix> mask_confusions(const MaskReader& reader, const ImagePart& images, StageContext& context,
                                             const OnLabelMap& on_map) {
  const at::NoGradGuard no_grad;
  std::vector<ConfusionMatrix> out;
  EvaluatedStream stream(
      0, images.size(), /*batch=*/1, int64_t{12} * reader.recipe.height * reader.recipe.width, context.device,
      [&](int64_t first, int64_t count) { return images.items(first, count); },
      [&](const Items& items) {
        return whole_images(items, reader.recipe.height, reader.recipe.width, reader.normalisation);
      });
  while (stream.more()) {
    if (context.stop_requested()) throw Interrupted{};
    const auto [i, items, x] = stream.next();
    const Item& item = *items.front();
    const at::Tensor scores = promoted(reader.scores(x));
    if (!scores.isfinite().all().item<bool>()) {
      throw RunFailure(FailureKind::non_finite, context.record.name + ": the scores of image " +
                                                    images.images.name(images.numbers[static_cast<size_t>(i)]) +
                                                    " are not finite");
    }
    const Mask map = label_map(scores, item.mask.height, item.mask.width);
    out.emplace_back(reader.classes);
    out.back().add(item.mask.labels, map.labels);
    if (on_map) on_map(i, item, map);
  }
  return out;
}

SegmentationScores scores_of(const std::vector<ConfusionMatrix>& per_image, int classes) {
  ConfusionMatrix total(classes);
  for (const ConfusionMatrix& each : per_image) total.add(each);
  return segmentation_scores(total);
}

std::vector<Metric> mask_metrics() {
  const std::vector<Metric> of_all_classes{
      {.name = "miou",
       .definition = "mean IoU over classes from one confusion matrix of all test pixels; ignored pixels left out, "
                     "a class predicted but absent counts 0",
       .constant_answer = kCommonest,
       .undefined_when = kNoPixel},
      {.name = "pixel_accuracy",
       .definition = "share of test pixels whose class is right, ignored pixels left out",
       .constant_answer = kCommonest,
       .undefined_when = kNoPixel}};
  const Metric of_one{.name = "iou/",
                      .definition = "intersection over union of the class in that confusion matrix",
                      .undefined_when = "no pixel of this class in the test masks"};
  return joined(joined(of_all_classes, {of_one}), without_leaks(of_all_classes));
}

void measure_masks(const MaskReader& reader, Subject& subject, const DatasetSpec& dataset, bool save,
                   StageContext& context) {
  const LoadedSplit& test_split = subject.data.split(dataset, Split::test, kTask);
  const ImagePart test = all_of(*test_split.images);
  const auto drawn = sample_numbers(test.size());
  context.record.class_names = test_split.mask_classes;
  std::optional<SavedPredictions> saved;
  if (save) saved.emplace(context).write_names(test);
  const auto per_image =
      mask_confusions(reader, test, context, [&](int64_t place, const Item& item, const Mask& found) {
        if (std::ranges::binary_search(drawn, place)) add_sample(item, found, context.record);
        if (saved) saved->write_label_map(place, found);
      });
  add_scores(per_image, *subject.data.split(dataset, Split::train, kTask).images, test, context.record);
  add_scores_without_leaks(per_image, subject, dataset, context.record);
}

}  // namespace sslbench
