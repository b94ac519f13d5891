// SPDX-License-Identifier: Apache-2.0
#include "suites/training/captured_step.h"

#include <c10/util/Exception.h>

#include <algorithm>

#include "suites/ground/printable.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/capture.h"

namespace sslbench {
namespace {

// What is known before the first step.
std::string why_never(const TrainSettings& settings) {
  if (!ranks().alone()) return "several ranks sum their gradients within the step";
  if (settings.accumulate > 1) return "a batch comes in parts (accumulate)";
  if (settings.recompute) return "activations are computed again in the backward pass (recompute)";
  if (settings.weight_decay_end >= 0)
    return "optimizers take a weight decay that changes (weight_decay_end) as a number";
  return why_not_held(settings.optimizer);
}

// Of an outcome that the next replay overwrites.
StepOutcome copy_of(const StepOutcome& outcome) {
  StepOutcome out = outcome;
  out.loss.total = outcome.loss.total.clone();
  for (auto& [name, term] : out.loss.terms) term = term.clone();
  if (outcome.loss.embedding_ND.defined()) out.loss.embedding_ND = outcome.loss.embedding_ND.clone();
  out.gradient_norm = outcome.gradient_norm.clone();
  if (out.scaling) out.scaling = {outcome.scaling->overflowed.clone(), outcome.scaling->scale.clone()};
  return out;
}

}  // namespace

CapturedStep::CapturedStep(const TrainTask& task, const TrainSettings& settings, at::Device device,
                           std::unique_ptr<GraphEngine> engine)
    : Step(task, settings, device), device_(device), engine_(std::move(engine)), why_not_(why_never(settings)) {}

StepOutcome CapturedStep::operator()(const PreparedStep& prepared, const Progress& progress, const StepRates& rates) {
  ++steps_;
  if (why_not_.empty() && prepared.tensors.empty()) why_not_ = "what its loss reads of a batch is not known";
  const int64_t misses = steps_ - replayed_;
  if (why_not_.empty() && misses > kMostMisses && misses > replayed_) {
    why_not_ =
        "the shapes of its batches, or what the host decides, change too often: " + std::to_string(seen_.size()) +
        " kinds in " + std::to_string(steps_) + " steps";
    graphs_.clear();
  }
  if (!why_not_.empty()) return Step::operator()(prepared, progress, rates);
  const Kind kind = kind_of(prepared, progress);
  if (const auto found = graphs_.find(kind); found != graphs_.end()) {
    return replay(found->second, prepared, progress, rates);
  }
  if (seen_[kind]++ < kWarmUp) return warm_up(prepared, progress, rates);
  make_room();
  Graph graph;
  if (!capture(prepared, progress, rates, graph)) return Step::operator()(prepared, progress, rates);
  return replay(graphs_.emplace(kind, std::move(graph)).first->second, prepared, progress, rates);
}

CapturedStep::Kind CapturedStep::kind_of(const PreparedStep& prepared, const Progress& progress) const {
  Kind out;
  for (const Tensor* tensor : prepared.tensors) out.shapes.push_back(tensor->sizes().vec());
  if (task_.host_values) out.host_values = task_.host_values(progress);
  return out;
}

StepOutcome CapturedStep::warm_up(const PreparedStep& prepared, const Progress& progress, const StepRates& rates) {
  StepOutcome out;
  engine_->warm_up([&] { out = Step::operator()(prepared, progress, rates); });
  return out;
}

bool CapturedStep::capture(const PreparedStep& prepared, const Progress& progress, const StepRates& rates,
                           Graph& graph) {
  std::vector<Tensor> given;
  for (Tensor* tensor : prepared.tensors) {
    given.push_back(*tensor);
    graph.tensors.push_back(at::empty_like(*tensor, tensor->options().device(device_).pinned_memory(false)));
    graph.tensors.back().copy_(*tensor, /*non_blocking=*/true);
    *tensor = graph.tensors.back();
  }
  optimizer_->hold(rates);
  try {
    Capture captured;
    graph.work = engine_->capture([&] { graph.outcome = update(prepared, progress, nullptr); });
    graph.effects = captured.take_effects();
  } catch (const NotCapturable& error) {
    why_not_ = error.what();
  } catch (const c10::Error& error) {
    why_not_ = first_line(error.what_without_backtrace());
  }
  for (size_t i = 0; i < given.size(); ++i) *prepared.tensors[i] = given[i];
  if (!why_not_.empty()) graphs_.clear();
  captured_ += why_not_.empty() ? 1 : 0;
  return why_not_.empty();
}

StepOutcome CapturedStep::replay(Graph& graph, const PreparedStep& prepared, const Progress& progress,
                                 const StepRates& rates) {
  phases_.enter(Phase::forward);
  for (size_t i = 0; i < graph.tensors.size(); ++i) {
    graph.tensors[i].copy_(*prepared.tensors[i], /*non_blocking=*/true);
  }
  optimizer_->hold(rates);
  graph.work->replay();
  phases_.enter(Phase::update);
  for (const auto& effect : graph.effects) effect();
  StepOutcome out = copy_of(graph.outcome);
  finish(progress);
  graph.last_step = steps_;
  ++replayed_;
  return out;
}

void CapturedStep::make_room() {
  if (graphs_.size() < kMostGraphs) return;
  graphs_.erase(std::min_element(graphs_.begin(), graphs_.end(), [](const auto& one, const auto& other) {
    return one.second.last_step < other.second.last_step;
  }));
}

std::string CapturedStep::note() const {
  const std::string replayed = std::to_string(replayed_) + " of " + std::to_string(steps_) +
                               " steps were replayed from " + std::to_string(captured_) +
                               (captured_ == 1 ? " captured graph" : " captured graphs");
  if (why_not_.empty()) return "graph: " + replayed;
  return "graph: steps were called operator by operator (" + why_not_ + ")" +
         (replayed_ > 0 ? "; before, " + replayed : "");
}

std::unique_ptr<Step> make_step(const TrainTask& task, const TrainSettings& settings, at::Device device) {
  if (!settings.graph) return std::make_unique<Step>(task, settings, device);
  return std::make_unique<CapturedStep>(task, settings, device, cuda_graphs(device));
}

}  // namespace sslbench
