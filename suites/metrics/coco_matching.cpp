// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/coco_matching.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

using GroupKey = std::pair<size_t, uint32_t>;
using GroupMap = std::map<GroupKey, CocoGroup>;

std::vector<int64_t> ascending(std::vector<int64_t> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

// Place of `id` in ascending `ids`, or -1.
int64_t place_of(const std::vector<int64_t>& ids, int64_t id) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  return at != ids.end() && *at == id ? at - ids.begin() : -1;
}

CocoGroup& group_at(GroupMap& groups, int64_t category, int64_t image) {
  const GroupKey key{static_cast<size_t>(category), static_cast<uint32_t>(image)};
  CocoGroup& group = groups[key];
  group.category = key.first;
  group.image = key.second;
  return group;
}

// pycocotools walks the annotations image by image and looks each one up again by its id, so of several with one id the
// last in the file stands in for all, wherever that one lies.
void add_truths(const CocoInput& input, const CocoGroups& known, GroupMap& groups) {
  std::unordered_map<int64_t, const CocoTruth*> by_id;
  std::vector<std::pair<int64_t, const CocoTruth*>> walk;  // image number, annotation
  for (const CocoTruth& truth : input.truths) {
    by_id[truth.id] = &truth;
    const int64_t image = place_of(known.images, truth.image);
    if (image >= 0 && place_of(known.categories, truth.category) >= 0) walk.emplace_back(image, &truth);
  }
  std::stable_sort(walk.begin(), walk.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [image_walked, annotation] : walk) {
    const CocoTruth* truth = by_id[annotation->id];
    const int64_t image = place_of(known.images, truth->image), category = place_of(known.categories, truth->category);
    if (image >= 0 && category >= 0) group_at(groups, category, image).truths.push_back(truth);
  }
}

void add_detections(const CocoInput& input, const CocoGroups& known, GroupMap& groups) {
  for (const CocoDetection& detection : input.detections) {
    if (!std::isfinite(detection.score)) throw UserError("a detection has a score that is not finite; remove it");
    const int64_t image = place_of(known.images, detection.image);
    if (image < 0) {
      throw UserError("a detection names image " + std::to_string(detection.image) +
                      ", which the truth does not list; score predictions of the same images");
    }
    const int64_t category = place_of(known.categories, detection.category);
    if (category >= 0) group_at(groups, category, image).detections.push_back(&detection);
  }
}

double intersection_over(const std::array<double, 4>& d, const std::array<double, 4>& g, bool crowd) {
  const double width = std::min(d[2] + d[0], g[2] + g[0]) - std::max(d[0], g[0]);
  if (width <= 0) return 0;
  const double height = std::min(d[3] + d[1], g[3] + g[1]) - std::max(d[1], g[1]);
  if (height <= 0) return 0;
  const double both = width * height, own = d[2] * d[3];
  const double overlap = both / (crowd ? own : own + g[2] * g[3] - both);
  return std::isfinite(overlap) ? overlap : 0;  // of boxes so large that their areas are no numbers
}

// pycocotools compares the masks' boxes first and leaves what does not touch at 0.
double overlap(const CocoDetection& detection, const CocoTruth& truth) {
  if (!detection.mask || !truth.mask) return intersection_over(detection.box, truth.box, truth.crowd);
  if (intersection_over(detection.mask->box, truth.mask->box, truth.crowd) <= 0) return 0;
  return mask_iou(detection.mask->runs, truth.mask->runs, truth.crowd);
}

void finish_group(CocoGroup& group, size_t limit) {
  std::stable_sort(group.detections.begin(), group.detections.end(),
                   [](const CocoDetection* a, const CocoDetection* b) { return a->score > b->score; });
  if (group.detections.size() > limit) group.detections.resize(limit);
  for (const CocoDetection* detection : group.detections) {
    for (const CocoTruth* truth : group.truths) {
      group.iou.push_back(overlap(*detection, *truth));
    }
  }
}

bool outside(double area, AreaRange range) { return area < range.low || area > range.high; }

// Threshold t of numpy.linspace(.5, .95, 10).
double iou_threshold(int t) { return t == kIouThresholds - 1 ? 0.95 : 0.5 + t * ((0.95 - 0.5) / 9); }

// Truths of one group in matching order: those that count first.
struct OrderedTruths {
  std::vector<size_t> order;
  std::vector<bool> ignored;  // by place in `order`
};

OrderedTruths order_truths(const CocoGroup& group, AreaRange range) {
  OrderedTruths out;
  for (const bool ignored : {false, true}) {
    for (size_t g = 0; g < group.truths.size(); ++g) {
      const bool is_ignored = group.truths[g]->crowd || outside(group.truths[g]->area, range);
      if (is_ignored != ignored) continue;
      out.order.push_back(g);
      out.ignored.push_back(ignored);
    }
  }
  return out;
}

// Greedy matching at one threshold; sets bit `t` of the masks of `matched` (one entry a detection of the group).
void match_at(const CocoGroup& group, const OrderedTruths& truths, AreaRange range, int t, MatchedDetection* matched) {
  const uint16_t bit = static_cast<uint16_t>(1u << t);
  const size_t columns = group.truths.size();
  std::vector<bool> taken(columns, false);
  for (size_t d = 0; d < group.detections.size(); ++d) {
    double best = std::min(iou_threshold(t), 1 - 1e-10);
    int64_t match = -1;
    for (size_t g = 0; g < columns; ++g) {
      const size_t column = truths.order[g];
      if (taken[g] && !group.truths[column]->crowd) continue;
      if (match >= 0 && !truths.ignored[static_cast<size_t>(match)] && truths.ignored[g]) break;
      const double iou = group.iou[d * columns + column];
      if (iou < best) continue;
      best = iou;
      match = static_cast<int64_t>(g);
    }
    bool ignored = false, found = false;
    if (match >= 0) {
      const size_t place = static_cast<size_t>(match);
      taken[place] = true;
      ignored = truths.ignored[place];
      found = group.truths[truths.order[place]]->id != 0;  // the match is stored as the truth's id, and 0 means none
    }
    if (!found) ignored = ignored || outside(group.detections[d]->area(), range);
    if (ignored) matched[d].ignored |= bit;
    if (found && !ignored) matched[d].found |= bit;
  }
}

}  // namespace

std::shared_ptr<const CocoMask> coco_mask(RunLengthMask runs) {
  const auto box = mask_box(runs);
  const auto area = static_cast<double>(mask_area(runs));
  return std::make_shared<const CocoMask>(CocoMask{std::move(runs), box, area});
}

CocoGroups group_by_image(const CocoInput& input) {
  CocoGroups out{ascending(input.images), ascending(input.categories), {}};
  GroupMap groups;
  add_truths(input, out, groups);
  add_detections(input, out, groups);
  const int limit = *std::max_element(input.max_dets.begin(), input.max_dets.end());
  for (auto& [key, group] : groups) {
    finish_group(group, static_cast<size_t>(std::max(limit, 0)));
    out.groups.push_back(std::move(group));
  }
  return out;
}

std::vector<CategoryMatches> match_detections(const CocoGroups& groups, AreaRange range) {
  std::vector<CategoryMatches> out(groups.categories.size());
  for (const CocoGroup& group : groups.groups) {
    CategoryMatches& category = out[group.category];
    const OrderedTruths truths = order_truths(group, range);
    for (const bool ignored : truths.ignored) {
      if (!ignored) category.positives.push_back(group.image);
    }
    const size_t first = category.detections.size();
    for (size_t d = 0; d < group.detections.size(); ++d) {
      category.detections.push_back({group.detections[d]->score, group.image, static_cast<uint32_t>(d), 0, 0});
    }
    if (group.detections.empty()) continue;
    for (int t = 0; t < kIouThresholds; ++t) match_at(group, truths, range, t, &category.detections[first]);
  }
  for (CategoryMatches& category : out) {
    std::stable_sort(category.detections.begin(), category.detections.end(),
                     [](const MatchedDetection& a, const MatchedDetection& b) { return a.score > b.score; });
  }
  return out;
}

}  // namespace sslbench
