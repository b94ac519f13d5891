// SPDX-License-Identifier: Apache-2.0
// clustering: do features fall into the classes by themselves? k-means on training images without their labels, of
// several starts the one of lowest inertia; then each test image is given to the nearest centre and clusters are held
// against labels (suites/metrics/labels/clustering.h). Test images choose nothing but the assignment that the accuracy
// is defined by. Shapes: N images, D features.
#include "suites/metrics/labels/clustering.h"

#include <cmath>

#include "suites/protocols/frozen/k_means.h"
#include "suites/protocols/frozen/plain_arrays.h"
#include "suites/protocols/parts/without_leaks.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {
namespace {

constexpr uint64_t kStartSeed = 50;  // the same draws in every run

class Clustering final : public Protocol {
 public:
  explicit Clustering(const Settings& settings) : normalise_(settings.flag("normalise")) {
    means_.clusters = settings.integer("clusters");
    means_.restarts = settings.integer("restarts");
    means_.iterations = settings.integer("iterations");
    means_.seed = kStartSeed;
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const Features train = on(context.device, subject.features.get(dataset, Split::train));
    KMeansSettings settings = means_;
    settings.stop = context.stop_requested;
    if (settings.clusters == 0) {
      settings.clusters = static_cast<int64_t>(subject.data.split(dataset, Split::train).classes.size());
    }
    const int64_t N = train.h_ND.size(0);
    if (settings.clusters > N) {
      throw UserError("clustering: clusters = " + std::to_string(settings.clusters) + ", and there are " +
                      std::to_string(N) + " training images; take fewer clusters");
    }
    const KMeans means = k_means(seen(train), settings);
    context.record.add("inertia", Split::train, means.inertia / static_cast<double>(N), N);
    const Features test = on(context.device, subject.features.get(dataset, Split::test));
    const int64_t M = test.h_ND.size(0);
    const std::vector<int64_t> clusters = integers_of(means.nearest(seen(test))), labels = integers_of(test.labels_N);
    add_scores(clusters, labels, "", context.record);
    if (const auto kept = images_without_leaks(subject, dataset, M)) {
      add_scores(of_images(clusters, *kept), of_images(labels, *kept), kWithoutLeaks, context.record);
    }
    add_feature_spread(context.record, subject.features.spread(dataset, Split::train), N);
    context.record.images = N + M;
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  static std::vector<int64_t> of_images(const std::vector<int64_t>& values, const std::vector<int64_t>& images) {
    std::vector<int64_t> out;
    for (const int64_t i : images) out.push_back(values[static_cast<size_t>(i)]);
    return out;
  }

  static void add_scores(const std::vector<int64_t>& clusters, const std::vector<int64_t>& labels,
                         const std::string& ending, StageRecord& record) {
    ClusteringScores scores{NAN, NAN, NAN, NAN};
    if (!labels.empty()) scores = clustering_scores(clusters, labels);
    const auto n = std::ssize(labels);
    record.add("nmi" + ending, Split::test, scores.nmi, n);
    record.add("ari" + ending, Split::test, scores.ari, n);
    record.add("accuracy" + ending, Split::test, scores.accuracy, n);
    record.add("purity" + ending, Split::test, scores.purity, n);
  }

  at::Tensor seen(const Features& features) const { return normalise_ ? unit_rows(features.h_ND) : features.h_ND; }

  KMeansSettings means_;
  bool normalise_;
};

std::vector<Metric> score_metrics() {
  return {
      {.name = "nmi",
       .definition = "mutual information of clusters and classes over the mean of both entropies",
       .constant_value = 0},
      {.name = "ari",
       .kind = MetricKind::quantity,
       .definition = "adjusted Rand index of clusters and classes: 1 equal, 0 as by chance",
       .constant_value = 0},
      {.name = "accuracy",
       .definition = "share of test images that are right under the best one-to-one matching of clusters to classes"},
      {.name = "purity",
       .definition = "share of test images that have their cluster's commonest class; rises with clusters",
       .headline = false}};
}

std::vector<Metric> own_metrics() {
  return joined(joined(score_metrics(), without_leaks(score_metrics())),
                {{.name = "inertia",
                  .better = Better::none,
                  .kind = MetricKind::quantity,
                  .definition = "squared distance of a training image to its centre, mean"}});
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "clustering",
     .summary = "k-means on features without labels, held against the classes: NMI, ARI, matched accuracy",
     .version = 1,
     .task = "classification",
     .metrics = joined(own_metrics(), feature_spread_metrics()),
     .options = {integer_option("clusters", 0, 0, 1e5, "0: as many as classes"),
                 integer_option("restarts", 10, 1, 1000, "starts, of which that of lowest inertia counts"),
                 integer_option("iterations", 100, 1, 1e6, "of Lloyd at most, for each start"),
                 flag_option("normalise", true, "features of unit length; false: as they are")},
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<Clustering>(settings);
     }});

}  // namespace
}  // namespace sslbench
