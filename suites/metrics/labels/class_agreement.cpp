// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/labels/class_agreement.h"

#include <limits>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole) { return whole == 0 ? kUndefined : part / whole; }

}  // namespace

ClassAgreement class_agreement(std::span<const int64_t> labels, std::span<const int64_t> predictions, int64_t classes) {
  require(labels.size() == predictions.size() && classes > 0, "a prediction for every label");
  const auto C = static_cast<size_t>(classes);
  std::vector<double> labelled(C), predicted(C), right(C);
  for (size_t i = 0; i < labels.size(); ++i) {
    require(labels[i] >= 0 && labels[i] < classes && predictions[i] >= 0 && predictions[i] < classes,
            "label or prediction outside 0 .. classes-1");
    labelled[static_cast<size_t>(labels[i])] += 1;
    predicted[static_cast<size_t>(predictions[i])] += 1;
    if (labels[i] == predictions[i]) right[static_cast<size_t>(labels[i])] += 1;
  }
  ClassAgreement out;
  double present = 0, either = 0, recall = 0, f1 = 0, hits = 0, chance = 0;
  for (size_t c = 0; c < C; ++c) {
    out.per_class.push_back(ratio(right[c], labelled[c]));
    hits += right[c];
    chance += labelled[c] * predicted[c];
    if (labelled[c] > 0) present += 1, recall += out.per_class[c];
    if (labelled[c] + predicted[c] > 0) either += 1, f1 += 2 * right[c] / (labelled[c] + predicted[c]);
  }
  const auto items = static_cast<double>(labels.size());
  out.mean_per_class = ratio(recall, present);
  out.accuracy = ratio(hits, items);
  out.macro_f1 = ratio(f1, either);
  out.kappa = ratio(hits * items - chance, items * items - chance);
  return out;
}

}  // namespace sslbench
