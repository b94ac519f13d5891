// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/held_out.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace sslbench {
namespace {

int64_t share_of(int64_t images, double share) { return static_cast<int64_t>(share * static_cast<double>(images)); }

int64_t classes_among(std::span<const int64_t> labels, std::span<const int64_t> images) {
  std::set<int64_t> found;
  for (const int64_t image : images) found.insert(labels[static_cast<size_t>(image)]);
  return std::ssize(found);
}

HeldOut last_part(std::span<const int64_t> order, int64_t held) {
  const auto cut = order.end() - held;
  return {{order.begin(), cut}, {cut, order.end()}};
}

HeldOut by_class(std::span<const int64_t> labels, std::span<const int64_t> order, double share) {
  std::map<int64_t, int64_t> left;  // of each class, still to be held out
  for (const int64_t image : order) ++left[labels[static_cast<size_t>(image)]];
  for (auto& [label, count] : left) {
    count = count < 2 ? 0 : std::clamp<int64_t>(std::llround(share * static_cast<double>(count)), 1, count - 1);
  }
  HeldOut out;
  for (size_t i = order.size(); i-- > 0;) {
    int64_t& wanted = left[labels[static_cast<size_t>(order[i])]];
    (wanted > 0 ? out.out : out.kept).push_back(order[i]);
    if (wanted > 0) --wanted;
  }
  return out;
}

}  // namespace

HeldOut hold_out(std::span<const int64_t> labels, std::span<const int64_t> order, double share) {
  const int64_t images = std::ssize(order), classes = classes_among(labels, order);
  HeldOut out;
  if (images >= 3) out = last_part(order, std::clamp<int64_t>(share_of(images, share), 1, images - 2));
  if (classes_among(labels, out.kept) < classes || classes_among(labels, out.out) < classes) {
    out = by_class(labels, order, share);
    out.by_class = true;
  }
  if (out.kept.size() < 2) out.kept.assign(order.begin(), order.end()), out.out.clear();
  out.classes = classes;
  out.classes_out = classes_among(labels, out.out);
  return out;
}

}  // namespace sslbench
