// SPDX-License-Identifier: Apache-2.0
// linear_probe: softmax regression on frozen features. The learning rate is chosen on a held-out part of the training
// set; the classifier is then trained again on all of it and the test set is read once.
// Features are standardised by the training set's mean and deviation (as MAE's batch norm before the classifier,
// arXiv:2111.06377, A.1), so that one grid of rates fits features of any scale. They are computed once, without
// augmentation: see SwAV, DINOv2 and MAE for protocols that augment every epoch.
// Shapes: N images, D features, C classes, K learning rates.
#include <algorithm>
#include <limits>

#include "datasets/batches/sample_order.h"
#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/held_out.h"
#include "suites/protocols/parts/softmax_probe.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// Of sets so small that the last part of the images lacks a class: version 1 chose the rate on that all the same.
constexpr int64_t kByClassVersion = 2;
constexpr uint64_t kHeldOutSeed = 20;  // the same images are held out in every run

struct Standardised {
  Tensor train_ND, test_MD;
};

Standardised standardise(const Tensor& train_ND, const Tensor& test_MD) {
  const Tensor mean_D = train_ND.mean(0);
  const Tensor deviation_D = train_ND.std(0).clamp_min(1e-6);  // a dead feature stays 0
  return {(train_ND - mean_D) / deviation_D, (test_MD - mean_D) / deviation_D};
}

Features on(at::Device device, const Features& features) {
  return {features.h_ND.to(device), features.labels_N.to(device), features.images_per_second};
}

class LinearProbe final : public Protocol {
 public:
  explicit LinearProbe(const Settings& settings) : held_out_(settings.real("held_out")) {
    training_.learning_rates = settings.reals("learning_rates");
    std::sort(training_.learning_rates.begin(), training_.learning_rates.end());
    training_.epochs = settings.integer("epochs");
    training_.batch_size = settings.integer("batch_size");
    training_.momentum = settings.real("momentum");
    training_.weight_decay = settings.real("weight_decay");
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const Features train = on(context.device, subject.features.get(dataset, Split::train));
    const auto classes = static_cast<int64_t>(subject.data.split(dataset, Split::train).classes.size());
    training_.seed = context.seed;
    training_.stop = context.stop_requested;
    const HeldOut parts = held_out(train);
    const double rate = choose_rate(train, classes, parts, context.record);
    const Features test = on(context.device, subject.features.get(dataset, Split::test));

    ProbeTraining final_training = training_;
    final_training.learning_rates = {rate};
    const Standardised x = standardise(train.h_ND, test.h_ND);
    const SoftmaxProbe probe = train_probe(x.train_ND, train.labels_N, classes, final_training);
    const double fitted = probe.accuracies(x.train_ND, train.labels_N).item<double>();
    context.record.add("top1", Split::train, fitted, train.h_ND.size(0));
    add_accuracy(context.record, probe.scores(x.test_MD)[0], test.labels_N, train.labels_N);
    add_feature_spread(context.record, subject.features.spread(dataset, Split::train), train.h_ND.size(0));
    for (Measurement& m : context.record.measurements) m.version = parts.by_class ? kByClassVersion : 0;
    context.record.images = train.h_ND.size(0) + test.h_ND.size(0);
    context.record.images_per_second = train.images_per_second;  // of the features, which protocols share
  }

 private:
  HeldOut held_out(const Features& train) const {
    const int64_t N = train.h_ND.size(0);
    if (N < 2) throw UserError("linear_probe: needs at least 2 training images, got " + std::to_string(N));
    const Tensor labels_N = train.labels_N.to(at::kCPU).contiguous();
    const std::vector<int64_t> order = epoch_order(kHeldOutSeed, 0, N);
    return hold_out({labels_N.const_data_ptr<int64_t>(), static_cast<size_t>(N)}, order, held_out_);
  }

  // The rate whose classifier, trained on the kept part, is best on the held-out part; ties go to the smaller rate. All
  // trials are recorded. Where nothing can be held out, the middle of the grid.
  double choose_rate(const Features& train, int64_t classes, const HeldOut& parts, StageRecord& record) const {
    const auto held = static_cast<int64_t>(parts.out.size());
    if (parts.classes_out < parts.classes) {
      record.add("classes_held_out", Split::val, static_cast<double>(parts.classes_out), parts.classes);
    }
    const double rate = held == 0 ? training_.learning_rates[(training_.learning_rates.size() - 1) / 2]
                                  : best_rate(train, classes, parts, record);
    if (held == 0) {
      record.add("top1", Split::val, std::numeric_limits<double>::quiet_NaN(), 0,
                 "no class has two training images: none was held out");
    }
    record.add("learning_rate", Split::val, rate, held);
    return rate;
  }

  double best_rate(const Features& train, int64_t classes, const HeldOut& parts, StageRecord& record) const {
    const at::Device device = train.h_ND.device();
    const Tensor kept = at::tensor(parts.kept, at::kLong).to(device), out = at::tensor(parts.out, at::kLong).to(device);
    const Standardised x = standardise(train.h_ND.index_select(0, kept), train.h_ND.index_select(0, out));
    const SoftmaxProbe probe = train_probe(x.train_ND, train.labels_N.index_select(0, kept), classes, training_);
    const Tensor accuracy_K = probe.accuracies(x.test_MD, train.labels_N.index_select(0, out)).to(at::kCPU);
    Curve& trials = record.curves["held_out_top1_by_rate"];
    for (size_t k = 0; k < training_.learning_rates.size(); ++k) {
      trials.step.push_back(static_cast<int64_t>(k));
      trials.value.push_back(accuracy_K[static_cast<int64_t>(k)].item<double>());
    }
    const int64_t best = accuracy_K.argmax().item<int64_t>();
    record.add("top1", Split::val, accuracy_K[best].item<double>(), static_cast<int64_t>(parts.out.size()));
    return training_.learning_rates[static_cast<size_t>(best)];
  }

  double held_out_;
  ProbeTraining training_;
};

// What choosing the rate tells.
std::vector<Metric> choice_metrics() {
  return {{.name = "learning_rate",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "the learning rate that was chosen on held-out training images"},
          {.name = "classes_held_out",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "classes with an image among the held-out ones, where not all have one"}};
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "linear_probe",
     .summary = "softmax regression on frozen, standardised features; learning rate chosen on held-out training images",
     .version = 1,
     .task = "classification",
     .metrics = joined(joined(accuracy_metrics(), choice_metrics()), feature_spread_metrics()),
     .options = {reals_option("learning_rates", {0.001, 0.003, 0.01, 0.03, 0.1, 0.3}, 1e-9, 1e6,
                              "the grid, tried together; the best on held-out training images is taken"),
                 integer_option("epochs", 100, 1, 1e6, "passes over the features"),
                 integer_option("batch_size", 256, 1, 1e6, "images of one step"),
                 real_option("momentum", 0.9, 0, 1, "of SGD"),
                 real_option("weight_decay", 0, 0, 1e3, "L2 on the weights"),
                 real_option("held_out", 0.2, 0.01, 0.9,
                             "share of the training images that chooses the rate; some of each class")},
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<LinearProbe>(settings);
     }});

}  // namespace
}  // namespace sslbench
