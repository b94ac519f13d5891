// SPDX-License-Identifier: Apache-2.0
// retrieval: how well the images of a query's class come first among a gallery, by cosine of frozen features. Nothing
// is trained or chosen. Two numbers of the field go by "recall@k": the share of the positives that are found
// (torchmetrics), recall_at/k here, and whether any is found (metric learning), hit_at/k here.
// Shapes: N rows of the gallery, M queries, D features.
#include <algorithm>
#include <cmath>

#include "suites/metrics/bootstrap.h"
#include "suites/metrics/retrieval.h"
#include "suites/protocols/frozen/feature_scale.h"
#include "suites/protocols/frozen/plain_arrays.h"
#include "suites/protocols/parts/without_leaks.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

class Retrieval final : public Protocol {
 public:
  explicit Retrieval(const Settings& settings) : own_gallery_(settings.text("gallery") == "test") {
    for (const double each : settings.reals("k")) {
      if (each != std::floor(each)) {
        throw UserError("retrieval: k takes whole numbers, got " + nlohmann::json(each).dump());
      }
      k_.push_back(static_cast<int64_t>(each));
    }
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const Features& train = subject.features.get(dataset, Split::train);
    const Features& test = subject.features.get(dataset, Split::test);
    const Features& gallery = own_gallery_ ? test : train;
    const Matrix gallery_ND = matrix_of(gallery.h_ND), query_MD = own_gallery_ ? Matrix{} : matrix_of(test.h_ND);
    const std::vector<int64_t> gallery_labels = integers_of(gallery.labels_N), labels = integers_of(test.labels_N);
    RetrievalTask task{gallery_ND, gallery_labels, nullptr, {}};
    if (!own_gallery_) task.queries = &query_MD, task.query_labels = labels;
    add_scores(retrieval_by_query(task, k_, metric_threads()), context.record);
    if (const auto kept = images_without_leaks(subject, dataset, test.h_ND.size(0))) {
      add_kept(*kept, test, task, context.record);
    }
    add_feature_spread(context.record, subject.features.spread(dataset, Split::train), train.h_ND.size(0));
    context.record.images = test.h_ND.size(0) + train.h_ND.size(0);
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  // Of the kept test images as queries; where they are the gallery, too, of a gallery of them alone.
  void add_kept(const std::vector<int64_t>& kept, const Features& test, RetrievalTask task, StageRecord& record) const {
    std::vector<RetrievalScores> scores;
    if (!kept.empty()) {
      const Features some = some_of(test, kept);
      const Matrix some_MD = matrix_of(some.h_ND);
      const std::vector<int64_t> labels = integers_of(some.labels_N);
      const RetrievalTask of_kept = own_gallery_ ? RetrievalTask{some_MD, labels, nullptr, {}}
                                                 : RetrievalTask{task.gallery, task.gallery_labels, &some_MD, labels};
      scores = retrieval_by_query(of_kept, k_, metric_threads());
    }
    add_means(scores, kWithoutLeaks, record);
  }

  // A mean of ones may come out above 1 by rounding.
  static double defined(double value, int64_t n) { return n == 0 ? std::nan("") : std::min(1.0, value); }

  // The mean, whose numbers at k are not added.
  RetrievalScores add_means(const std::vector<RetrievalScores>& queries, const std::string& ending,
                            StageRecord& record) const {
    const auto n = std::ssize(queries);
    RetrievalScores mean = mean_retrieval(queries, k_.size());
    record.add("map" + ending, Split::test, defined(mean.map, n), n);
    record.add("map_at_r" + ending, Split::test, defined(mean.map_at_r, n), n);
    record.add("r_precision" + ending, Split::test, defined(mean.r_precision, n), n);
    return mean;
  }

  void add_scores(const std::vector<RetrievalScores>& queries, StageRecord& record) const {
    const auto n = std::ssize(queries);
    const RetrievalScores mean = add_means(queries, "", record);
    for (size_t i = 0; i < k_.size(); ++i) {
      const std::string k = std::to_string(k_[i]);
      record.add("recall_at/" + k, Split::test, defined(mean.recall_at_k[i], n), n);
      record.add("hit_at/" + k, Split::test, defined(mean.hit_at_k[i], n), n);
      record.add("precision_at/" + k, Split::test, defined(mean.precision_at_k[i], n), n);
    }
    if (n == 0) return;
    std::vector<double> map;
    for (const RetrievalScores& each : queries) map.push_back(each.map);
    record.replicates["map"] = bootstrap_mean(map);
  }

  bool own_gallery_;
  std::vector<int64_t> k_;
};

std::vector<Metric> own_metrics() {
  constexpr const char* kNone = "no query has an image of its class in the gallery";
  std::vector<Metric> of_all_ranks = {
      {.name = "map",
       .definition = "mean over queries of (1/P) sum over the P images of the query's class in the gallery of the "
                     "precision at their rank, the whole gallery ranked, also where a cosine is 0 or less, which "
                     "torchmetrics leaves out"},
      {.name = "map_at_r", .definition = "as map, of the first P ranks alone (arXiv:2003.08505)", .headline = false},
      {.name = "r_precision", .definition = "share of the query's class among the first P ranks", .headline = false}};
  std::vector<Metric> out = joined(
      of_all_ranks,
      {{.name = "recall_at/",
        .definition = "images of the query's class among the first k, over all of them: torchmetrics' recall@k"},
       {.name = "hit_at/",
        .definition = "share of queries with an image of their class among the first k: metric learning's Recall@k"},
       {.name = "precision_at/", .definition = "images of the query's class among the first k, over k"}});
  out = joined(out, without_leaks(of_all_ranks));
  for (Metric& metric : out) metric.undefined_when = kNone;
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "retrieval",
     .summary = "how early images of a query's class come among a gallery by cosine: mAP, recall@k; nothing is trained",
     .version = 1,
     .task = "classification",
     .metrics = joined(own_metrics(), feature_spread_metrics()),
     .options = {choice_option("gallery", "train", {"train", "test"},
                               "what test images are searched among: the training images, or the other test images"),
                 reals_option("k", {1, 5, 10}, 1, 1e6, "whole numbers")},
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Retrieval>(settings);
     }});

}  // namespace
}  // namespace sslbench
