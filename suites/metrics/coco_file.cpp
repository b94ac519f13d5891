// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/coco_file.h"

#include <map>

#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/ground/printable.h"
#include "suites/metrics/json_entries.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

struct PictureSize {
  int64_t height = 0, width = 0;
};
using Sizes = std::map<int64_t, PictureSize>;

// x, y, width, height; a fifth number (an angle) or a negative side is another kind of box.
std::array<double, 4> box_at(const json& entry) {
  const std::array<double, 4> box = four_numbers_at(entry, "bbox");
  if (box[2] < 0 || box[3] < 0) {
    throw UserError("'bbox' is " + short_value(entry.at("bbox")) +
                    "; expected x, y, width, height with a width and height of at least 0");
  }
  return box;
}

double area_at(const json& entry) {
  const double area = exact_number_at(entry, "area");
  if (area < 0) throw UserError("'area' is " + short_value(entry.at("area")) + "; expected at least 0");
  return area;
}

// 0 where the file does not say.
int64_t side_at(const json& image, const char* name) {
  if (!image.contains(name) || image.at(name).is_null()) return 0;
  const int64_t side = exact_integer_at(image, name);
  if (side < 0) throw UserError("'" + std::string(name) + "' is " + std::to_string(side) + "; expected at least 0");
  return side;
}

// The mask of an entry; `size` of its picture, zero when the file does not say.
std::shared_ptr<const CocoMask> entry_mask(const json& entry, const Sizes& sizes) {
  const auto known = sizes.find(exact_integer_at(entry, "image_id"));
  const PictureSize size = known == sizes.end() ? PictureSize{} : known->second;
  return coco_mask(mask_from_json(entry.at("segmentation"), size.height, size.width));
}

CocoTruth read_truth(const json& a, const Sizes& sizes, CocoKind kind) {
  CocoTruth out{exact_integer_at(a, "image_id"), exact_integer_at(a, "id"), exact_integer_at(a, "category_id")};
  if (a.contains("bbox") || kind == CocoKind::boxes) out.box = box_at(a);
  if (kind == CocoKind::masks) out.mask = entry_mask(a, sizes);
  out.area = a.contains("area") ? area_at(a) : out.mask ? out.mask->area : out.box[2] * out.box[3];
  out.crowd = exact_flag_at(a, "iscrowd", false);
  return out;
}

CocoDetection read_detection(const json& d, const Sizes& sizes, CocoKind kind) {
  CocoDetection out{exact_integer_at(d, "image_id"), exact_integer_at(d, "category_id")};
  out.score = exact_number_at(d, "score");
  if (kind == CocoKind::masks) {
    out.mask = entry_mask(d, sizes);
    out.box = out.mask->box;
  } else {
    out.box = box_at(d);
  }
  return out;
}

// Text of our own: names that are not UTF-8 (of files) have their bad bytes replaced.
std::string text_of(const json& content) { return content.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

RunLengthMask mask_from_json(const json& segmentation, int64_t height, int64_t width) {
  if (segmentation.is_object()) {
    const std::vector<int64_t> size = exact_integers_at(segmentation, "size");
    if (size.size() != 2)
      throw UserError("'size' has " + std::to_string(size.size()) + " numbers; expected [height, width]");
    const json& counts = segmentation.at("counts");
    if (counts.is_string()) return mask_from_string(counts.get_ref<const std::string&>(), size[0], size[1]);
    return mask_from_counts(exact_integers_at(segmentation, "counts"), size[0], size[1]);
  }
  if (!segmentation.is_array() || segmentation.empty()) {
    throw UserError("a segmentation is neither a list of polygons nor an object with size and counts");
  }
  std::vector<RunLengthMask> parts;
  for (const json& polygon : segmentation) {
    parts.push_back(mask_from_polygon(polygon.get<std::vector<double>>(), height, width));
  }
  return mask_union(parts);
}

CocoInput read_coco(const fs::path& truth, const fs::path& predictions, CocoKind kind, size_t threads) {
  const JsonEntries content(truth, {"images", "categories", "annotations"}), results(predictions);
  const auto found = results.list(), images = content.list("images"), categories = content.list("categories"),
             annotations = content.list("annotations", /*may_miss=*/true);
  CocoInput input;
  Sizes sizes;
  content.for_each(images, "images", 1, [&](size_t, const json& image) {
    input.images.push_back(exact_integer_at(image, "id"));
    sizes[input.images.back()] = {side_at(image, "height"), side_at(image, "width")};
  });
  content.for_each(categories, "categories", 1,
                   [&](size_t, const json& category) { input.categories.push_back(exact_integer_at(category, "id")); });
  input.truths.resize(annotations.size());
  content.for_each(annotations, "annotations", threads,
                   [&](size_t i, const json& a) { input.truths[i] = read_truth(a, sizes, kind); });
  input.detections.resize(found.size());
  results.for_each(found, "the list of results", threads,
                   [&](size_t i, const json& d) { input.detections[i] = read_detection(d, sizes, kind); });
  return input;
}

std::string coco_truth_text(const CocoInput& input, const std::vector<CocoPicture>& pictures,
                            const std::vector<std::string>& categories) {
  json images = json::array(), names = json::array(), annotations = json::array();
  for (const CocoPicture& picture : pictures) {
    images.push_back(
        {{"id", picture.id}, {"height", picture.height}, {"width", picture.width}, {"file_name", picture.name}});
  }
  for (size_t c = 0; c < categories.size(); ++c) {
    names.push_back({{"id", input.categories.at(c)}, {"name", categories[c]}});
  }
  for (const CocoTruth& truth : input.truths) {
    annotations.push_back({{"id", truth.id},
                           {"image_id", truth.image},
                           {"category_id", truth.category},
                           {"bbox", truth.box},
                           {"area", truth.area},
                           {"iscrowd", truth.crowd ? 1 : 0}});
  }
  return text_of({{"images", images}, {"categories", names}, {"annotations", annotations}});
}

std::string coco_results_text(const std::vector<CocoDetection>& detections) {
  json out = json::array();
  for (const CocoDetection& found : detections) {
    out.push_back(
        {{"image_id", found.image}, {"category_id", found.category}, {"bbox", found.box}, {"score", found.score}});
  }
  return text_of(out);
}

}  // namespace sslbench
