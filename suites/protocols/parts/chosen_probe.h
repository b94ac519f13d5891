// SPDX-License-Identifier: Apache-2.0
// A softmax probe on standardised features whose learning rate is chosen on held-out training images: what protocols
// have in common that ask one probe about one test set or many. Features are standardised by the training set's mean
// and deviation (as MAE's batch norm before the classifier, arXiv:2111.06377, A.1) unless an option says otherwise, so
// that one grid of rates fits features of any scale. Shapes: N training images, M others, D features, C classes, K
// learning rates.
#pragma once

#include <vector>

#include "suites/ground/settings.h"
#include "suites/protocols/frozen/feature_scale.h"
#include "suites/protocols/parts/features.h"
#include "suites/protocols/parts/held_out.h"
#include "suites/protocols/parts/softmax_probe.h"
#include "suites/protocols/protocol.h"

namespace sslbench {

struct ProbeChoice {
  ProbeTraining training;
  double held_out = 0.2;
  bool standardise = true;
};

// learning_rates, epochs, batch_size, momentum, weight_decay, held_out, nesterov, schedule, standardise.
std::vector<Option> probe_options();
ProbeChoice probe_choice(const Settings& settings);

// What choosing the rate tells: learning_rate, classes_held_out.
std::vector<Metric> choice_metrics();

// All that measure_probe adds but the features' spread.
std::vector<Metric> probe_metrics();

// The training images (by their classes) that choose a setting, and the others; the same in every run. UserError with
// fewer than two.
HeldOut training_parts(const at::Tensor& labels_N, double held_out);

// What a probe may see of the training images; the name is empty where there is nothing else.
struct SeenFeatures {
  std::string name;
  Features of;
};

struct ChosenProbe {
  size_t input = 0;  // which of the features it sees
  FeatureScale scale;
  SoftmaxProbe probe;  // of one rate, trained on all training images
  HeldOut parts;

  // Class scores [M, C].
  at::Tensor scores(const at::Tensor& h_MD) const { return probe.scores(scale(h_MD))[0]; }
};

// The features and the rate whose classifier, trained on the kept part, is best on the held-out part (ties: the first
// features, the smaller rate; where nothing can be held out, the first and the middle of the grid), then trained again
// on everything. Adds top1 of val and train, the rate and all trials to the record. UserError with fewer than two
// images.
ChosenProbe choose_and_train(const std::vector<SeenFeatures>& train, int64_t classes, ProbeChoice choice,
                             StageContext& context);
ChosenProbe choose_and_train(const Features& train, int64_t classes, ProbeChoice choice, StageContext& context);

// The same, trained on the kept part alone: nothing of it has seen the held-out part but the choice of the rate.
ChosenProbe choose_and_train_on_kept(const Features& train, int64_t classes, ProbeChoice choice, StageContext& context);

// Adds what the probe says about test images, the spread of the features that it was trained on, and how many images
// were looked at how fast.
void ask_probe(const ChosenProbe& probe, const Features& train, const Features& test, const FeatureSpread& spread,
               const Subject& subject, const DatasetSpec& dataset, StageContext& context);

// choose_and_train() of a data set's features, asked about its test images, which are read last.
ChosenProbe measure_probe(Subject& subject, const DatasetSpec& dataset, const ProbeChoice& choice,
                          StageContext& context);

}  // namespace sslbench
