// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/learning_rate_schedule.h"

#include <cmath>
#include <string>

#include "suites/ground/error.h"
#include "suites/ground/schedule.h"

namespace sslbench {
namespace {

double warming_up(const RateSchedule& schedule, int64_t i) {
  const double rise = schedule.base - schedule.warmup_start;
  switch (schedule.count) {
    case WarmupCount::from_one:
      return schedule.warmup_start + rise * static_cast<double>(i + 1) / static_cast<double>(schedule.warmup);
    case WarmupCount::linspace:
      if (i == 0) return schedule.warmup_start;
      return schedule.warmup_start + rise * static_cast<double>(i) / static_cast<double>(schedule.warmup - 1);
    case WarmupCount::from_zero:
      return schedule.warmup_start + rise * static_cast<double>(i) / static_cast<double>(schedule.warmup);
  }
  throw InternalError("internal error: unknown count of a warm-up");
}

}  // namespace

double RateSchedule::at(int64_t step) const {
  if (step < freeze) return 0;
  double rate = step < freeze + warmup ? warming_up(*this, step - freeze) : shaped(step);
  if (shape != RateShape::step) return rate;
  for (const int64_t milestone : milestones) {
    if (step >= milestone) rate *= step_factor;
  }
  return rate;
}

double RateSchedule::shaped(int64_t step) const {
  const int64_t j = step - freeze - warmup, M = steps - freeze - warmup;
  switch (shape) {
    case RateShape::constant:
    case RateShape::step: return base;
    case RateShape::cosine: return cosine(base, final, j, M);
    case RateShape::cosine_to_end: return cosine(base, final, j, M - 1);
    case RateShape::poly:
      if (j >= M) return final;
      return (base - final) * std::pow(1 - static_cast<double>(j) / static_cast<double>(M), power) + final;
  }
  throw InternalError("internal error: unknown shape of a schedule");
}

double scaled_rate(std::string_view rule, double base, int64_t batch_size) {
  const auto B = static_cast<double>(batch_size);
  if (rule == "none") return base;
  if (rule == "linear_256") return base * B / 256;
  if (rule == "linear_128") return base * B / 128;
  if (rule == "sqrt") return base * std::sqrt(B);
  if (rule == "sqrt_1024") return base * std::sqrt(B / 1024);
  throw InternalError("internal error: unknown learning-rate scaling '" + std::string(rule) + "'");
}

}  // namespace sslbench
