// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/training_text.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

#include "suites/ground/learning_rate_schedule.h"

namespace sslbench {
namespace {

using nlohmann::json;

std::optional<double> number(const json& settings, const char* key) {
  const auto found = settings.is_object() ? settings.find(key) : settings.end();
  if (!settings.is_object() || found == settings.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

std::string text(const json& settings, const char* key) {
  const auto found = settings.is_object() ? settings.find(key) : settings.end();
  return settings.is_object() && found != settings.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string shown(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.4g", value);
  return out;
}

// "peak rate 0.12 (0.06, linear_256)": as used, then as set where that differs.
std::string rate_text(double rate, const std::string& rule, int64_t batch) {
  if (rule.empty() || rule == "none") return "peak rate " + shown(rate);
  return "peak rate " + shown(scaled_rate(rule, rate, batch)) + " (" + shown(rate) + ", " + rule + ")";
}

std::string schedule_text(const json& pretrain) {
  const auto epochs = number(pretrain, "epochs"), warmup = number(pretrain, "warmup_epochs");
  const std::string out = text(pretrain, "schedule");
  if (!epochs || out.empty()) return out;
  const std::string span = out + " over " + shown(*epochs) + (*epochs == 1 ? " epoch" : " epochs");
  if (!warmup || *warmup <= 0) return span + " without warm-up";
  return span + " with " + shown(*warmup) + " of warm-up" +
         (*warmup >= *epochs ? ", so that the peak is never reached" : "");
}

bool known_rule(const std::string& rule) {
  return std::find(kRateScalings.begin(), kRateScalings.end(), rule) != kRateScalings.end();
}

}  // namespace

std::string training_text(const json& pretrain, const std::string& preset) {
  std::string out = preset.empty() ? "" : "preset " + preset + ": ";
  const auto add = [&](const std::string& part) {
    if (part.empty()) return;
    if (!out.empty() && !out.ends_with(": ")) out += ", ";
    out += part;
  };
  const auto batch = number(pretrain, "batch_size"), rate = number(pretrain, "learning_rate");
  const auto decay = number(pretrain, "weight_decay");
  const std::string rule = text(pretrain, "learning_rate_scaling");
  add(text(pretrain, "optimizer"));
  const auto parts = number(pretrain, "accumulate");
  if (batch) add("batch " + shown(*batch) + (parts && *parts > 1 ? " in " + shown(*parts) + " parts" : ""));
  if (rate) add(rate_text(*rate, batch && known_rule(rule) ? rule : "", batch ? static_cast<int64_t>(*batch) : 1));
  add(schedule_text(pretrain));
  if (decay) add("weight decay " + shown(*decay));
  if (text(pretrain, "recompute") == "blocks") add("blocks computed again");
  return out;
}

std::string run_training_text(const RunSpec& run, bool trains) {
  if (trains) return training_text(run.pretrain, run.preset);
  if (run.files.empty()) return "random weights, trains nothing";
  std::string names;
  for (const auto& [option, digest] : run.files) {
    const bool of_backbone = option.starts_with(kBackbonePrefix);
    const json& settings = of_backbone ? run.backbone_settings : run.method_settings;
    const std::string file =
        text(settings, of_backbone ? option.c_str() + std::strlen(kBackbonePrefix) : option.c_str());
    names += (names.empty() ? "" : " and ") + std::filesystem::path(file).filename().string();
  }
  return "frozen, weights of " + names;
}

}  // namespace sslbench
