// SPDX-License-Identifier: Apache-2.0
#include "suites/training/train_loop.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "datasets/stream/step_stream.h"
#include "reports/record/curve_log.h"
#include "suites/ground/wall_clock.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/training/checkpoint.h"
#include "suites/training/embedding_std.h"
#include "suites/training/pending_scalars.h"
#include "suites/training/resource_meter.h"
#include "suites/training/state_hash.h"
#include "suites/training/step.h"
#include "suites/training/throughput.h"

namespace sslbench {
namespace {

constexpr double kCollapsedStd = 0.01;  // of a healthy 1: unit embeddings spread evenly over the sphere

class TrainLoop {
 public:
  TrainLoop(const TrainTask& task, const TrainSettings& settings, StageContext& context)
      : task_(task),
        settings_(settings),
        context_(context),
        order_(context.seed, task.examples, settings.batch_size, settings.drop_last),
        steps_(order_.steps_per_epoch() * settings.epochs),
        log_every_(std::max<int64_t>(1, steps_ / 200)),
        checkpoints_(context.work, context.record.name, context.record.key, context.note),
        one_step_(task, settings, context.device),
        state_(task.module.state()),
        pending_(steps_) {
    for (const NamedTensor& named : one_step_.state()) state_.push_back(named);
  }

  TrainOutcome run() {
    resume();
    const ConvolutionsInTf32 tf32(settings_.precision == Precision::tf32);
    const std::filesystem::path log_file = curve_log_file(context_.work, context_.record.name);
    task_.module.train(true);
    {
      CurveLog log(log_file, step_);
      if (step_ == 0 && task_.observes_first) observe();
      auto batches = stream(step_, steps_);
      while (step_ < steps_) next_step(batches->next(), log);
      settle();
    }
    context_.record.curves = CurveLog::read(log_file);
    note_lost_points();
    context_.record.hashes = hashes_;
    add_hash();
    TrainOutcome out{steps_, images_, throughput_.median(), throughput_.setup_seconds(), loss_};
    out.collapsed = last_std_ >= 0 && last_std_ < kCollapsedStd;
    return out;
  }

 private:
  void resume() {
    const auto found = checkpoints_.load(state_, steps_);
    if (!found) return;
    const auto refuse = [&](const std::exception& error) {
      throw RunFailure(FailureKind::checkpoint, "the counters of the checkpoint of step " +
                                                    std::to_string(found->step) + " in " + context_.work.string() +
                                                    " are damaged: " + error.what() + "; remove it");
    };
    try {
      restore(*found);
    } catch (const nlohmann::json::exception& error) {
      refuse(error);
    } catch (const std::logic_error& error) {  // of std::stoll
      refuse(error);
    }
  }

  void restore(const Checkpoints::Resume& found) {
    step_ = found.step;
    images_ = found.notes.at("images");
    loss_ = found.notes.at("loss");
    last_std_ = found.notes.at("embedding_std");
    throughput_.restore(found.notes.at("windows"));
    const auto& cost = found.notes.at("cost");
    context_.earlier = {cost.at("wall"),    cost.at("cpu"),    cost.at("process"),
                        cost.at("tensors"), cost.at("device"), cost.at("energy")};
    for (const auto& [step, hash] : found.notes.at("hashes").items()) hashes_.push_back({std::stoll(step), hash});
    std::sort(hashes_.begin(), hashes_.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
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

  void save(CurveLog& log) {
    settle();
    log.sync();
    nlohmann::json hashes = nlohmann::json::object();
    for (const StateHash& hash : hashes_) hashes[std::to_string(hash.step)] = hash.state;
    const Resources cost = context_.earlier + context_.used();
    checkpoints_.save(state_, step_,
                      {{"images", images_},
                       {"loss", loss_},
                       {"embedding_std", last_std_},
                       {"windows", throughput_.windows()},
                       {"cost",
                        {{"wall", cost.wall_seconds},
                         {"cpu", cost.cpu_seconds},
                         {"process", cost.peak_process_bytes},
                         {"tensors", cost.peak_tensor_bytes},
                         {"device", cost.peak_device_bytes},
                         {"energy", cost.energy_joules}}},
                       {"hashes", hashes}});
    saved_at_ = wall_clock();
  }

  void add_hash() {
    if (!context_.record.hashes.empty() && context_.record.hashes.back().step == step_) return;
    context_.record.hashes.push_back({step_, state_hash(state_, step_)});
  }

  std::unique_ptr<StepStream<PreparedStep>> stream(int64_t first, int64_t last) {
    return std::make_unique<StepStream<PreparedStep>>(
        settings_.workers(context_.device, at::get_num_threads(), task_.step_bytes), first, last,
        [&](int64_t step, const std::stop_token& stop) { return prepare(step, stop); });
  }

  PreparedStep prepare(int64_t step, const std::stop_token& stop) {
    BatchPlan plan;
    {
      const std::lock_guard lock(order_mutex_);
      plan = order_.at(step);
    }
    plan.stop = stop;
    PreparedStep out = task_.prepare(plan);
    out.loss = [this, loss = std::move(out.loss),
                key = StepKey{context_.seed, plan.epoch, plan.samples}](const Progress& progress) {
      task_.module.begin_step(key);
      return loss(progress);
    };
    return out;
  }

  void observe() {
    const at::NoGradGuard no_grad;
    const Autocast autocast(context_.device.type(), settings_.precision == Precision::bf16);
    auto batches = stream(0, order_.steps_per_epoch());
    for (int64_t i = 0; i < order_.steps_per_epoch(); ++i) batches->next().observe();
  }

  Progress progress() const { return {step_, steps_, order_.steps_per_epoch()}; }

  void next_step(const PreparedStep& prepared, CurveLog& log) {
    const StepRates rates = settings_.rates_at(step_, steps_, order_.steps_per_epoch());
    const StepOutcome outcome = through_step(prepared, rates);
    const bool logged = logs(step_);
    pending_.add(step_ + 1, outcome.loss.total, outcome.gradient_norm);
    if (logged || pending_.full() || throughput_.in_setup()) settle();
    if (logged) log_step(outcome.loss, rates.learning_rate, log);
    finish_step(log);
  }

  // What fails may fail because of numbers that were no longer finite some steps before: then that is what is said.
  StepOutcome through_step(const PreparedStep& prepared, const StepRates& rates) {
    try {
      return one_step_(prepared, progress(), rates);
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
    const auto newest = pending_.read();
    if (!newest) return;
    loss_ = newest->loss;
    gradient_norm_ = newest->gradient_norm;
  }

  void finish_step(CurveLog& log) {
    const int64_t in_epoch = step_ % order_.steps_per_epoch();
    const int64_t batch = std::min(settings_.batch_size, task_.examples - in_epoch * settings_.batch_size);
    ++step_;
    images_ += batch;
    throughput_.step(batch);
    if (settings_.hash_every > 0 && step_ % settings_.hash_every == 0)
      hashes_.push_back({step_, state_hash(state_, step_)});
    context_.progress(step_, steps_, throughput_.median());
    const bool stop = context_.stop_requested();
    if (stop || (step_ < steps_ && wall_clock() - saved_at_ >= settings_.checkpoint_seconds)) save(log);
    if (stop) throw Interrupted{};
  }

  void log_step(const Loss& loss, double rate, CurveLog& log) {
    const int64_t step = step_ + 1;
    log.append("loss", step, loss_);
    for (const auto& [name, term] : loss.terms) log.append(name, step, term.item<double>());
    log.append("learning_rate", step, rate);
    log.append("gradient_norm", step, gradient_norm_);
    if (!loss.embedding_ND.defined() || loss.embedding_ND.size(0) < 2) return;
    last_std_ = embedding_std(loss.embedding_ND);
    log.append("embedding_std", step, last_std_);
  }

  const TrainTask& task_;
  const TrainSettings& settings_;
  StageContext& context_;
  std::mutex order_mutex_;
  SampleOrder order_;
  int64_t steps_, log_every_;
  Checkpoints checkpoints_;
  Step one_step_;
  std::vector<NamedTensor> state_;
  PendingScalars pending_;
  Throughput throughput_;
  std::vector<StateHash> hashes_;
  int64_t step_ = 0, images_ = 0;
  double loss_ = 0, gradient_norm_ = 0, last_std_ = -1;
  double saved_at_ = wall_clock();
};

}  // namespace

TrainOutcome train(const TrainTask& task, const TrainSettings& settings, StageContext& context) {
  return TrainLoop(task, settings, context).run();
}

}  // namespace sslbench
