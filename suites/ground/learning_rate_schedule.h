// SPDX-License-Identifier: Apache-2.0
// Learning rate (or weight decay) of every optimizer step: a warm-up, then a shape. Pure functions, in double.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sslbench {

// The rate of warm-up step i (from 0) of W, on the line from `warmup_start` to `base`.
enum class WarmupCount {
  from_one,   // (i + 1) / W: never the start; base at the last warm-up step and again at the next (lightly)
  linspace,   // i / (W - 1): both ends; base at the last warm-up step and again at the next (DINO, iBOT, DINOv2)
  from_zero,  // i / W: the start first; base once, after the warm-up (MoCo v3, MAE, VICReg, torch, detectron2)
};

// How the rate goes from `base` over the M steps after the warm-up, j = 0, 1, ..
enum class RateShape {
  constant,
  cosine,         // half a cosine, j / M: the last step is one short of `final` (DINO, MoCo v3, MAE, torch)
  cosine_to_end,  // half a cosine, j / (M - 1): the last step is `final` (lightly)
  step,           // times step_factor at every milestone, which counts from the very first step
  poly,           // (base - final) (1 - j / M)^power + final
};

struct RateSchedule {
  RateShape shape = RateShape::cosine;
  double base = 0, final = 0;
  int64_t steps = 0;   // of all, warm-up and freeze included
  int64_t freeze = 0;  // steps of rate 0 before the warm-up (DINOv2)
  int64_t warmup = 0;
  WarmupCount count = WarmupCount::from_one;
  double warmup_start = 0;
  std::vector<int64_t> milestones;
  double step_factor = 0.1, power = 0.9;

  // From step `steps` on: `final` of the cosines and of poly.
  double at(int64_t step) const;

 private:
  double shaped(int64_t step) const;
};

// How a rate depends on the images of one optimizer step: "none" as given; "linear_256" base B / 256 (MoCo v3, VICReg);
// "linear_128" base B / 128 (lightly on CIFAR); "sqrt" base sqrt(B) (SimCLR); "sqrt_1024" base sqrt(B / 1024) (DINOv2).
inline const std::vector<std::string> kRateScalings{"none", "linear_256", "linear_128", "sqrt", "sqrt_1024"};
double scaled_rate(std::string_view rule, double base, int64_t batch_size);

}  // namespace sslbench
