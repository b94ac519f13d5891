// SPDX-License-Identifier: Apache-2.0
#include "suites/training/train_loop.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "reports/record/curve_log.h"
#include "suites/ground/wall_clock.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/matrix_work.h"
#include "suites/training/embedding_std.h"
#include "suites/training/loop_counters.h"
#include "suites/training/meters/throughput.h"
#include "suites/training/pending_scalars.h"
#include "suites/training/prepared_steps.h"
#include "suites/training/rank_agreement.h"
#include "suites/training/resource_meter.h"
#include "suites/training/saving/state_keeper.h"
#include "suites/training/step.h"

namespace sslbench {
namespace {

constexpr double kCollapsedStd = 0.01;  // of a healthy 1: unit embeddings spread evenly over the sphere

std::vector<NamedTensor> joined(std::vector<NamedTensor> all, const std::vector<NamedTensor>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

int64_t bytes_of(const std::vector<NamedTensor>& tensors) {
  return std::accumulate(tensors.begin(), tensors.end(), int64_t{0}, [](int64_t sum, const NamedTensor& each) {
    return sum + static_cast<int64_t>(each.second.nbytes());
  });
}

class TrainLoop {
 public:
  TrainLoop(const TrainTask& task, const TrainSettings& settings, StageContext& context)
      : task_(task),
        settings_(settings),
        context_(context),
        prepared_(task, settings, context),
        steps_(prepared_.steps_per_epoch() * settings.epochs),
        log_every_(std::max<int64_t>(1, steps_ / 200)),
        one_step_(make_step(task, settings, context.device)),
        pending_(steps_),
        keeper_(joined(task.module.state(), one_step_->state()), context.device, saving_on(context.device),
                Checkpoints(context.work, context.record.name, context.record.key, context.note),
                [this](int64_t step, const std::string& hash) { add_hash(step, hash); }) {}

  TrainOutcome run() {
    group_.wait_for_all();
    context_.kept = {bytes_of(keeper_.state()), bytes_of(task_.module.trainable())};
    resume();
    const ConvolutionsInTf32 tf32(settings_.precision == Precision::tf32);
    const std::filesystem::path log_file = curve_log_file(context_.work, context_.record.name);
    task_.module.train(true);
    {
      if (group_.is_first()) log_.emplace(log_file, step_);
      if (step_ == 0 && task_.observes_first) observe();
      auto batches = prepared_.stream(step_, steps_);
      while (step_ < steps_) {
        phases_.enter(Phase::views);
        next_step(batches->next());
      }
      settle();
      keeper_.finish();
      if (hashes_.empty() || hashes_.back().step != step_) keeper_.hash(step_);
      keeper_.finish();
      log_.reset();
    }
    if (group_.is_first()) {
      context_.record.curves = CurveLog::read(log_file);
      note_lost_points();
    }
    context_.record.hashes = hashes_;
    if (const std::string note = one_step_->note(); !note.empty() && context_.note) context_.note(note);
    TrainOutcome out{steps_, images_, throughput_.median(), throughput_.setup_seconds(), newest_.loss};
    out.phases = phases_.times();
    out.operations_an_image = operations_an_image_;
    if (const auto& scaler = one_step_->scaler()) {
      out.skipped_steps = scaler->skipped().item<double>();
      out.loss_scale = scaler->scale().item<double>();
    }
    context_.record.images = out.images;
    context_.record.images_per_second = out.images_per_second;
    context_.record.setup_seconds = out.setup_seconds;
    out.collapsed = last_std_ >= 0 && last_std_ < kCollapsedStd;
    return out;
  }

 private:
  // The first rank's checkpoint is everybody's.
  void resume() {
    if (group_.is_first()) load();
    step_ = copied_from_first(keeper_.state(), step_, group_);
  }

  void load() {
    const auto found = keeper_.checkpoints().load(keeper_.state(), steps_);
    if (!found) return;
    try {
      restore(LoopCounters::from(found->step, found->notes));
    } catch (const std::exception& error) {  // of JSON, or of std::stoll
      throw RunFailure(FailureKind::checkpoint, "the counters of the checkpoint of step " +
                                                    std::to_string(found->step) + " in " + context_.work.string() +
                                                    " are damaged: " + error.what() + "; remove it");
    }
  }

  void restore(LoopCounters counters) {
    step_ = counters.step;
    images_ = counters.images;
    newest_.loss = counters.loss;
    last_std_ = counters.embedding_std;
    throughput_.restore(std::move(counters.windows));
    phases_.restore(counters.phases);
    operations_an_image_ = counters.operations_an_image;
    context_.earlier = counters.cost;
    hashes_ = std::move(counters.hashes);
    if (counters.ranks == group_.size() || !context_.note) return;
    context_.note("went on at step " + std::to_string(step_) + " with " + std::to_string(group_.size()) +
                  " ranks, after " + std::to_string(counters.ranks) +
                  ": the sums of another number of ranks are rounded otherwise, so the weights are not bit-equal to "
                  "those of a run without this change");
  }

  bool logs(int64_t step) const { return step % log_every_ == 0 || step + 1 == steps_; }

  // The log outlives a kill, but not a disk that lost it or a person who removed it.
  void note_lost_points() const {
    int64_t expected = 0;
    for (int64_t step = 0; step < steps_; ++step) expected += logs(step) ? 1 : 0;
    const auto loss = context_.record.curves.find("loss");
    const int64_t kept = loss == context_.record.curves.end() ? 0 : std::ssize(loss->second.step);
    if (kept >= expected || !context_.note) return;
    context_.note(std::to_string(expected - kept) + " of " + std::to_string(expected) +
                  " points of its curves are missing: the log that held them was lost or cut");
  }

  // By the first rank; where its disk was too slow for the one before, the others wait.
  void save() {
    settle();
    keeper_.finish();
    const Resources cost = context_.earlier + context_.used();
    if (group_.is_first()) write_checkpoint(cost);
    group_.wait_for_all();
    saved_at_ = wall_clock();
  }

  void write_checkpoint(const Resources& cost) {
    phases_.enter(Phase::other);
    const LoopCounters counters{.step = step_,
                                .images = images_,
                                .loss = newest_.loss,
                                .embedding_std = last_std_,
                                .windows = throughput_.windows(),
                                .phases = phases_.times(),
                                .operations_an_image = operations_an_image_,
                                .cost = cost,
                                .hashes = hashes_,
                                .ranks = group_.size()};
    keeper_.save(step_, counters.notes(), [this] { log_->sync(); });
  }

  // Until nothing that was begun can fail or is missing any more.
  void finish_saving() {
    keeper_.finish();
    group_.wait_for_all();
  }

  void add_hash(int64_t step, const std::string& hash) {
    expect_same_state(hash, step, group_);
    hashes_.push_back({step, hash});
  }

  void observe() {
    const at::NoGradGuard no_grad;
    const Autocast autocast(context_.device.type(), autocast_type(settings_.precision));
    const ChosenKernels chosen(settings_.kernels);
    auto batches = prepared_.stream(0, prepared_.steps_per_epoch());
    for (int64_t i = 0; i < prepared_.steps_per_epoch(); ++i) {
      const PreparedStep step = batches->next();
      step.observe();
      for (const PreparedStep& part : step.rest) part.observe();
    }
  }

  // Of the first batch.
  int64_t own_images() const {
    return even_share(std::min(settings_.batch_size, task_.examples), group_.size(), group_.rank()).count;
  }

  Progress progress() const { return {step_, steps_, prepared_.steps_per_epoch()}; }

  void next_step(const PreparedStep& prepared) {
    const StepRates rates = settings_.rates_at(step_, steps_, prepared_.steps_per_epoch());
    std::optional<MatrixWork> work;
    if (step_ == 0) work.emplace();
    const StepOutcome outcome = through_step(prepared, rates);
    if (work) operations_an_image_ = work->operations() / static_cast<double>(own_images());
    const bool logged = logs(step_);
    pending_.add(step_ + 1, outcome.loss.total, outcome.gradient_norm, outcome.scaling);
    if (logged || pending_.full() || throughput_.in_setup()) settle();
    if (logged) log_step(outcome.loss, rates.learning_rate);
    finish_step();
  }

  // What fails may fail because of numbers that were no longer finite some steps before: then that is what is said.
  StepOutcome through_step(const PreparedStep& prepared, const StepRates& rates) {
    try {
      return (*one_step_)(prepared, progress(), rates);
    } catch (...) {
      const std::exception_ptr failure = std::current_exception();
      try {
        settle();
      } catch (const RunFailure&) {
        throw;
      } catch (...) {  // reading fails for the same reason
      }
      std::rethrow_exception(failure);
    }
  }

  // Reads what the steps left on the device. Nothing of a step is logged, saved or counted as an outcome before.
  void settle() {
    const auto newest = pending_.read(group_);
    if (!newest) return;
    newest_ = *newest;
  }

  void finish_step() {
    const int64_t in_epoch = step_ % prepared_.steps_per_epoch();
    const int64_t batch = std::min(settings_.batch_size, task_.examples - in_epoch * settings_.batch_size);
    ++step_;
    images_ += batch;
    throughput_.step(batch);
    phases_.step_ended(batch, throughput_.in_setup());
    if (task_.evaluate && settings_.evaluated_after(step_, steps_, prepared_.steps_per_epoch())) evaluate();
    if (settings_.hash_every > 0 && step_ % settings_.hash_every == 0) keeper_.hash(step_);
    keeper_.look();
    context_.progress(step_, steps_, throughput_.median());
    const bool due = step_ < steps_ && wall_clock() - saved_at_ >= settings_.checkpoint_seconds;
    const AfterStep after = agreed({context_.stop_requested(), due && group_.is_first()}, group_);
    if (after.stop || after.save) save();
    if (!after.stop) return;
    finish_saving();
    throw Interrupted{};
  }

  void evaluate() {
    settle();
    const double started = wall_clock();
    for (const auto& [curve, value] : task_.evaluate(step_)) append(curve, step_, value);
    task_.module.train(true);
    const double took = wall_clock() - started;
    throughput_.leave_out(took);
    phases_.leave_out(took);
  }

  void log_step(const Loss& loss, double rate) {
    const int64_t step = step_ + 1;
    append("loss", step, newest_.loss);
    if (context_.loss) context_.loss(newest_.loss);
    for (const auto& [name, term] : loss.terms) append(name, step, sum_of_shares(term, group_));
    append("learning_rate", step, rate);
    if (!newest_.skipped) append("gradient_norm", step, newest_.gradient_norm);
    if (newest_.loss_scale >= 0) append("loss_scale", step, newest_.loss_scale);
    if (!loss.embedding_ND.defined()) return;
    const Tensor embedding_ND = of_whole_batch(loss.embedding_ND, group_);
    if (embedding_ND.size(0) < 2) return;
    last_std_ = embedding_std(embedding_ND);
    append("embedding_std", step, last_std_);
  }

  void append(const std::string& curve, int64_t step, double value) {
    if (log_) log_->append(curve, step, value);
  }

  const TrainTask& task_;
  const TrainSettings& settings_;
  StageContext& context_;
  Ranks& group_ = ranks();
  std::optional<CurveLog> log_;  // of the first rank
  PreparedSteps prepared_;
  int64_t steps_, log_every_;
  std::unique_ptr<Step> one_step_;
  PendingScalars pending_;
  Throughput throughput_;
  StepPhases& phases_ = one_step_->phases();
  std::vector<StateHash> hashes_;
  int64_t step_ = 0, images_ = 0;
  double operations_an_image_ = 0;
  double last_std_ = -1;
  StepScalars newest_;  // of those that were read
  double saved_at_ = wall_clock();
  StateKeeper keeper_;  // ends first: its thread knows the log
};

}  // namespace

TrainOutcome train(const TrainTask& task, const TrainSettings& settings, StageContext& context) {
  return TrainLoop(task, settings, context).run();
}

}  // namespace sslbench
