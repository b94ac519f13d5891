// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// Every published figure of a row's method, pretraining set, backbone, protocol and metric, where the row has a number;
// `differing` names what else is not the same. By row, then column, then as published.
std::vector<PublishedMatch> published_matches(const Comparison& comparison, const std::vector<PublishedFigure>& all);

}  // namespace sslbench
