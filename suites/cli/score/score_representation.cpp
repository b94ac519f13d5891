// SPDX-License-Identifier: Apache-2.0
// sslbench score: what features look like without any label.
#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/metrics/effective_rank.h"
#include "suites/metrics/representation_similarity.h"

namespace sslbench {
namespace {

void require_same_rows(const Matrix& x, const Matrix& y) {
  if (x.rows == y.rows) return;
  throw UserError("in.x has " + std::to_string(x.rows) + " rows and in.y " + std::to_string(y.rows) +
                  "; both describe the same images");
}

NumberTensors rank(const ScoreInputs& inputs) {
  const EffectiveRank out = effective_rank(inputs.matrix("features"));
  return {{"rankme", scalar_tensor(out.rankme)},
          {"rankme_centered", scalar_tensor(out.rankme_centered)},
          {"effective_rank", scalar_tensor(out.effective_rank)},
          {"participation_ratio", scalar_tensor(out.participation_ratio)},
          {"feature_std", scalar_tensor(out.feature_std)},
          {"spectrum", vector_tensor(out.spectrum)}};
}

NumberTensors alignment(const ScoreInputs& inputs) {
  const Matrix x = inputs.matrix("x"), y = inputs.matrix("y");
  require_same_rows(x, y);
  if (x.columns != y.columns) {
    throw UserError("in.x has " + std::to_string(x.columns) + " columns and in.y " + std::to_string(y.columns) +
                    "; both are views through one network");
  }
  const AlignmentUniformity out = alignment_uniformity(x, y);
  return {{"alignment", scalar_tensor(out.alignment)}, {"uniformity", scalar_tensor(out.uniformity)}};
}

NumberTensors cka(const ScoreInputs& inputs) {
  const Matrix x = inputs.matrix("x"), y = inputs.matrix("y");
  require_same_rows(x, y);
  return {{"linear_cka", scalar_tensor(linear_cka(x, y))},
          {"linear_cka_self", scalar_tensor(linear_cka(x, x))},
          {"unbiased_linear_cka", scalar_tensor(unbiased_linear_cka(x, y))}};
}

using Settings = std::vector<ScoreSetting>;
const Settings kEffectiveRank = {
    {"rankme", {"exp(-sum p log p), p = sigma/sum sigma + 1e-7, not centred, not renormalised (RankMe eq. 2)"}},
    {"effective_rank", {"Roy & Vetterli: no epsilon, p = 0 skipped"}},
    {"participation_ratio", {"(sum lam)^2/sum lam^2 of the centred covariance"}},
    {"feature_std", {"mean over dimensions of the unbiased std of L2-normalised rows (SimSiam)"}}};
const Settings kAlignment = {{"normalise", {"rows to unit length first"}}, {"alpha", {2}}, {"t", {2}}};
const Settings kCka = {{"centre", {"columns"}},
                       {"unbiased", {"HSIC_1 of Song et al. (mini-batch CKA, Nguyen et al.)"}}};

using Scores = Registry<ScoreEntry>;
const bool registered =
    Scores::add({"effective_rank",
                 "RankMe, effective rank, participation ratio and spectrum of features",
                 {},
                 rank,
                 kEffectiveRank}) &&
    Scores::add(
        {"alignment_uniformity", "how near two views lie, how evenly images spread", {}, alignment, kAlignment}) &&
    Scores::add({"cka", "similarity of two representations of the same images", {}, cka, kCka});

}  // namespace
}  // namespace sslbench
