// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/run_length_mask.h"

#include <algorithm>
#include <cmath>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

// The runs of a mask one after the other.
class RunReader {
 public:
  explicit RunReader(const std::vector<uint32_t>& counts) : counts_(counts), left_(counts.empty() ? 0 : counts[0]) {}

  uint32_t left() const { return left_; }
  bool inside() const { return inside_; }
  void skip(uint32_t pixels) {
    left_ -= pixels;
    if (left_ != 0 || next_ >= counts_.size()) return;
    left_ = counts_[next_++];
    inside_ = !inside_;
  }

 private:
  const std::vector<uint32_t>& counts_;
  uint32_t left_;
  size_t next_ = 1;
  bool inside_ = false;
};

RunLengthMask union_of_two(const RunLengthMask& a, const RunLengthMask& b) {
  RunLengthMask out{a.height, a.width, {}};
  RunReader first(a.counts), second(b.counts);
  bool inside = false;
  uint32_t run = 0;
  for (bool more = true; more;) {
    const uint32_t step = std::min(first.left(), second.left());
    run += step;
    first.skip(step);
    second.skip(step);
    more = first.left() + uint64_t{second.left()} > 0;
    const bool was = inside;
    inside = first.inside() || second.inside();
    if (inside == was && more) continue;
    out.counts.push_back(run);
    run = 0;
  }
  return out;
}

}  // namespace

void check_mask_size(int64_t height, int64_t width) {
  if (height < 1 || width < 1 || height > kLargestMaskSide || width > kLargestMaskSide) {
    throw UserError("a mask has the size " + std::to_string(height) + " x " + std::to_string(width) +
                    "; expected height and width from 1 to " + std::to_string(kLargestMaskSide));
  }
}

RunLengthMask mask_union(const std::vector<RunLengthMask>& masks) {
  require(!masks.empty(), "a union needs at least one mask");
  RunLengthMask out = masks[0];
  for (size_t i = 1; i < masks.size(); ++i) {
    require(masks[i].height == out.height && masks[i].width == out.width, "masks of one size");
    out = union_of_two(out, masks[i]);
  }
  return out;
}

RunLengthMask mask_from_counts(std::span<const int64_t> counts, int64_t height, int64_t width) {
  check_mask_size(height, width);
  const int64_t pixels = height * width;
  RunLengthMask out{height, width, {}};
  int64_t sum = 0;
  for (const int64_t count : counts) {
    if (count < 0 || count > pixels - sum) {
      throw UserError("the run lengths of a mask hold " + std::to_string(count) + " after " + std::to_string(sum) +
                      " of " + std::to_string(pixels) + " pixels; write the mask again");
    }
    sum += count;
    out.counts.push_back(static_cast<uint32_t>(count));
  }
  if (sum != pixels) {
    throw UserError("the run lengths of a mask add up to " + std::to_string(sum) + " pixels; expected " +
                    std::to_string(height) + " x " + std::to_string(width) + " = " + std::to_string(pixels));
  }
  return out;
}

std::vector<int64_t> counts_from_string(std::string_view text) {
  constexpr int kMostGroups = 7;  // 35 bits hold any count and its sign
  std::vector<int64_t> counts;
  for (size_t at = 0; at < text.size();) {
    int64_t value = 0;
    int group = 0;
    for (bool more = true; more; ++at, ++group) {
      const int bits = at < text.size() ? text[at] - '0' : -1;
      if (bits < 0 || bits > 63 || group == kMostGroups) {
        throw UserError("a mask string is damaged at byte " + std::to_string(at) +
                        "; expected COCO's compressed run lengths");
      }
      value |= static_cast<int64_t>(bits & 0x1f) << (5 * group);
      more = (bits & 0x20) != 0;
      if (!more && (bits & 0x10) != 0) value -= int64_t{1} << (5 * (group + 1));
    }
    if (counts.size() > 2) value += counts[counts.size() - 2];
    counts.push_back(value);
  }
  return counts;
}

RunLengthMask mask_from_string(std::string_view text, int64_t height, int64_t width) {
  return mask_from_counts(counts_from_string(text), height, width);
}

std::string mask_string(const RunLengthMask& mask) {
  std::string out;
  for (size_t i = 0; i < mask.counts.size(); ++i) {
    int64_t value = mask.counts[i];
    if (i > 2) value -= mask.counts[i - 2];
    for (bool more = true; more;) {
      int bits = static_cast<int>(value & 0x1f);
      value >>= 5;
      more = (bits & 0x10) != 0 ? value != -1 : value != 0;
      if (more) bits |= 0x20;
      out += static_cast<char>('0' + bits);
    }
  }
  return out;
}

int64_t mask_area(const RunLengthMask& mask) {
  int64_t area = 0;
  for (size_t i = 1; i < mask.counts.size(); i += 2) area += mask.counts[i];
  return area;
}

std::array<double, 4> mask_box(const RunLengthMask& mask) {
  const size_t runs = mask.counts.size() / 2 * 2;
  if (runs == 0) return {0, 0, 0, 0};
  int64_t left = mask.width, top = mask.height, right = 0, bottom = 0, pixel = 0, column_of_start = 0;
  for (size_t i = 0; i < runs; ++i) {
    pixel += mask.counts[i];
    const bool end = i % 2 == 1;
    const int64_t at = pixel - (end ? 1 : 0), y = at % mask.height, x = at / mask.height;
    if (!end) {
      column_of_start = x;
    } else if (column_of_start < x) {  // the run goes on in the next column, so it touches both borders
      top = 0;
      bottom = mask.height - 1;
    }
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
  }
  return {static_cast<double>(left), static_cast<double>(top), static_cast<double>(right - left + 1),
          static_cast<double>(bottom - top + 1)};
}

double mask_iou(const RunLengthMask& detection, const RunLengthMask& truth, bool crowd) {
  if (detection.height != truth.height || detection.width != truth.width) {
    throw UserError("a detection's mask is " + std::to_string(detection.height) + " x " +
                    std::to_string(detection.width) + ", the truth's " + std::to_string(truth.height) + " x " +
                    std::to_string(truth.width) + "; predict masks of the image's size");
  }
  RunReader first(detection.counts), second(truth.counts);
  int64_t shared = 0, either = 0;
  for (bool more = true; more;) {
    const uint32_t step = std::min(first.left(), second.left());
    if (first.inside() || second.inside()) either += step;
    if (first.inside() && second.inside()) shared += step;
    first.skip(step);
    second.skip(step);
    more = first.left() + uint64_t{second.left()} > 0;
  }
  if (shared == 0) return 0;
  return static_cast<double>(shared) / static_cast<double>(crowd ? mask_area(detection) : either);
}

}  // namespace sslbench
