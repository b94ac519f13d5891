// SPDX-License-Identifier: Apache-2.0
// sslbench score: images that are none of the training distribution.
#include <algorithm>
#include <thread>

#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/metrics/outliers/mahalanobis.h"
#include "suites/metrics/outliers/neighbour_distance.h"
#include "suites/metrics/outliers/separation.h"

namespace sslbench {
namespace {

constexpr int64_t kMostClasses = 1'000'000;
constexpr size_t kWidestCovariance = 8192;

size_t threads() { return std::max(1u, std::thread::hardware_concurrency()); }

NumberTensors separation_of(const ScoreInputs& inputs) {
  const Separation out = separation(inputs.numbers("scores_in", 1).values, inputs.numbers("scores_out", 1).values,
                                    inputs.setting("recall", 0.95, 0, 1));
  return {{"auroc", scalar_tensor(out.auroc)},
          {"aupr_in", scalar_tensor(out.aupr_in)},
          {"aupr_out", scalar_tensor(out.aupr_out)},
          {"ap_in", scalar_tensor(out.ap_in)},
          {"ap_out", scalar_tensor(out.ap_out)},
          {"fpr95_out_positive", scalar_tensor(out.fpr_out_positive)},
          {"fpr95_in_positive", scalar_tensor(out.fpr_in_positive)}};
}

void require_same_columns(const Matrix& known, const char* name, const Matrix& query) {
  if (known.columns == query.columns) return;
  throw UserError("in." + std::string(name) + " has " + std::to_string(known.columns) + " columns and in.query " +
                  std::to_string(query.columns) + "; both come from one backbone");
}

NumberTensors neighbours(const ScoreInputs& inputs) {
  const Matrix bank = inputs.matrix("bank"), query = inputs.matrix("query");
  require_same_columns(bank, "bank", query);
  const auto rows = static_cast<int64_t>(bank.rows);
  const int64_t k = inputs.integer_setting("k", std::min<int64_t>(50, rows), 1, rows);
  const std::vector<double> distance = neighbour_distances(bank, query, static_cast<size_t>(k), threads());
  std::vector<double> score;
  for (const double each : distance) score.push_back(-each * each);
  return {{"distance", vector_tensor(distance)}, {"score", vector_tensor(score)}};
}

// What a file says of its covariance holds, or the numbers are of other features.
void require_as_described(const ScoreInputs& inputs, size_t rank, size_t columns) {
  if (!inputs.settings().contains("singular")) return;
  const nlohmann::json& said = inputs.settings().at("singular");
  const bool regular = said == "not singular" || said == false;
  if (regular == (rank == columns)) return;
  throw UserError("setting 'singular' is " + short_value(said) + ", and the covariance has the rank " +
                  std::to_string(rank) + " of " + std::to_string(columns) +
                  " columns; say \"not singular\" where the rank is full");
}

NumberTensors mahalanobis(const ScoreInputs& inputs) {
  const Matrix features = inputs.matrix("features"), query = inputs.matrix("query");
  require_same_columns(features, "features", query);
  if (features.columns > kWidestCovariance) {
    throw UserError("in.features has " + std::to_string(features.columns) + " columns; expected at most " +
                    std::to_string(kWidestCovariance) + ": project them first");
  }
  const int64_t classes = inputs.integer_setting("num_classes", kMostClasses, 1, kMostClasses);
  const std::vector<int64_t> labels = inputs.labels("labels", features.rows, classes);
  const int64_t last = 1 + *std::max_element(labels.begin(), labels.end());  // classes behind it have no row
  if (last > static_cast<int64_t>(features.rows)) throw UserError("in.labels names more classes than there are rows");
  const MahalanobisScores out = mahalanobis_scores(features, labels, last, query, threads());
  require_as_described(inputs, out.rank, features.columns);
  return {{"score", vector_tensor(out.score)},
          {"relative", vector_tensor(out.relative)},
          {"nearest", integer_tensor({std::ssize(out.nearest)}, out.nearest)}};
}

using Settings = std::vector<ScoreSetting>;
const Settings kSeparation = {{"recall"}, {"score", {"higher = in-distribution"}}};
const Settings kNeighbours = {{"k"}, {"normalize", {"x / |x|"}}};
const Settings kMahalanobis = {{"covariance", {"shared, divided by N"}}, {"num_classes"}, {"singular"}};

using Scores = Registry<ScoreEntry>;
const bool registered =
    Scores::add({"ood", "how well scores tell other images from one's own", {}, separation_of, kSeparation}) &&
    Scores::add({"ood_knn", "distance to the k-th nearest of one's own features", {}, neighbours, kNeighbours}) &&
    Scores::add({"ood_mahalanobis",
                 "distance to the nearest class mean by the shared covariance",
                 {},
                 mahalanobis,
                 kMahalanobis});

}  // namespace
}  // namespace sslbench
