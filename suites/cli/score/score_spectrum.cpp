// SPDX-License-Identifier: Apache-2.0
// sslbench score: how many directions features use, and how evenly.
#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/metrics/spectrum/feature_spectrum.h"
#include "suites/metrics/spectrum/lidar.h"
#include "suites/metrics/spectrum/power_law.h"

namespace sslbench {
namespace {

constexpr int64_t kMostRanks = 1'000'000;
constexpr double kLargest = 1e100;

NumberTensors lidar_of(const ScoreInputs& inputs) {
  const NumberTensor& features = inputs.numbers("features", 3);
  const auto samples = static_cast<size_t>(features.shape[0]), views = static_cast<size_t>(features.shape[1]);
  if (samples < 2 || views < 2) {
    throw UserError("in.features has " + std::to_string(samples) + " samples and " + std::to_string(views) +
                    " views of each; expected [samples, views, columns] with two of both or more");
  }
  LidarSettings settings;
  settings.delta = inputs.setting("delta", settings.delta, 0, kLargest);
  settings.epsilon = inputs.setting("epsilon", settings.epsilon, 0, kLargest);
  settings.epsilon_paper = inputs.setting("epsilon_paper", settings.epsilon_paper, 0, kLargest);
  const Lidar out = lidar({samples * views, static_cast<size_t>(features.shape[2]), features.values}, views, settings);
  return {{"lidar", scalar_tensor(out.lidar)},
          {"lidar_paper", scalar_tensor(out.lidar_paper)},
          {"top_eigenvalue", scalar_tensor(out.top_eigenvalue)}};
}

NumberTensors alpha_req(const ScoreInputs& inputs) {
  const std::string name = inputs.settings().value("fit", "weighted");
  const PowerLawFit fit = name == "weighted" ? PowerLawFit::weighted
                          : name == "ols"    ? PowerLawFit::ols
                                             : PowerLawFit::robust;
  if (!inputs.settings().contains("rank_from") || !inputs.settings().contains("rank_to")) {
    throw UserError("the settings 'rank_from' and 'rank_to' decide the value: state both, for example 4 and 50");
  }
  const RankRange range{inputs.integer_setting("rank_from", 0, 1, kMostRanks),
                        inputs.integer_setting("rank_to", 0, 1, kMostRanks)};
  const PowerLaw out =
      power_law(inputs.matrix("features"), fit, range, inputs.integer_setting("max_eigenvalues", 2048, 1, kMostRanks));
  NumberTensors all{{"alpha", scalar_tensor(out.alpha)}, {"spectrum", vector_tensor(out.spectrum)}};
  if (fit == PowerLawFit::weighted) all.emplace("r2", scalar_tensor(out.r2));
  return all;
}

NumberTensors nesum_of(const ScoreInputs& inputs) {
  return {{"nesum", scalar_tensor(nesum(inputs.matrix("features")))}};
}

NumberTensors stable_rank_of(const ScoreInputs& inputs) {
  const StableRank out = stable_rank(inputs.matrix("features"));
  return {{"stable_rank", scalar_tensor(out.stable_rank)},
          {"stable_rank_centered", scalar_tensor(out.stable_rank_centered)}};
}

using Settings = std::vector<ScoreSetting>;
const Settings kLidar = {
    {"delta"}, {"epsilon"}, {"epsilon_paper"}, {"between", {"unbiased, n-1"}}, {"within", {"unbiased, n(q-1)"}}};
const Settings kAlphaReq = {{"fit", {"weighted", "ols", "robust"}}, {"rank_from"}, {"rank_to"}, {"max_eigenvalues"}};

using Scores = Registry<ScoreEntry>;
const bool registered =
    Scores::add({"lidar", "effective rank of what tells samples apart (LiDAR), from views", {}, lidar_of, kLidar}) &&
    Scores::add({"alpha_req", "power law of the eigenvalues of features", {}, alpha_req, kAlphaReq}) &&
    Scores::add({"nesum",
                 "sum of the covariance's eigenvalues over the largest",
                 {},
                 nesum_of,
                 {{"covariance", {"unbiased, columns centred"}}}}) &&
    Scores::add({"stable_rank",
                 "squared Frobenius norm of features over the squared spectral norm",
                 {},
                 stable_rank_of,
                 {{"centered", {"both"}}}});

}  // namespace
}  // namespace sslbench
