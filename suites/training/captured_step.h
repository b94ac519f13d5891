// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "suites/training/graphs/graph_engine.h"
#include "suites/training/step.h"

namespace sslbench {

// A step that is called operator by operator a few times, then captured as a graph, and replayed from then on: one
// launch for forward, backward and update. What is left to the host is to bring the batch and the learning rates to
// where the graph reads them, and what comes after a step (Method::after_step: momentum encoders, clusters). Bit for
// bit what Step gives where a captured operator runs the same kernel. One graph for every set of shapes and host values
// (Method::host_values); what cannot be captured is called as Step does, and note() says why.
class CapturedStep final : public Step {
 public:
  static constexpr int64_t kWarmUp = 3;        // steps of each kind before it is captured
  static constexpr size_t kMostGraphs = 4;     // each has memory of its own; the one unused for longest goes first
  static constexpr int64_t kMostMisses = 100;  // steps not replayed, if they are more than the replayed ones

  CapturedStep(const TrainTask& task, const TrainSettings& settings, at::Device device,
               std::unique_ptr<GraphEngine> engine);

  StepOutcome operator()(const PreparedStep& prepared, const Progress& progress, const StepRates& rates) override;
  std::string note() const override;

 private:
  struct Kind {
    std::vector<std::vector<int64_t>> shapes;
    std::vector<double> host_values;
    auto operator<=>(const Kind&) const = default;
  };
  struct Graph {
    std::vector<Tensor> tensors;                 // of its batch
    StepOutcome outcome;                         // that every replay writes anew
    std::vector<std::function<void()>> effects;  // of the host, after a replay
    std::unique_ptr<CapturedWork> work;
    int64_t last_step = 0;
  };

  Kind kind_of(const PreparedStep& prepared, const Progress& progress) const;
  StepOutcome warm_up(const PreparedStep& prepared, const Progress& progress, const StepRates& rates);
  // False: it cannot be, and why_not_ says why.
  bool capture(const PreparedStep& prepared, const Progress& progress, const StepRates& rates, Graph& graph);
  StepOutcome replay(Graph& graph, const PreparedStep& prepared, const Progress& progress, const StepRates& rates);
  void make_room();

  at::Device device_;
  std::unique_ptr<GraphEngine> engine_;
  std::map<Kind, int64_t> seen_;  // steps of those without a graph
  std::map<Kind, Graph> graphs_;
  int64_t steps_ = 0, replayed_ = 0, captured_ = 0;
  std::string why_not_;
};

}  // namespace sslbench
