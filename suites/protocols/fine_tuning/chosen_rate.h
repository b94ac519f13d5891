// SPDX-License-Identifier: Apache-2.0
// The learning rate of fine-tuning, chosen for every row among the same rates on the same held-out training images: one
// rate for all rows ranks rates, since features of another scale ask for another one. Nothing of the test set is read.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/record/metric.h"
#include "suites/ground/settings.h"
#include "suites/protocols/fine_tuning/image_part.h"
#include "suites/training/stage_context.h"
#include "suites/training/train_settings.h"

namespace sslbench {

struct RateChoice {
  std::vector<double> rates;  // ascending; of a single one nothing is tried
  int64_t trial_epochs = 0;   // 0: as many as the training itself
  double held_out = 0.2;

  bool tries() const { return rates.size() > 1; }
};

// learning_rate, learning_rates, trial_epochs, held_out.
std::vector<Option> rate_options(const std::vector<double>& rates);
// UserError, which names the protocol, where the rates contradict each other.
RateChoice rate_choice(const Settings& settings, const std::string& protocol, const std::vector<double>& usual_rates);

// learning_rate, of whoever chooses one on held-out training images.
Metric chosen_rate_metric();

// What choosing tells: learning_rate, and trial_<metric>/<rate> of every rate.
std::vector<Metric> rate_metrics(const std::string& metric);

// Trains on `kept` as `training` says and returns what the result scores on `out`; NaN where nothing can be scored.
using RateTrial = std::function<double(const ImagePart& kept, const ImagePart& out, const TrainSettings& training,
                                       StageContext& context)>;

// Sets training.learning_rate: the only rate, or the one whose trial is best (ties: the smaller one; a trial that
// diverges is never taken; where nothing can be held out or scored, the middle of the grid). Adds trials and choice to
// the record. A finished trial is kept in the work folder, so that a resume goes on with the next; afterwards the
// context's progress counts the trials' steps, too. RunFailure(non_finite) when training diverges at every rate.
void choose_rate(const ImagePart& images, const RateChoice& choice, const std::string& metric, const RateTrial& trial,
                 TrainSettings& training, StageContext& context);

// Where rates were tried, all that was measured is of version 2: version 1 had one fixed rate, as rows still have that
// set one.
void mark_version(const RateChoice& choice, StageRecord& record);

}  // namespace sslbench
