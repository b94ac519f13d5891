// SPDX-License-Identifier: Apache-2.0
// Average precision of images that may show several classes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

// By class, NaN without a positive; means over the classes that have one, NaN without any.
struct MultilabelAp {
  // Sum of recall step x precision over distinct scores, equal ones entering together (scikit-learn).
  std::vector<double> step;
  // Precision made monotone from the right, summed over positives / their number; equal scores in order of index
  // (Pascal VOC from 2010; facebookresearch/vissl).
  std::vector<double> area;
  // Mean over recalls i x 0.1 in double precision of the best precision there or beyond (Pascal VOC 2007).
  std::vector<double> eleven;
  double map_step = 0, map_area = 0, map_11 = 0;
  int64_t classes = 0;  // with a positive
};

// `targets` [items, classes] as scores: 1 positive, 0 negative, -1 difficult or unknown, left out of that class.
// InternalError for other targets or sizes; NaN for a class with a score that is not finite.
MultilabelAp multilabel_ap(const Matrix& scores, std::span<const int64_t> targets);

}  // namespace sslbench
