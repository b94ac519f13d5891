// SPDX-License-Identifier: Apache-2.0
// knn: weighted vote of the k nearest training images by cosine similarity, weight exp(cos / T).
// Wu, Xiong, Yu, Lin: "Unsupervised Feature Learning via Non-Parametric Instance Discrimination", CVPR 2018,
// arXiv:1805.01978, section 3.4; k = 20 and T = 0.07 as in DINO's eval_knn.py. Nothing is trained or chosen. With
// leave_one_out training images vote for one another, and no test image is read.
// Shapes: N training images, M test images, D features.
#include <algorithm>

#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/nearest_votes.h"
#include "suites/protocols/parts/sample_pictures.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {
namespace {

// Version 1 counted classes without a vote among the five, in the order of their numbers. Nothing else of the protocol
// changed, so the metric alone has another version.
constexpr int64_t kTopFiveVersion = 2;

constexpr const char* kBefore = "top1_before";

// Of rows with pretrain.init alone: what training forgot of a set is this less top1.
std::vector<Metric> before_metrics() {
  return {{.name = kBefore,
           .better = Better::none,
           .kind = MetricKind::share,
           .definition = "top1 of the weights that training started from (pretrain.init)",
           .headline = false}};
}

class Knn final : public Protocol {
 public:
  explicit Knn(const Settings& settings)
      : k_(settings.integer("k")),
        temperature_(settings.real("temperature")),
        normalise_(settings.flag("normalise")),
        leave_one_out_(settings.flag("leave_one_out")) {}

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const Features& train = subject.features.get(dataset, Split::train);
    const auto classes = static_cast<int64_t>(subject.data.split(dataset, Split::train).classes.size());
    add_feature_spread(context.record, subject.features.spread(dataset, Split::train), train.h_ND.size(0));
    context.record.images = train.h_ND.size(0);
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
    if (leave_one_out_) return measure_others(train, classes, context);
    const Features& test = subject.features.get(dataset, Split::test);
    context.record.images += test.h_ND.size(0);
    const NearestVotes votes = vote(train, test, classes, context.device);
    add_accuracy(context.record, votes.votes_MC, test.labels_N, train.labels_N, ScoreKind::votes);
    add_accuracy_without_leaks(context.record, votes.votes_MC, test.labels_N, subject, dataset, ScoreKind::votes);
    for (Measurement& m : context.record.measurements) {
      if (m.metric == "top5") m.version = kTopFiveVersion;
    }
    add_samples(votes.neighbour_MK, subject.data, dataset, context.record);
    if (subject.before != nullptr) add_before(*subject.before, dataset, classes, context);
  }

 private:
  NearestVotes vote(const Features& train, const Features& test, int64_t classes, at::Device device) const {
    return nearest_votes(rows_of(train, device), train.labels_N, rows_of(test, device), k_, classes, temperature_);
  }

  at::Tensor rows_of(const Features& features, at::Device device) const {
    const at::Tensor h_ND = features.h_ND.to(device);
    return normalise_ ? unit_rows(h_ND) : h_ND;
  }

  // Of the training images, each by all others: a validation, which costs no image of the test set.
  void measure_others(const Features& train, int64_t classes, StageContext& context) const {
    if (train.h_ND.size(0) < 2) throw UserError("knn: leave_one_out needs at least 2 training images");
    const NearestVotes votes =
        nearest_votes_of_others(rows_of(train, context.device), train.labels_N, k_, classes, temperature_);
    add_scores(context.record, votes.votes_MC, train.labels_N, ScoreKind::votes, Split::val);
  }

  // The same measurement of the weights that training started from.
  void add_before(FeatureCache& features, const DatasetSpec& dataset, int64_t classes, StageContext& context) const {
    const Features& train = features.get(dataset, Split::train);
    const Features& test = features.get(dataset, Split::test);
    StageRecord before;
    before.name = context.record.name;
    before.metrics = accuracy_metrics();
    add_accuracy(before, vote(train, test, classes, context.device).votes_MC, test.labels_N, train.labels_N,
                 ScoreKind::votes);
    for (const Measurement& m : before.measurements) {
      if (m.metric == "top1") context.record.add(kBefore, Split::test, m.value, m.n);
    }
  }

  // A few test images with their nearest training images, for the report.
  static void add_samples(const at::Tensor& neighbour_MK, ImageSets& data, const DatasetSpec& dataset,
                          StageRecord& record) {
    constexpr int64_t kShown = 5;
    const LoadedSplit& train = data.split(dataset, Split::train);
    const ImageSet& test = *data.split(dataset, Split::test).images;
    for (const int64_t i : sample_numbers(test.size(), kSampleLines)) {
      Sample sample{small_picture(*test.item(i))};
      const int64_t* neighbour_K = neighbour_MK.const_data_ptr<int64_t>() + i * neighbour_MK.size(1);
      for (int64_t k = 0; k < std::min(kShown, neighbour_MK.size(1)); ++k) {
        sample.beside.push_back(small_picture(*train.images->item(neighbour_K[k])));
      }
      record.samples.push_back(std::move(sample));
    }
  }

  int64_t k_;
  double temperature_;
  bool normalise_, leave_one_out_;
};

// k, temperature and rows of unit length as published; features are those of the row's backbone, computed once.
std::vector<ProtocolPreset> presets() {
  return {{"dino",
           "facebookresearch/dino eval_knn.py (ViT: class token; k of 10, 20, 100, 200, of which 20 is reported)",
           {{"k", 20}, {"temperature", 0.07}, {"normalise", true}}},
          {"lightly",
           "lightly-ai/lightly benchmarks/imagenet: KNNClassifier with knn_k 200, knn_t 0.1",
           {{"k", 200}, {"temperature", 0.1}, {"normalise", true}}},
          {"vissl",
           "facebookresearch/vissl eval_resnet_8gpu_in1k_kNN.yaml: k 200, sigma 0.1, L2_NORM False, so that products "
           "of features vote as they are (Wu et al. have unit length)",
           {{"k", 200}, {"temperature", 0.1}, {"normalise", false}}}};
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "knn",
     .summary = "weighted vote of the nearest training images by cosine; nothing is trained",
     .version = 1,
     .task = "classification",
     .metrics = joined(joined(all_accuracy_metrics(), before_metrics()), feature_spread_metrics()),
     .options = {integer_option("k", 20, 1, 1e6, "neighbours that vote (all, when the training set is smaller)"),
                 real_option("temperature", 0.07, 1e-4, 1e3, "T of the weight exp(cos / T)"),
                 later(flag_option("normalise", true, "features of unit length; false: their products as they are"),
                       true),
                 later(flag_option("leave_one_out", false,
                                   "training images vote for one another, which gives numbers of split val; the test "
                                   "set is not read"),
                       false)},
     .presets = presets(),
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> { return std::make_unique<Knn>(settings); }});

}  // namespace
}  // namespace sslbench
