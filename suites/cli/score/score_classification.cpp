// SPDX-License-Identifier: Apache-2.0
// sslbench score: what class scores, probabilities and features are worth.
#include <algorithm>
#include <thread>

#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/ground/printable.h"
#include "suites/metrics/calibration.h"
#include "suites/metrics/classification.h"
#include "suites/metrics/logistic_regression.h"
#include "suites/metrics/neighbours/nearest_neighbours.h"

namespace sslbench {
namespace {

constexpr int64_t kTop5 = 5;
constexpr float kRounding = 1e-4f;  // of a probability of 1

NumberTensors topk(const ScoreInputs& inputs) {
  const Matrix scores = inputs.matrix("scores");
  const auto classes = static_cast<int64_t>(scores.columns);
  const std::vector<int64_t> labels = inputs.labels("labels", scores.rows, classes);
  const std::span<const double> values(scores.values);
  const std::vector<int64_t> ranks = label_ranks(values, classes, labels), predicted = predictions(values, classes);
  return {{"top1", scalar_tensor(top_k(ranks, 1))},
          {"top3", scalar_tensor(top_k(ranks, 3))},
          {"top5", scalar_tensor(top_k(ranks, kTop5))},
          {"prediction", integer_tensor({static_cast<int64_t>(predicted.size())}, predicted)},
          {"mean_per_class", scalar_tensor(mean_per_class(predicted, labels))}};
}

NumberTensors ece(const ScoreInputs& inputs) {
  const std::vector<float> probabilities = inputs.floats("probabilities");
  const Matrix shape = inputs.matrix("probabilities");
  for (size_t i = 0; i < probabilities.size(); ++i) {
    if (probabilities[i] >= 0 && probabilities[i] <= 1 + kRounding) continue;
    throw UserError("in.probabilities holds " + std::to_string(probabilities[i]) + " in row " +
                    std::to_string(i / shape.columns) + "; expected 0 to 1 (softmax of the scores)");
  }
  const auto classes = static_cast<int64_t>(shape.columns);
  const std::vector<int64_t> labels = inputs.labels("labels", shape.rows, classes);
  const Calibration out =
      calibration(probabilities, classes, labels, static_cast<int>(inputs.integer_setting("bins", 15, 1, 1'000'000)));
  return {{"ece", scalar_tensor(out.ece)},
          {"mce", scalar_tensor(out.mce)},
          {"accuracy", scalar_tensor(out.accuracy)},
          {"nll", scalar_tensor(out.nll)},
          {"brier", scalar_tensor(out.brier)}};
}

// Each query's neighbours by number, not by nearness.
std::vector<int64_t> ascending_neighbours(std::vector<int64_t> index, size_t k) {
  for (size_t i = 0; i < index.size(); i += k) {
    std::sort(index.begin() + static_cast<int64_t>(i), index.begin() + static_cast<int64_t>(i + k));
  }
  return index;
}

NumberTensors knn(const ScoreInputs& inputs) {
  const Matrix bank = inputs.matrix("train_features"), queries = inputs.matrix("test_features");
  if (bank.columns != queries.columns) {
    throw UserError("in.train_features has " + std::to_string(bank.columns) + " columns and in.test_features " +
                    std::to_string(queries.columns) + "; both come from one backbone");
  }
  const int64_t classes = inputs.integer_setting("num_classes", 1000, 1, 1'000'000);
  const auto k = std::min(static_cast<size_t>(inputs.integer_setting("k", 20, 1, 1'000'000'000)), bank.rows);
  const std::vector<int64_t> train = inputs.labels("train_labels", bank.rows, classes);
  const std::vector<int64_t> test = inputs.labels("test_labels", queries.rows, classes);
  const Neighbours near = nearest_neighbours(bank, queries, k, std::max(1u, std::thread::hardware_concurrency()));
  std::vector<int64_t> voters;
  for (const int64_t i : near.index) voters.push_back(train[static_cast<size_t>(i)]);
  const std::vector<double> votes = knn_vote(voters, near.similarity, static_cast<int64_t>(k), classes,
                                             inputs.setting("temperature", 0.07, 1e-6, 1e6));
  const std::span<const double> rows(votes);
  const std::vector<int64_t> ranks = vote_ranks(rows, classes, test);
  const auto M = static_cast<int64_t>(queries.rows), K = static_cast<int64_t>(k);
  return {{"neighbours", integer_tensor({M, K}, ascending_neighbours(near.index, k))},
          {"scores", {{M, classes}, votes}},
          {"prediction", integer_tensor({M}, predictions(rows, classes))},
          {"top1", scalar_tensor(top_k(ranks, 1))},
          {"top5", scalar_tensor(top_k(ranks, kTop5))}};
}

NumberTensors logistic_regression(const ScoreInputs& inputs) {
  const Matrix features = inputs.matrix("features");
  const std::vector<int64_t> labels = inputs.labels("labels", features.rows, int64_t{1} << 31);
  const int64_t classes = 1 + *std::max_element(labels.begin(), labels.end());
  if (classes < 2) throw UserError("in.labels holds one class only; a classifier needs two");
  if (classes > static_cast<int64_t>(features.rows))
    throw UserError("in.labels names more classes than there are rows");
  const std::string form = classes == 2 ? "binary sigmoid" : "softmax";
  if (inputs.settings().value("form", form) != form) {
    throw UserError("setting 'form' is " + short_value(inputs.settings().at("form")) + ", and in.labels hold " +
                    std::to_string(classes) + " classes; expected \"" + form + "\" of them");
  }
  const LogisticFit fit = fit_logistic_regression(features, labels, classes, inputs.setting("C", 1, 1e-12, 1e12));
  if (!fit.converged) throw UserError("no minimum was reached; scale the features to unit spread");
  const std::vector<int64_t> shape = {static_cast<int64_t>(fit.weight.rows), static_cast<int64_t>(fit.weight.columns)};
  return {{"objective", scalar_tensor(fit.objective)},
          {"mean_cross_entropy", scalar_tensor(fit.mean_cross_entropy)},
          {"weight", {shape, fit.weight.values}},
          {"train_accuracy", scalar_tensor(fit.train_accuracy)}};
}

using Settings = std::vector<ScoreSetting>;
const Settings kTopk = {{"mean_per_class", {"over classes present in labels"}},
                        {"ties", {"rank = number of larger scores + number of equal scores at a lower class index"}}};
const Settings kEce = {
    {"bins"}, {"bin", {"(lo, hi]", "(lo, hi], edges rounded to float32"}}, {"confidence", {"max probability"}}};
const Settings kKnn = {{"k"},
                       {"temperature"},
                       {"num_classes"},
                       {"weight", {"exp(cosine/T)"}},
                       {"neighbours", {"indices of the k nearest, ascending"}},
                       {"scores", {"divided by their sum for this file"}}};
// The fit ends far below that tolerance of its objective.
const Settings kLogisticRegression = {
    {"C"},
    {"form", {"softmax", "binary sigmoid"}},
    {"objective", {"0.5*|W|^2 + C*sum CE; bias not penalised; bias is only fixed up to a constant and not compared"}},
    {"objective_rtol", {1e-6}}};

using Scores = Registry<ScoreEntry>;
const bool registered =
    Scores::add({"topk", "top-1, top-3, top-5 and mean per class from class scores", {}, topk, kTopk}) &&
    Scores::add({"classification", "the same as topk", {}, topk, kTopk}) &&
    Scores::add({"ece", "calibration error, log likelihood and Brier score from probabilities", {}, ece, kEce}) &&
    Scores::add({"knn", "weighted vote of the nearest training features", {}, knn, kKnn}) &&
    Scores::add({"logistic_regression",
                 "the linear classifier without a learning rate",
                 {},
                 logistic_regression,
                 kLogisticRegression});

}  // namespace
}  // namespace sslbench
