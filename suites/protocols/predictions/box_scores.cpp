// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/predictions/box_scores.h"

#include <algorithm>
#include <array>
#include <limits>

#include "suites/metrics/bootstrap.h"
#include "suites/protocols/parts/without_leaks.h"

namespace sslbench {
namespace {

constexpr const char* kNoBox = "no box to find in the test images";
constexpr const char* kMeanBox = "the mean training box with the commonest class, in every image";
constexpr const char* kNoBoxOfClass = "no box of this class in the test images";

double defined(double score) { return score < 0 ? std::numeric_limits<double>::quiet_NaN() : score; }

CocoTruth truth_of(const Box& box, int64_t image, int64_t id) {
  const double w = static_cast<double>(box.x1) - box.x0, h = static_cast<double>(box.y1) - box.y0;
  return {image, id, box.label + 1, {box.x0, box.y0, w, h}, w * h, box.difficult};
}

// The constant answer: in every image the mean training box (in shares of the image) with the commonest class.
std::vector<CocoDetection> constant_answer(const ImageSet& train, const ImagePart& test, size_t classes) {
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

// x, y, width, height in continuous pixels as the first and the last pixel, counted from 1, as VOC's files have them.
std::array<double, 4> inclusive(const std::array<double, 4>& box) {
  return {box[0] + 1, box[1] + 1, box[0] + box[2], box[1] + box[3]};
}

// Named by what of them is measured.
struct BoxScores {
  CocoScores coco;
  VocScores area, eleven;

  explicit BoxScores(const CocoInput& input)
      : coco(coco_scores(input)),
        area(voc_scores(input, VocArea::under_curve)),
        eleven(voc_scores(input, VocArea::eleven_point)) {}

  std::vector<std::pair<std::string, double>> values() const {
    return {{"ap", defined(coco.ap)}, {"ap50", defined(coco.ap50)}, {"ap75", defined(coco.ap75)},
            {"voc_ap50", area.map50}, {"voc07_ap50", eleven.map50}, {"voc07_ap", eleven.map}};
  }
};

Metric box_metric(const char* name, const char* definition, bool headline) {
  return {.name = name,
          .definition = definition,
          .constant_answer = kMeanBox,
          .undefined_when = kNoBox,
          .headline = headline};
}

}  // namespace

CocoInput coco_truth(const ImagePart& images, size_t classes) {
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

double box_ap(const CocoInput& input) { return defined(coco_scores(input).ap); }

VocScores voc_scores(const CocoInput& input, VocArea area) {
  std::vector<VocTruth> truths;
  std::vector<VocDetection> detections;
  for (const CocoTruth& truth : input.truths) {
    truths.push_back(
        {static_cast<size_t>(truth.image), static_cast<size_t>(truth.category - 1), inclusive(truth.box), truth.crowd});
  }
  for (const CocoDetection& found : input.detections) {
    detections.push_back(
        {static_cast<size_t>(found.image), static_cast<size_t>(found.category - 1), inclusive(found.box), found.score});
  }
  return voc_scores(truths, detections, input.categories.size(), area);
}

std::vector<Metric> box_metrics() {
  const std::vector<Metric> out{
      box_metric("ap", "COCO box AP as pycocotools computes it: mean over IoU 0.50 to 0.95, 101 recalls and classes",
                 true),
      box_metric("ap50", "COCO box AP at IoU 0.50", true),
      box_metric("ap75", "COCO box AP at IoU 0.75", true),
      box_metric("voc_ap50",
                 "Pascal VOC's box AP at IoU 0.50 as detectron2 computes it, without its rounding of scores and "
                 "boxes: area under the envelope of precision (VOC 2010 on), mean over classes",
                 false),
      box_metric("voc07_ap50", "the same with the mean precision at eleven recalls (VOC 2007)", false),
      box_metric("voc07_ap",
                 "the mean of voc07_ap50 and its like at IoU 0.55 to 0.95, as tables of VOC detection print it",
                 false)};
  return joined(out, without_leaks(out));
}

void add_box_scores(CocoInput input, const ImageSet& train, const ImagePart& test, StageRecord& record) {
  const BoxScores scores(input);
  const int64_t n = test.size();
  for (const auto& [name, value] : scores.values()) record.add(name, Split::test, value, n);
  ApReplicates replicates = bootstrap_ap(input, kBootstrapReplicates);
  record.replicates["ap"] = std::move(replicates.ap);
  record.replicates["ap50"] = std::move(replicates.ap50);
  record.replicates["ap75"] = std::move(replicates.ap75);
  for (const CategoryAp& category : scores.coco.per_category) {
    const std::string& name = record.class_names[static_cast<size_t>(category.category - 1)];
    record.add("ap50/" + name, Split::test, defined(category.ap50), n, kNoBoxOfClass);
  }
  input.detections = constant_answer(train, test, record.class_names.size());
  for (const auto& [name, value] : BoxScores(input).values()) record.add_constant(name, value, n);
}

void add_box_scores_without_leaks(CocoInput input, const Subject& subject, const DatasetSpec& dataset,
                                  StageRecord& record) {
  const auto kept = places_without_leaks(subject, dataset, "detection");
  if (!kept) return;
  const auto leaked = [&](const auto& of) { return !std::ranges::binary_search(*kept, of.image); };
  std::erase_if(input.truths, leaked);
  std::erase_if(input.detections, leaked);
  input.images = *kept;
  const char* why = kept->empty() ? "" : kNoBox;
  for (const auto& [name, value] : BoxScores(input).values()) {
    record.add(name + kWithoutLeaks, Split::test, value, std::ssize(*kept), why);
  }
}

}  // namespace sslbench
