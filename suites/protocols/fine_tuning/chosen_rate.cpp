// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/fine_tuning/chosen_rate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <system_error>

#include "datasets/batches/sample_order.h"
#include "reports/record/curve_log.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/protocols/parts/held_out.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/training/loop_counters.h"
#include "suites/training/saving/checkpoint.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr int64_t kChosenRateVersion = 2;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kDiverged = "training at this rate diverged";
constexpr const char* kNothing = "the held-out images have nothing to score";

struct Outcome {
  double value = kNan;
  bool diverged = false;
};

std::string rate_text(double rate) { return json(rate).dump(); }

// Images that all count alike: without classes that would have to lie on both sides.
HeldOut parts_of(const ImagePart& images, double share) {
  const std::vector<int64_t> alike(static_cast<size_t>(images.size()), 0);
  return hold_out(alike, epoch_order(kHeldOutSeed, 0, images.size()), share);
}

int64_t steps_of(int64_t images, const TrainSettings& training) {
  return SampleOrder(0, images, training.batch_size, training.drop_last).steps_per_epoch() * training.epochs;
}

// Trials of one stage, one after the other.
class Trials {
 public:
  Trials(const ImagePart& images, const RateChoice& choice, const RateTrial& trial, const TrainSettings& training,
         StageContext& context)
      : choice_(choice),
        trial_(trial),
        training_(training),
        context_(context),
        kept_{images.images, {}},
        out_{images.images, {}} {
    const HeldOut parts = parts_of(images, choice.held_out);
    for (const int64_t i : parts.kept) kept_.numbers.push_back(images.numbers[static_cast<size_t>(i)]);
    for (const int64_t i : parts.out) out_.numbers.push_back(images.numbers[static_cast<size_t>(i)]);
    if (choice.trial_epochs > 0) training_.epochs = choice.trial_epochs;
    steps_each_ = steps_of(kept_.size(), training_);
    steps_ = std::ssize(choice.rates) * steps_each_ + steps_of(images.size(), training);
  }

  int64_t held() const { return out_.size(); }

  Outcome outcome(size_t k) {
    StageRecord record;
    record.name = context_.record.name + "+" + std::to_string(k);  // no name of a row holds a +
    record.key = context_.record.key;
    if (const auto known = finished(record)) return *known;
    const Outcome out = carry_out(k, record);
    keep(record, out);
    return out;
  }

  // Steps of what follows `trials` trials, of all steps.
  auto progress_after(size_t trials) const {
    return [before = static_cast<int64_t>(trials) * steps_each_, all = steps_, tell = context_.progress](
               int64_t step, int64_t, double images_per_second) { tell(before + step, all, images_per_second); };
  }

 private:
  Outcome carry_out(size_t k, StageRecord& record) {
    StageContext context{.record = record,
                         .work = context_.work,
                         .device = context_.device,
                         .seed = context_.seed,
                         .earlier = context_.earlier,
                         .used = context_.used,
                         .progress = progress_after(k),
                         .stop_requested = context_.stop_requested,
                         .note = context_.note};
    training_.learning_rate = choice_.rates[k];
    Outcome out;
    try {
      out.value = trial_(kept_, out_, training_, context);
    } catch (const RunFailure& failure) {
      if (failure.kind() != FailureKind::non_finite) throw;
      out.diverged = true;
    }
    context_.earlier = context.earlier;
    return out;
  }

  fs::path file_of(const StageRecord& trial) const { return context_.work / (trial.name + ".json"); }

  // By the first rank; what it cost counts when the stage goes on from here.
  void keep(const StageRecord& trial, const Outcome& out) {
    LoopCounters counters;
    counters.cost = context_.earlier + context_.used();
    if (ranks().is_first()) {
      const json value = std::isnan(out.value) ? json() : json(out.value);
      write_atomically(
          file_of(trial),
          json{{"key", trial.key}, {"value", value}, {"diverged", out.diverged}, {"counters", counters.notes()}}
              .dump());
      Checkpoints(context_.work, trial.name, trial.key).remove_all();
      std::error_code ignored;
      fs::remove(curve_log_file(context_.work, trial.name), ignored);
    }
    ranks().wait_for_all();
  }

  // What the first rank finds is everybody's.
  std::optional<Outcome> finished(const StageRecord& trial) {
    std::optional<Outcome> found;
    if (ranks().is_first()) found = read(trial);
    const at::Tensor told =
        at::tensor({found ? 1.0 : 0.0, found ? found->value : 0.0, found && found->diverged ? 1.0 : 0.0}, at::kDouble);
    ranks().copy_from_first(told);
    const double* say = told.const_data_ptr<double>();
    if (say[0] == 0) return std::nullopt;
    return Outcome{say[1], say[2] != 0};
  }

  std::optional<Outcome> read(const StageRecord& trial) {
    std::error_code none;
    if (!fs::exists(file_of(trial), none)) return std::nullopt;
    try {
      const json from = json::parse(read_file(file_of(trial)));
      if (from.at("key") != trial.key) return std::nullopt;
      const Outcome out{from.at("value").is_null() ? kNan : from.at("value").get<double>(), from.at("diverged")};
      context_.earlier = LoopCounters::from(0, from.at("counters")).cost;
      return out;
    } catch (const std::exception& error) {  // damaged: the trial is done again
      if (context_.note) context_.note(file_of(trial).filename().string() + " is damaged: " + error.what());
      return std::nullopt;
    }
  }

  const RateChoice& choice_;
  const RateTrial& trial_;
  TrainSettings training_;
  StageContext& context_;
  ImagePart kept_, out_;
  int64_t steps_each_ = 0, steps_ = 0;
};

// The middle of the grid where no trial has a value.
double best_rate(const std::vector<double>& rates, const std::vector<Outcome>& outcomes) {
  std::optional<size_t> best;
  for (size_t k = 0; k < outcomes.size(); ++k) {
    if (std::isnan(outcomes[k].value)) continue;
    if (!best || outcomes[k].value > outcomes[*best].value) best = k;
  }
  return rates[best.value_or((rates.size() - 1) / 2)];
}

}  // namespace

std::vector<Option> rate_options(const std::vector<double>& rates) {
  const auto new_option = [](Option option) { return later(option, option.fallback); };
  return {real_option("learning_rate", 0, 0, 1e3,
                      "of AdamW; fixed and equal for every row, nothing is tried; 0 = chosen among learning_rates"),
          new_option(reals_option("learning_rates", rates, 1e-9, 1e3,
                                  "the grid: a row takes the one that is best on held-out training images, then trains "
                                  "on all of them")),
          new_option(integer_option("trial_epochs", 0, 0, 1e6, "passes of a trial of one rate; 0 = as many as epochs")),
          new_option(real_option("held_out", 0.2, 0.01, 0.9,
                                 "share of the training images that chooses the rate; the same for every row"))};
}

RateChoice rate_choice(const Settings& settings, const std::string& protocol, const std::vector<double>& usual_rates) {
  RateChoice out{settings.reals("learning_rates"), settings.integer("trial_epochs"), settings.real("held_out")};
  const std::string owner = "protocol '" + protocol + "': ";
  if (out.rates.empty()) throw UserError(owner + "learning_rates is empty; name a rate, or several to choose among");
  std::sort(out.rates.begin(), out.rates.end());
  const auto twice = std::adjacent_find(out.rates.begin(), out.rates.end());
  if (twice != out.rates.end()) throw UserError(owner + "learning_rates names " + rate_text(*twice) + " twice");
  const double fixed = settings.real("learning_rate");
  if (fixed == 0) return out;
  if (settings.reals("learning_rates") != usual_rates) {
    throw UserError(owner + "learning_rate = " + rate_text(fixed) +
                    " fixes the rate, so that nothing is chosen among learning_rates; set one of the two");
  }
  out.rates = {fixed};
  return out;
}

Metric chosen_rate_metric() {
  return {.name = "learning_rate",
          .better = Better::none,
          .kind = MetricKind::quantity,
          .definition = "the learning rate that was chosen on held-out training images"};
}

std::vector<Metric> rate_metrics(const std::string& metric) {
  return {chosen_rate_metric(),
          {.name = "trial_" + metric + "/",
           .better = Better::none,
           .definition = metric + " of held-out training images after a trial at that learning rate",
           .undefined_when = kNothing,
           .headline = false}};
}

void choose_rate(const ImagePart& images, const RateChoice& choice, const std::string& metric, const RateTrial& trial,
                 TrainSettings& training, StageContext& context) {
  training.learning_rate = choice.rates[(choice.rates.size() - 1) / 2];
  if (!choice.tries()) return;
  Trials trials(images, choice, trial, training, context);
  if (trials.held() > 0) {
    std::vector<Outcome> outcomes;
    for (size_t k = 0; k < choice.rates.size(); ++k) {
      outcomes.push_back(trials.outcome(k));
      context.record.add("trial_" + metric + "/" + rate_text(choice.rates[k]), Split::val, outcomes[k].value,
                         trials.held(), outcomes[k].diverged ? kDiverged : kNothing);
    }
    if (std::ranges::all_of(outcomes, &Outcome::diverged)) {
      throw RunFailure(FailureKind::non_finite, context.record.name +
                                                    ": training diverged at every rate of "
                                                    "learning_rates; name smaller ones");
    }
    training.learning_rate = best_rate(choice.rates, outcomes);
    context.progress = trials.progress_after(choice.rates.size());
  } else if (context.note) {
    context.note("the learning rate is the middle of the grid: of " + std::to_string(images.size()) +
                 " training images none can be held out");
  }
  context.record.add("learning_rate", Split::val, training.learning_rate, trials.held());
}

void mark_version(const RateChoice& choice, StageRecord& record) {
  if (!choice.tries()) return;
  for (Measurement& m : record.measurements) m.version = kChosenRateVersion;
}

}  // namespace sslbench
