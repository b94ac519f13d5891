// SPDX-License-Identifier: Apache-2.0
// sslbench score: what comes first, of a gallery and of labels that an image may have several of.
#include <algorithm>
#include <thread>

#include "suites/cli/score/score_op.h"
#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/metrics/labels/multilabel_ap.h"
#include "suites/metrics/retrieval.h"

namespace sslbench {
namespace {

// Any integers, one a row.
std::vector<int64_t> labels_of(const ScoreInputs& inputs, const std::string& name, const Matrix& rows) {
  std::vector<int64_t> out = inputs.integers(name, 1);
  if (out.size() == rows.rows) return out;
  throw UserError("in." + name + " holds " + std::to_string(out.size()) + " labels; expected " +
                  std::to_string(rows.rows) + ", one a row");
}

std::vector<int64_t> ks_of(const ScoreInputs& inputs) {
  if (!inputs.settings().contains("k")) return {1, 5, 10};
  std::vector<int64_t> out = exact_integers_at(inputs.settings(), "k");
  if (std::all_of(out.begin(), out.end(), [](int64_t k) { return k >= 1; })) return out;
  throw UserError("'k' holds " + std::to_string(*std::min_element(out.begin(), out.end())) + "; expected 1 or more");
}

std::vector<RetrievalScores> by_query(const ScoreInputs& inputs, const std::vector<int64_t>& k) {
  const size_t threads = std::max(1u, std::thread::hardware_concurrency());
  if (inputs.settings().value("form", "leave_one_out") == "leave_one_out") {
    const Matrix features = inputs.matrix("features");
    const std::vector<int64_t> labels = labels_of(inputs, "labels", features);
    return retrieval_by_query({features, labels, nullptr, {}}, k, threads);
  }
  const Matrix gallery = inputs.matrix("gallery"), query = inputs.matrix("query");
  if (gallery.columns != query.columns) {
    throw UserError("in.gallery has " + std::to_string(gallery.columns) + " columns and in.query " +
                    std::to_string(query.columns) + "; both come from one backbone");
  }
  const std::vector<int64_t> gallery_labels = labels_of(inputs, "gallery_labels", gallery),
                             query_labels = labels_of(inputs, "query_labels", query);
  return retrieval_by_query({gallery, gallery_labels, &query, query_labels}, k, threads);
}

NumberTensors retrieval(const ScoreInputs& inputs) {
  const std::vector<int64_t> k = ks_of(inputs);
  const std::vector<RetrievalScores> queries = by_query(inputs, k);
  const RetrievalScores out = mean_retrieval(queries, k.size());
  return {{"map", scalar_tensor(out.map)},
          {"r_precision", scalar_tensor(out.r_precision)},
          {"map_at_r", scalar_tensor(out.map_at_r)},
          {"recall_at_k", vector_tensor(out.recall_at_k)},
          {"hit_at_k", vector_tensor(out.hit_at_k)},
          {"precision_at_k", vector_tensor(out.precision_at_k)},
          {"queries", integer_tensor({}, {std::ssize(queries)})}};
}

// What has no value is written as -1 in files of this operation.
NumberTensor or_minus_one(std::vector<double> values) {
  std::replace_if(
      values.begin(), values.end(), [](double value) { return value != value; }, -1.0);
  return vector_tensor(std::move(values));
}

NumberTensor or_minus_one(double value) { return scalar_tensor(or_minus_one(std::vector<double>{value}).values[0]); }

NumberTensors multilabel(const ScoreInputs& inputs) {
  const Matrix scores = inputs.matrix("scores");
  const std::vector<int64_t> targets = inputs.integers("targets", 2);
  if (inputs.at("targets").shape != inputs.at("scores").shape) {
    throw UserError("in.scores and in.targets have different shapes; expected [items, classes] of both");
  }
  for (const int64_t target : targets) {
    if (target >= -1 && target <= 1) continue;
    throw UserError("in.targets holds " + std::to_string(target) +
                    "; expected 1 (positive), 0 (negative) or -1 (difficult: left out)");
  }
  const MultilabelAp out = multilabel_ap(scores, targets);
  return {{"ap_step", or_minus_one(out.step)},           {"ap_area", or_minus_one(out.area)},
          {"ap_11", or_minus_one(out.eleven)},           {"map_step", or_minus_one(out.map_step)},
          {"map_area", or_minus_one(out.map_area)},      {"map_11", or_minus_one(out.map_11)},
          {"classes", integer_tensor({}, {out.classes})}};
}

using Settings = std::vector<ScoreSetting>;
const Settings kRetrieval = {{"form", {"leave_one_out", "query_gallery"}},
                             {"k"},
                             {"similarity", {"cosine"}},
                             {"ties", {"lower gallery index first"}}};
const Settings kMultilabel = {{"absent_class", {-1}},
                              {"targets", {"1 positive, 0 negative, -1 difficult: left out of that class"}},
                              {"ties", {"area, 11: lower index first; step: tied scores enter together"}}};

using Scores = Registry<ScoreEntry>;
const bool registered =
    Scores::add({"retrieval", "how well a query's class comes first in a gallery", {}, retrieval, kRetrieval}) &&
    Scores::add(
        {"multilabel_map", "average precision of images that may show several classes", {}, multilabel, kMultilabel});

}  // namespace
}  // namespace sslbench
