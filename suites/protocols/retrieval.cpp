// SPDX-License-Identifier: Apache-2.0
// retrieval: how well the images of a query's class come first among a gallery, by cosine of frozen features. Nothing
// is trained or chosen. Two numbers of the field go by "recall@k": the share of the positives that are found
// (torchmetrics), recall_at/k here, and whether any is found (metric learning), hit_at/k here.
// Shapes: N rows of the gallery, M queries, D features.
#include <algorithm>
#include <cmath>

#include "suites/metrics/bootstrap.h"
#include "suites/metrics/retrieval.h"
#include "suites/protocols/frozen/plain_arrays.h"
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
    add_feature_spread(context.record, subject.features.spread(dataset, Split::train), train.h_ND.size(0));
    context.record.images = test.h_ND.size(0) + train.h_ND.size(0);
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  void add_scores(const std::vector<RetrievalScores>& queries, StageRecord& record) const {
    const auto n = std::ssize(queries);
    const RetrievalScores mean = mean_retrieval(queries, k_.size());
    // A mean of ones may come out above 1 by rounding.
    const auto defined = [&](double value) { return n == 0 ? std::nan("") : std::min(1.0, value); };
    record.add("map", Split::test, defined(mean.map), n);
    record.add("map_at_r", Split::test, defined(mean.map_at_r), n);
    record.add("r_precision", Split::test, defined(mean.r_precision), n);
    for (size_t i = 0; i < k_.size(); ++i) {
      const std::string k = std::to_string(k_[i]);
      record.add("recall_at/" + k, Split::test, defined(mean.recall_at_k[i]), n);
      record.add("hit_at/" + k, Split::test, defined(mean.hit_at_k[i]), n);
      record.add("precision_at/" + k, Split::test, defined(mean.precision_at_k[i]), n);
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
  std::vector<Metric> out = {
      {.name = "map",
       .definition = "mean over queries of (1/P) sum over the P images of the query's class in the gallery of the "
                     "precision at their rank, the whole gallery ranked, also where a cosine is 0 or less, which "
                     "torchmetrics leaves out"},
      {.name = "map_at_r", .definition = "as map, of the first P ranks alone (arXiv:2003.08505)", .headline = false},
      {.name = "r_precision", .definition = "share of the query's class among the first P ranks", .headline = false},
      {.name = "recall_at/",
       .definition = "images of the query's class among the first k, over all of them: torchmetrics' recall@k"},
      {.name = "hit_at/",
       .definition = "share of queries with an image of their class among the first k: metric learning's Recall@k"},
      {.name = "precision_at/", .definition = "images of the query's class among the first k, over k"}};
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
