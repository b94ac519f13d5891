// SPDX-License-Identifier: Apache-2.0
// sslbench score: boxes, masks and label maps.
#include <algorithm>
#include <functional>
#include <map>

#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/printable.h"
#include "suites/metrics/coco_file.h"
#include "suites/metrics/segmentation.h"
#include "suites/metrics/voc_ap.h"

namespace sslbench {
namespace {

using nlohmann::json;

std::vector<uint8_t> label_map(const json& input, const char* name, size_t pixels) {
  const std::vector<int64_t> values = exact_integers_at(input, name);
  if (values.size() != pixels) {
    throw UserError("'" + std::string(name) + "' has " + std::to_string(values.size()) + " pixels; the shape says " +
                    std::to_string(pixels));
  }
  std::vector<uint8_t> out;
  for (const int64_t value : values) {
    if (value < 0 || value > 255) {
      throw UserError("'" + std::string(name) + "' holds " + std::to_string(value) +
                      "; expected class ids 0 to 254, or "
                      "255 for pixels to ignore");
    }
    out.push_back(static_cast<uint8_t>(value));
  }
  return out;
}

json confusion_json(const ConfusionMatrix& confusion) {
  json out = json::array();
  for (int t = 0; t < confusion.classes(); ++t) {
    json row = json::array();
    for (int p = 0; p < confusion.classes(); ++p) row.push_back(confusion.at(t, p));
    out.push_back(row);
  }
  return out;
}

json segmentation_json(const ConfusionMatrix& confusion, const BoundaryIou& boundary, int radius) {
  const SegmentationScores scores = segmentation_scores(confusion);
  return {{"confusion", confusion_json(confusion)},
          {"iou", numbers_or_null(scores.iou)},
          {"accuracy_per_class", numbers_or_null(scores.accuracy_per_class)},
          {"pixel_accuracy", number_or_null(scores.pixel_accuracy)},
          {"miou", number_or_null(scores.miou)},
          {"miou_present_only", number_or_null(scores.miou_present_only)},
          {"mean_accuracy", number_or_null(scores.mean_accuracy)},
          {"fwiou", number_or_null(scores.fwiou)},
          {"absent_classes", scores.absent_classes},
          {"boundary_radius", radius},
          {"boundary_iou", numbers_or_null(boundary.iou())},
          {"mean_boundary_iou", number_or_null(boundary.mean())}};
}

// Of masks that are stored as 0 and 255 only class 0 is left, and whatever is predicted scores 100 %.
void refuse_binary_masks(const std::vector<uint8_t>& truth) {
  const auto background = std::count(truth.begin(), truth.end(), uint8_t{0}),
             ignored = std::count(truth.begin(), truth.end(), uint8_t{255});
  if (background == 0 || ignored == 0 || background + ignored != std::ssize(truth)) return;
  throw UserError(
      "'label' holds 0 and 255 only: 255 is void, so that one class is left and nothing can be wrong; write the "
      "classes of binary masks as 0 and 1");
}

json miou(const json& settings, const json& input) {
  const std::vector<int64_t> shape = exact_integers_at(input, "shape");
  constexpr int64_t kMost = int64_t{1} << 20;
  const bool fits = std::all_of(shape.begin(), shape.end(), [](int64_t side) { return side >= 1 && side <= kMost; });
  if (shape.size() != 3 || !fits)
    throw UserError("'shape' is " + short_value(input.at("shape")) + "; expected [N, H, W]");
  const size_t image = static_cast<size_t>(shape[1]) * static_cast<size_t>(shape[2]);
  const size_t pixels = static_cast<size_t>(shape[0]) * image;
  const std::vector<uint8_t> truth = label_map(input, "label", pixels), found = label_map(input, "prediction", pixels);
  const int classes = static_cast<int>(integer_at(settings, "classes", 2, 255));
  refuse_binary_masks(truth);
  const int height = static_cast<int>(shape[1]), width = static_cast<int>(shape[2]);
  ConfusionMatrix confusion(classes);
  BoundaryIou boundary(classes);
  confusion.add(truth, found);
  for (size_t first = 0; first < pixels; first += image) {
    boundary.add(height, width, std::span(truth).subspan(first, image), std::span(found).subspan(first, image));
  }
  return segmentation_json(confusion, boundary, BoundaryIou::radius(height, width));
}

using Numbers = std::map<std::string, size_t>;

size_t number_of(const Numbers& numbers, const std::string& name, const char* what) {
  const auto found = numbers.find(name);
  if (found == numbers.end()) throw UserError(std::string(what) + " '" + name + "' is not listed");
  return found->second;
}

// Names may be numbers.
std::string name_at(const json& entry, const char* key) {
  const json& name = entry.at(key);
  return name.is_string() ? name.get<std::string>() : name.dump();
}

// x1, y1, x2, y2 of the first and the last pixel.
std::array<double, 4> corners_at(const json& entry) {
  const std::array<double, 4> box = four_numbers_at(entry, "bbox");
  if (box[2] >= box[0] && box[3] >= box[1]) return box;
  throw UserError("'bbox' is " + short_value(entry.at("bbox")) +
                  "; expected x1, y1, x2, y2 with x2 >= x1 and y2 >= y1");
}

// Runs `read` over the entries of a list; what goes wrong is said with the entry's place.
void for_each_entry(const json& parent, const char* key, const std::function<void(const json&)>& read) {
  const json& list = parent.at(key);
  if (!list.is_array()) throw UserError("'" + std::string(key) + "' is no list");
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string place = std::string(key) + "[" + std::to_string(i) + "]: ";
    try {
      read(list[i]);
    } catch (const json::exception& error) {
      throw UserError(place + json_mistake(error));
    } catch (const UserError& error) {
      throw UserError(place + error.what());
    }
  }
}

struct VocCase {
  std::vector<std::string> classes;
  std::vector<VocTruth> truths;
  std::vector<VocDetection> detections;
};

VocCase read_voc(const json& input) {
  VocCase out{input.at("classes").get<std::vector<std::string>>(), {}, {}};
  Numbers classes, images;
  for (const std::string& name : out.classes) classes.emplace(name, classes.size());
  for_each_entry(input, "images", [&](const json& image) {
    const size_t number = images.size();
    if (!images.emplace(name_at(image, "id"), number).second) {
      throw UserError("image '" + name_at(image, "id") + "' comes twice");
    }
    for_each_entry(image, "objects", [&](const json& object) {
      out.truths.push_back({number, number_of(classes, name_at(object, "class"), "the class"), corners_at(object),
                            exact_flag_at(object, "difficult", false)});
    });
  });
  for_each_entry(input, "detections", [&](const json& detection) {
    out.detections.push_back({number_of(images, name_at(detection, "image"), "a detection's image"),
                              number_of(classes, name_at(detection, "class"), "a detection's class"),
                              corners_at(detection), exact_number_at(detection, "score")});
  });
  return out;
}

json voc_json(const VocCase& voc, VocArea area) {
  const VocScores scores = voc_scores(voc.truths, voc.detections, voc.classes.size(), area);
  json per_class = json::object();
  for (size_t c = 0; c < voc.classes.size(); ++c) {
    per_class[voc.classes[c]] = numbers_or_null({scores.per_category[c].begin(), scores.per_category[c].end()});
  }
  return {{"per_class", per_class},
          {"mAP50", number_or_null(scores.map50)},
          {"mAP75", number_or_null(scores.map75)},
          {"mAP", number_or_null(scores.map)}};
}

json voc(const json&, const json& input) {
  const VocCase read = read_voc(input);
  return {{"area", voc_json(read, VocArea::under_curve)}, {"11point", voc_json(read, VocArea::eleven_point)}};
}

json masks(const json&, const json& input) {
  const auto height = integer_at(input, "height", 1, kLargestMaskSide);
  const auto width = integer_at(input, "width", 1, kLargestMaskSide);
  const RunLengthMask mask = mask_from_json(input.at("polygons"), height, width);
  json out = {
      {"counts", mask.counts}, {"string", mask_string(mask)}, {"area", mask_area(mask)}, {"bbox", mask_box(mask)}};
  if (input.contains("string")) {  // the way back as well
    const RunLengthMask read = mask_from_string(input.at("string").get<std::string>(), height, width);
    if (read.counts != mask.counts) out["counts"] = read.counts;
  }
  if (!input.contains("other_string")) return out;
  const RunLengthMask other = mask_from_string(input.at("other_string").get<std::string>(), height, width);
  out["iou"] = mask_iou(mask, other, false);
  out["iou_crowd"] = mask_iou(mask, other, true);
  return out;
}

using Settings = std::vector<ScoreSetting>;
const Settings kMiou = {{"classes"}, {"ignore_index", {255}}};
const Settings kVoc = {{"thresholds", {{0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95}}},
                       {"boxes", {"1-based inclusive pixels"}},
                       {"eleven_point", {"py-compat (numpy.arange thresholds)"}}};

using Scores = Registry<ScoreEntry>;
const bool registered =
    Scores::add({"miou", "mean IoU, accuracies and boundary IoU of label maps", miou, {}, kMiou}) &&
    Scores::add({"segmentation", "the same as miou", miou, {}, kMiou}) &&
    Scores::add({"voc_ap", "average precision of boxes by Pascal VOC's rules", voc, {}, kVoc}) &&
    Scores::add({"voc", "the same as voc_ap", voc, {}, kVoc}) &&
    Scores::add({"coco_mask", "COCO masks: polygons to run lengths, strings, overlaps", masks, {}, {}, {}, true});

}  // namespace
}  // namespace sslbench
