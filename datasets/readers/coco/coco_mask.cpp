// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/coco/coco_mask.h"

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/ground/run_length_mask.h"

namespace sslbench {
namespace {

void paint(const RunLengthMask& runs, BinaryMask& mask) {
  int64_t at = 0;
  for (size_t run = 0; run < runs.counts.size(); ++run) {
    for (const int64_t end = at + runs.counts[run]; at < end; ++at) {
      if (run % 2 == 1) mask.inside[static_cast<size_t>(at % runs.height * runs.width + at / runs.height)] = 1;
    }
  }
}

// Damaged regions of an annotation file are counted and left out: false instead of an error.
template <class Step>
bool succeeds(Step step) {
  try {
    step();
    return true;
  } catch (const UserError&) {
    return false;
  }
}

}  // namespace

bool counts_of_string(std::string_view text, std::vector<int64_t>& counts) {
  return succeeds([&] { counts = counts_from_string(text); });
}

bool fill_runs(const std::vector<int64_t>& counts, BinaryMask& mask) {
  mask.inside.assign(static_cast<size_t>(mask.height) * static_cast<size_t>(mask.width), 0);
  return succeeds([&] { paint(mask_from_counts(counts, mask.height, mask.width), mask); });
}

bool fill_polygon(const std::vector<double>& points, BinaryMask& mask) {
  // Points far outside the picture are drawn one picture beyond it, which bounds the work.
  std::vector<double> near(points);
  for (size_t k = 0; k < near.size(); ++k) {
    const double side = k % 2 == 0 ? mask.width : mask.height;
    near[k] = std::clamp(near[k], -side, 2 * side);
  }
  mask.inside.resize(static_cast<size_t>(mask.height) * static_cast<size_t>(mask.width));
  return succeeds([&] { paint(mask_from_polygon(near, mask.height, mask.width), mask); });
}

}  // namespace sslbench
