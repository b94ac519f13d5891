// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "datasets/stream/image_set.h"
#include "suites/ground/learning_rate_schedule.h"
#include "suites/ground/settings.h"
#include "suites/training/kernels_option.h"
#include "suites/training/layer_decay.h"
#include "suites/training/optimizer.h"
#include "suites/training/precision.h"

namespace sslbench {

inline constexpr int kMostDataWorkers = 8;  // of those that nobody asked for

// What a block of so many bytes takes of page-locked memory: LibTorch's allocator rounds up to a power of two.
int64_t locked_bytes(int64_t bytes);
// As many as `threads`, 8 at most, and so few that what lies ahead (two steps a thread, of `step_bytes` of page-locked
// memory each; 0: little) stays within 4 GiB.
int workers_beside_a_device(int threads, int64_t step_bytes);

// How something is trained: pretraining and fine-tuning share it.
struct TrainSettings {
  int64_t epochs = 0, batch_size = 0;
  bool drop_last = true;
  Precision precision = Precision::fp32;
  Kernels kernels = Kernels::library;
  int64_t accumulate = 1;  // parts of a batch, one after another
  bool recompute = false;  // activations of blocks, in the backward pass
  bool graph = false;      // steps are captured once and replayed, where they can be
  OptimizerSettings optimizer;
  LayerDecay layer_decay;
  double learning_rate = 0;        // peak, as used: scaling by batch size is done
  double final_learning_rate = 0;  // where cosines and poly lead
  bool rate_per_epoch = false;     // the rate stays as it is at an epoch's first step
  RateShape schedule = RateShape::cosine;
  WarmupCount warmup_count = WarmupCount::from_one;
  double warmup_epochs = 0;             // fractions allowed
  double warmup_start = 0;              // share of the peak
  std::vector<double> milestones = {};  // of RateShape::step, shares of all steps
  double step_factor = 0.1, poly_power = 0.9;
  double weight_decay_end = -1;  // of a half cosine from optimizer.weight_decay; negative: constant
  double clip_norm = 0;          // 0: no clipping
  Clipping clipping = Clipping::global;
  int data_workers = 0;            // as set; see workers()
  double checkpoint_seconds = 30;  // 0: after every step
  int64_t hash_every = 0;          // steps; 0: only at the end
  double evaluate_every = 0;       // epochs, fractions allowed; 0: never
  bool keep_evaluated = false;     // the weights of every such look

  // Whether a training of so many steps is evaluated after its first `done` steps.
  bool evaluated_after(int64_t done, int64_t steps, int64_t steps_per_epoch) const;

  // Threads that prepare batches ahead of the steps on `device`, in a run of that many threads: as set, or by the
  // option's rule, which is workers_beside_a_device().
  int workers(at::Device device, int threads, int64_t step_bytes) const;
  // The learning rate of optimizer step `step` of `steps`, and with it all that the optimizer is given.
  double rate_at(int64_t step, int64_t steps, int64_t steps_per_epoch) const;
  StepRates rates_at(int64_t step, int64_t steps, int64_t steps_per_epoch) const;
};

// The options of the table `pretrain`; their defaults are the cheapest that make sense, presets of methods replace
// them.
std::vector<Option> pretrain_options();
// "data_workers" of a protocol that trains.
Option protocol_workers_option();
// UserError on settings that exclude each other.
TrainSettings pretrain_settings(const Settings& settings, at::Device device);
// Images of each part that the table takes a batch in. UserError where they are not alike.
int64_t part_images(const Settings& pretrain);

// What the table says about the images themselves: resident_budget, decode, on_corrupt.
ImageSetPolicy image_policy(const Settings& pretrain);

}  // namespace sslbench
