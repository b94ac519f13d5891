// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/progress/expected_times.h"

#include <algorithm>

namespace sslbench {
namespace {

constexpr double kLeastShare = 0.02;   // of a stage; below it, time per share says nothing
constexpr double kToldShare = 0.2;     // of a run, after which its own speed corrects what was expected
constexpr double kMostCorrection = 3;  // times what was expected, either way
constexpr const char* kPretrain = "pretrain";

std::optional<double> found(const StageSeconds& stages, const std::string& row) {
  const auto at = stages.find(row);
  return at == stages.end() ? std::nullopt : std::optional(at->second);
}

bool is_done(const RunProgress& at, const std::string& row) {
  return std::find(at.stages_done.begin(), at.stages_done.end(), row) != at.stages_done.end();
}

}  // namespace

void ExpectedTimes::learn(const RunSpec& run, const StageSeconds& took) {
  for (const auto& [row, seconds] : took) {
    of_row_[run.row][row] = seconds;
    if (row != kPretrain) of_protocol_[row] = seconds;
  }
}

std::optional<double> ExpectedTimes::of(const RunSpec& run, const std::string& stage) const {
  if (run.reuse.contains(stage)) return 0;
  if (const auto known = known_.find(run.name()); known != known_.end()) {
    if (const auto seconds = found(known->second, stage)) return seconds;
  }
  if (const auto row = of_row_.find(run.row); row != of_row_.end()) {
    if (const auto seconds = found(row->second, stage)) return seconds;
  }
  return found(of_protocol_, stage);
}

std::optional<double> ExpectedTimes::whole(const RunSpec& run) const {
  std::optional<double> sum = of(run, kPretrain);
  for (const ProtocolSpec& protocol : run.protocols) {
    const auto seconds = of(run, protocol.row);
    if (!sum || !seconds) return std::nullopt;
    *sum += *seconds;
  }
  return sum;
}

std::optional<double> ExpectedTimes::left_by_stages(const RunSpec& run, double seconds, const RunProgress& at) const {
  const double share = at.steps > 0 ? static_cast<double>(at.step) / static_cast<double>(at.steps) : 0;
  double spent = 0, rest = 0;
  for (const std::string& stage : at.stages) {
    std::optional<double> expected = of(run, stage);
    if (is_done(at, stage)) {
      spent += expected.value_or(0);
      continue;
    }
    const bool now = stage == at.stage;
    if (now && !expected && share >= kLeastShare) expected = std::max(0.0, seconds - spent) / share;
    if (!expected) return std::nullopt;
    spent += now ? *expected * share : 0;
    rest += now ? *expected * (1 - share) : *expected;
  }
  if (spent < kToldShare * (spent + rest)) return rest;
  return rest * std::clamp(seconds / spent, 1 / kMostCorrection, kMostCorrection);
}

std::optional<double> ExpectedTimes::left(const RunSpec& run, double seconds,
                                          const std::optional<RunProgress>& progress) const {
  if (!progress) {
    const auto all = whole(run);
    return all ? std::optional(std::max(0.0, *all - seconds)) : std::nullopt;
  }
  return left_by_stages(run, seconds, *progress);
}

}  // namespace sslbench
