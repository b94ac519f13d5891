// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/coco_matching.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <unordered_map>

#include "suites/ground/error.h"
#include "suites/ground/threads/row_blocks.h"

namespace sslbench {
namespace {

// Where a truth or detection belongs.
template <class Item>
struct Placed {
  size_t category;
  uint32_t image;
  const Item* item;
};

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

// In file order within a group.
template <class Item>
void sort_by_group(std::vector<Placed<Item>>& placed) {
  std::ranges::stable_sort(placed, {}, [](const Placed<Item>& p) { return std::pair(p.category, p.image); });
}

// pycocotools walks the annotations image by image and looks each one up again by its id, so of several with one id the
// last in the file stands in for all, wherever that one lies.
std::vector<Placed<CocoTruth>> placed_truths(const CocoInput& input, const CocoGroups& known) {
  std::unordered_map<int64_t, const CocoTruth*> by_id;
  std::vector<std::pair<int64_t, const CocoTruth*>> walk;  // image number, annotation
  for (const CocoTruth& truth : input.truths) {
    by_id[truth.id] = &truth;
    const int64_t image = place_of(known.images, truth.image);
    if (image >= 0 && place_of(known.categories, truth.category) >= 0) walk.emplace_back(image, &truth);
  }
  std::stable_sort(walk.begin(), walk.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Placed<CocoTruth>> out;
  for (const auto& [image_walked, annotation] : walk) {
    const CocoTruth* truth = by_id[annotation->id];
    const int64_t image = place_of(known.images, truth->image), category = place_of(known.categories, truth->category);
    if (image < 0 || category < 0) continue;
    out.push_back({static_cast<size_t>(category), static_cast<uint32_t>(image), truth});
  }
  sort_by_group(out);
  return out;
}

std::vector<Placed<CocoDetection>> placed_detections(const CocoInput& input, const CocoGroups& known) {
  std::vector<Placed<CocoDetection>> out;
  out.reserve(input.detections.size());
  for (const CocoDetection& detection : input.detections) {
    if (!std::isfinite(detection.score)) throw UserError("a detection has a score that is not finite; remove it");
    const int64_t image = place_of(known.images, detection.image);
    if (image < 0) {
      throw UserError("a detection names image " + std::to_string(detection.image) +
                      ", which the truth does not list; score predictions of the same images");
    }
    const int64_t category = place_of(known.categories, detection.category);
    if (category < 0) continue;
    out.push_back({static_cast<size_t>(category), static_cast<uint32_t>(image), &detection});
  }
  sort_by_group(out);
  return out;
}

// Both are sorted by group.
std::vector<CocoGroup> merged(const std::vector<Placed<CocoTruth>>& truths,
                              const std::vector<Placed<CocoDetection>>& detections) {
  std::vector<CocoGroup> out;
  for (size_t t = 0, d = 0; t < truths.size() || d < detections.size();) {
    const auto key = [](const auto& list, size_t i) {
      return i < list.size() ? std::pair(list[i].category, list[i].image) : std::pair(SIZE_MAX, UINT32_MAX);
    };
    const auto next = std::min(key(truths, t), key(detections, d));
    CocoGroup& group = out.emplace_back();
    group.category = next.first, group.image = next.second;
    for (; t < truths.size() && key(truths, t) == next; ++t) group.truths.push_back(truths[t].item);
    for (; d < detections.size() && key(detections, d) == next; ++d) group.detections.push_back(detections[d].item);
  }
  return out;
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
  group.iou.reserve(group.detections.size() * group.truths.size());
  for (const CocoDetection* detection : group.detections) {
    double& reach = group.reach.emplace_back(0);
    for (const CocoTruth* truth : group.truths) {
      group.iou.push_back(overlap(*detection, *truth));
      reach = std::max(reach, group.iou.back());
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

// Place in `truths` of what detection d finds at one threshold, or -1. `taken` by place.
int64_t match_of(const CocoGroup& group, const OrderedTruths& truths, size_t d, int t, const std::vector<bool>& taken) {
  const size_t columns = group.truths.size();
  double best = std::min(iou_threshold(t), 1 - 1e-10);
  if (group.reach[d] < best) return -1;
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
  return match;
}

// Greedy matching at one threshold; sets bit `t` of the masks of `matched` (one entry a detection of the group, its
// `ignored` set for every threshold where its area is outside the range).
void match_at(const CocoGroup& group, const OrderedTruths& truths, int t, MatchedDetection* matched) {
  const auto bit = static_cast<uint16_t>(1u << t);
  std::vector<bool> taken(group.truths.size(), false);
  for (size_t d = 0; d < group.detections.size(); ++d) {
    const int64_t match = match_of(group, truths, d, t, taken);
    if (match < 0) continue;
    const auto place = static_cast<size_t>(match);
    taken[place] = true;
    const bool found = group.truths[truths.order[place]]->id != 0;  // stored as the truth's id, and 0 means none
    if (found) matched[d].ignored &= static_cast<uint16_t>(~bit);   // then its area does not matter
    if (truths.ignored[place]) matched[d].ignored |= bit;
    if (found && !truths.ignored[place]) matched[d].found |= bit;
  }
}

}  // namespace

std::shared_ptr<const CocoMask> coco_mask(RunLengthMask runs) {
  const auto box = mask_box(runs);
  const auto area = static_cast<double>(mask_area(runs));
  return std::make_shared<const CocoMask>(CocoMask{std::move(runs), box, area});
}

CocoGroups group_by_image(const CocoInput& input, size_t threads) {
  constexpr size_t kGroupsAtOnce = 64;
  CocoGroups out{ascending(input.images), ascending(input.categories), {}};
  out.groups = merged(placed_truths(input, out), placed_detections(input, out));
  const int limit = *std::max_element(input.max_dets.begin(), input.max_dets.end());
  for_row_blocks(out.groups.size(), kGroupsAtOnce, threads, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) finish_group(out.groups[i], static_cast<size_t>(std::max(limit, 0)));
  });
  return out;
}

CategoryMatches match_category(const CocoGroups& groups, size_t category, AreaRange range) {
  constexpr uint16_t kAllThresholds = (1u << kIouThresholds) - 1;
  CategoryMatches out;
  const auto begin = std::ranges::lower_bound(groups.groups, category, {}, &CocoGroup::category);
  const auto end = std::ranges::upper_bound(groups.groups, category, {}, &CocoGroup::category);
  for (auto at = begin; at != end; ++at) {
    const CocoGroup& group = *at;
    const OrderedTruths truths = order_truths(group, range);
    for (const bool ignored : truths.ignored) {
      if (!ignored) out.positives.push_back(group.image);
    }
    const size_t first = out.detections.size();
    double reach = 0;
    for (size_t d = 0; d < group.detections.size(); ++d) {
      const uint16_t ignored = outside(group.detections[d]->area(), range) ? kAllThresholds : 0;
      out.detections.push_back({group.detections[d]->score, group.image, static_cast<uint32_t>(d), 0, ignored});
      reach = std::max(reach, group.reach[d]);
    }
    for (int t = 0; t < kIouThresholds && reach >= iou_threshold(t); ++t) {
      match_at(group, truths, t, &out.detections[first]);
    }
  }
  std::ranges::stable_sort(out.detections, std::greater<>(), &MatchedDetection::score);
  return out;
}

}  // namespace sslbench
