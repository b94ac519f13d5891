// SPDX-License-Identifier: Apache-2.0
// Trainings whose steps are taken one by one, on noise that lies on the device.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "methods/method.h"
#include "suites/training/pending_scalars.h"
#include "suites/training/step.h"

namespace sslbench {

struct StepCase {
  std::string name;
  std::string method;
  nlohmann::json method_settings = nlohmann::json::object();
  BackboneChoice backbone;
  int64_t batch = 0, size = 32;             // px
  int64_t local_views = 0, local_size = 0;  // beside the method's own views
  std::string optimizer = "sgd";
  Precision precision = Precision::bf16;  // fp32 of tiny ones: many CPUs only emulate bf16
  Kernels kernels = Kernels::library;
  bool graph = false;  // captured and replayed; of GPUs alone
};

// SimCLR with ResNet-18 and CIFAR stem at batch 512, on which the lab compares variants.
StepCase main_case(bool tiny);
// All whose steps are timed; the first `profiled` of them are also taken apart.
std::vector<StepCase> step_cases(bool tiny);
// Every method that trains, as the contract tests have it, and the large cases.
std::vector<StepCase> repeated_cases(bool tiny);

class SteppedCase {
 public:
  SteppedCase(const StepCase& what, at::Device device);
  // The step of a training, whose host reads losses as late as it does.
  void one();
  // What a variant changes: weights and views contiguous instead of channels-last; views that come from the host in
  // every step; losses read in every step.
  void make_contiguous();
  void copy_views() { copies_ = true; }
  void read_every_step() { reads_ = true; }
  std::string hash() const;
  int64_t parameters() const;  // that are trained

 private:
  at::Device device_;
  std::unique_ptr<Method> method_;
  TrainTask task_;
  TrainSettings settings_;
  std::unique_ptr<Step> step_;
  PendingScalars pending_{1 << 30};
  TrainBatch batch_, on_host_;
  int64_t done_ = 0;
  bool copies_ = false, reads_ = false;
};

}  // namespace sslbench
