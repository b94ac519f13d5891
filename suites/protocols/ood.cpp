// SPDX-License-Identifier: Apache-2.0
// ood: do features tell images of other sets from those of their own? Every test image and every image of other sets'
// test parts gets a score from features of the training images alone; nothing is trained or chosen. Nearest neighbours:
// Sun, Ming, Zhu, Li, ICML 2022, arXiv:2204.06507; distance to class means: Lee et al., NeurIPS 2018, arXiv:1807.03888,
// and Ren et al., arXiv:2106.09022. Which images the two sets share, if any, is not looked at.
// Shapes: N training images, M test images, D features.
#include <algorithm>

#include "datasets/data_source.h"
#include "suites/metrics/outliers/mahalanobis.h"
#include "suites/metrics/outliers/neighbour_distance.h"
#include "suites/metrics/outliers/separation.h"
#include "suites/plan/other_sets.h"
#include "suites/protocols/frozen/plain_arrays.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

DatasetSpec planned(const std::string& text) {
  const OtherSet set = other_set(text);
  const DatasetEntry& entry = Registry<DatasetEntry>::find(set.name);
  nlohmann::json values = Settings("dataset '" + set.name + "'", entry.options, nlohmann::json::object()).values();
  for (const Option& option : entry.options) values[option.name] = canonical(option, values[option.name]);
  return {set.name, values, set.digest};
}

// Higher: more like the training images.
struct OwnScores {
  std::vector<double> knn, mahalanobis, relative;
};

class Ood final : public Protocol {
 public:
  explicit Ood(const Settings& settings) : sets_(settings.texts(kOtherSets)), k_(settings.integer("k")) {
    if (sets_.empty()) throw UserError("ood: other_sets is an empty list; name one set or more");
    for (const std::string& set : sets_) Registry<DatasetEntry>::find(other_set(set).name);
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const Features& train = subject.features.get(dataset, Split::train);
    classes_ = static_cast<int64_t>(subject.data.split(dataset, Split::train).classes.size());
    bank_ = matrix_of(train.h_ND);
    labels_ = integers_of(train.labels_N);
    const Features& test = subject.features.get(dataset, Split::test);
    const OwnScores in = scores_of(test);
    const int64_t n = test.h_ND.size(0);
    context.record.images = train.h_ND.size(0) + n;
    std::vector<std::pair<std::string, double>> means;  // over sets
    for (const std::string& text : sets_) {
      if (context.stop_requested()) throw Interrupted{};
      const DatasetSpec other = planned(text);
      const Features& others = subject.features.get(other, Split::test);
      context.record.images += others.h_ND.size(0);
      const auto values = separations(in, scores_of(others));
      for (size_t i = 0; i < values.size(); ++i) {
        const auto& [metric, value] = values[i];
        if (means.size() <= i) means.emplace_back(metric, 0);
        means[i].second += value / static_cast<double>(sets_.size());
        if (sets_.size() > 1) context.record.add(metric + "/" + other.name, Split::test, value, n);
      }
    }
    for (const auto& [metric, value] : means) context.record.add(metric, Split::test, value, n);
    add_feature_spread(context.record, subject.features.spread(dataset, Split::train), train.h_ND.size(0));
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  OwnScores scores_of(const Features& features) const {
    const Matrix queries = matrix_of(features.h_ND);
    OwnScores out;
    out.knn = neighbour_distances(bank_, queries, std::min(static_cast<size_t>(k_), bank_.rows), metric_threads());
    for (double& each : out.knn) each = -each;
    MahalanobisScores by_class = mahalanobis_scores(bank_, labels_, classes_, queries, metric_threads());
    out.mahalanobis = std::move(by_class.score), out.relative = std::move(by_class.relative);
    return out;
  }

  static std::vector<std::pair<std::string, double>> separations(const OwnScores& in, const OwnScores& out) {
    const Separation knn = separation(in.knn, out.knn);
    return {{"auroc", knn.auroc},
            {"auroc_mahalanobis", separation(in.mahalanobis, out.mahalanobis).auroc},
            {"auroc_relative_mahalanobis", separation(in.relative, out.relative).auroc},
            {"aupr_in", knn.aupr_in},
            {"aupr_out", knn.aupr_out},
            {"fpr95", knn.fpr_in_positive},
            {"fpr95_openood", knn.fpr_out_positive}};
  }

  std::vector<std::string> sets_;
  int64_t k_;
  int64_t classes_ = 0;
  Matrix bank_;
  std::vector<int64_t> labels_;
};

std::vector<Metric> own_metrics() {
  constexpr const char* kAlike = "features are the same for every training image";
  return {
      {.name = "auroc",
       .definition = "probability that a test image lies nearer to its k-th nearest training image than an image of "
                     "another set (equal: half), rows of unit length; averaged over sets, each also by itself",
       .constant_value = 0.5},
      {.name = "auroc_mahalanobis",
       .definition = "the same of the Mahalanobis distance to the nearest class mean, one covariance for all",
       .constant_value = 0.5,
       .undefined_when = kAlike},
      {.name = "auroc_relative_mahalanobis",
       .definition = "the same less the distance to the mean of all training images by their covariance",
       .constant_value = 0.5,
       .undefined_when = kAlike},
      {.name = "aupr_in", .definition = "of nearest neighbours, test images positive", .headline = false},
      {.name = "aupr_out", .definition = "of nearest neighbours, the other set positive", .headline = false},
      {.name = "fpr95",
       .better = Better::lower,
       .definition = "share of the other set that passes where 95 % of the test images do, of nearest neighbours"},
      {.name = "fpr95_openood",
       .better = Better::lower,
       .definition = "share of the test images that is refused where 95 % of the other set is, as OpenOOD prints",
       .headline = false}};
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "ood",
     .summary = "how well features tell images of other sets from their own: AUROC, FPR at 95 %; nothing is trained",
     .version = 1,
     .task = "classification",
     .metrics = joined(own_metrics(), feature_spread_metrics()),
     .options = {texts_option(kOtherSets, {"shapes"},
                              "sets whose test images are strangers, by name, installed as any other"),
                 integer_option("k", 50, 1, 1e6, "which neighbour's distance counts (the last, of fewer images)")},
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> { return std::make_unique<Ood>(settings); }});

}  // namespace
}  // namespace sslbench
