// SPDX-License-Identifier: Apache-2.0
// Learning rates, momenta and temperatures over a training.
#include "methods/parts/momentum_schedule.h"
#include "methods/parts/temperature_schedule.h"
#include "suites/ground/learning_rate_schedule.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

using nlohmann::json;

Tensor as_tensor(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }

GoldenOutput momentum(const GoldenCall& call) {
  const std::string kind = call.choice("kind", {"byol", "dino", "moco_v3", "lightly", "ijepa", "tico"});
  if (kind == "moco_v3" || kind == "tico") call.expect("end", {1});
  std::vector<double> value, complement;
  for (int64_t i = 0; i < call["step"].numel(); ++i) {
    value.push_back(momentum_schedule(kind, call.real("start"), call.real("end"), call["step"][i].item<int64_t>(),
                                      call.integer("total")));
    complement.push_back(1 - value.back());
  }
  return {{"value", as_tensor(value)}, {"complement", as_tensor(complement)}};
}

GoldenOutput warmup_cosine(const GoldenCall& call) {
  const int64_t steps_per_epoch = call.integer("steps_per_epoch");
  RateSchedule schedule{.base = call.real("base"), .final = call.real("final")};
  schedule.steps = call.integer("epochs") * steps_per_epoch;
  schedule.warmup = call.integer("warmup_epochs") * steps_per_epoch;
  schedule.count = WarmupCount::linspace;
  schedule.warmup_start = call.real("warmup_start");
  std::vector<double> value;
  for (int64_t step = 0; step < schedule.steps; ++step) value.push_back(schedule.at(step));
  return {{"value", as_tensor(value)}};
}

GoldenOutput teacher_temp(const GoldenCall& call) {
  std::vector<double> value;
  for (int64_t epoch = 0; epoch < call.integer("epochs"); ++epoch) {
    value.push_back(teacher_temperature(call.real("warmup_teacher_temp"), call.real("teacher_temp"),
                                        call.integer("warmup_epochs"), epoch));
  }
  return {{"value", as_tensor(value)}};
}

struct Convention {
  RateShape shape;
  WarmupCount count;
};
const std::map<std::string, Convention> kConventions = {
    {"lightly_cosine_warmup", {RateShape::cosine_to_end, WarmupCount::from_one}},
    {"dino_cosine", {RateShape::cosine, WarmupCount::linspace}},
    {"dinov2_cosine", {RateShape::cosine, WarmupCount::linspace}},
    {"mocov3", {RateShape::cosine, WarmupCount::from_zero}},
    {"mae", {RateShape::cosine, WarmupCount::from_zero}},
    {"vicreg", {RateShape::cosine, WarmupCount::from_zero}},
    {"torch_cosine", {RateShape::cosine, WarmupCount::from_zero}},
    {"torch_linear_then_cosine", {RateShape::cosine, WarmupCount::from_zero}},
    {"step", {RateShape::step, WarmupCount::from_zero}},
    {"detectron2_warmup_multistep", {RateShape::step, WarmupCount::from_zero}},
    {"poly", {RateShape::poly, WarmupCount::from_zero}},
    {"constant", {RateShape::constant, WarmupCount::from_zero}}};
const std::map<std::string, const char*> kMomenta = {
    {"mocov3_momentum", "moco_v3"}, {"byol_momentum", "byol"}, {"lightly_cosine", "lightly"}};

// The first of `keys` that the settings have.
double first_of(const GoldenSettings& settings, std::initializer_list<const char*> keys, double otherwise) {
  for (const char* key : keys) {
    if (settings.contains(key)) return settings.real(key);
  }
  return otherwise;
}

// Reads only what plays a part in the variant's shape.
RateSchedule rate_schedule(const GoldenSettings& settings) {
  const auto found = kConventions.find(settings.text("variant"));
  if (found == kConventions.end()) throw settings.unsupported("variant");
  const auto [shape, count] = found->second;
  const int64_t iterations = settings.integer("iterations_per_epoch", 1);
  if (iterations == 1) settings.expect_if_given("unit", {"epoch may be fractional; here one step an epoch"});
  RateSchedule out{.shape = shape, .base = first_of(settings, {"base", "start"}, 0)};
  if (settings.contains("base_lr")) {  // vicreg
    out.base = scaled_rate("linear_256", settings.real("base_lr"), settings.integer("batch_size"));
    out.final = settings.real("end_factor") * out.base;
  } else if (shape != RateShape::constant && shape != RateShape::step) {
    out.final = first_of(settings, {"final", "end", "min_lr"}, 0);
  }
  out.steps = iterations * static_cast<int64_t>(first_of(settings, {"steps", "epochs"}, 0));
  out.warmup = iterations * static_cast<int64_t>(first_of(settings, {"warmup", "warmup_epochs"}, 0));
  out.freeze = settings.integer("freeze", 0);
  out.count = count;
  out.warmup_start =
      settings.real("warmup_start", 0) + first_of(settings, {"start_factor", "warmup_factor"}, 0) * out.base;
  if (shape == RateShape::step) {
    out.milestones = settings.at("milestones").get<std::vector<int64_t>>();
    out.step_factor = settings.real("gamma");
  }
  if (shape == RateShape::poly) out.power = settings.real("power");
  return out;
}

std::vector<double> momenta(const GoldenSettings& settings, const std::string& kind, int64_t count) {
  const int64_t total = settings.integer("iterations_per_epoch", 1) * settings.integer("steps");
  const double start = first_of(settings, {"base", "start"}, 0), end = settings.real("end", 1);
  if (kind == "moco_v3") settings.expect_if_given("end", {1});
  std::vector<double> out;
  for (int64_t step = 0; step < count; ++step) out.push_back(momentum_schedule(kind, start, end, step, total));
  return out;
}

json schedule(const GoldenJson& golden) {
  const auto count = static_cast<int64_t>(golden.content.at("values").size());
  const auto momentum = kMomenta.find(golden.settings.text("variant"));
  if (momentum != kMomenta.end()) return {{"values", momenta(golden.settings, momentum->second, count)}};
  const RateSchedule rates = rate_schedule(golden.settings);
  std::vector<double> values;
  for (int64_t step = 0; step < count; ++step) values.push_back(rates.at(step));
  return {{"values", values}};
}

// The settings stand in the cases, each beside its expected `lr`.
json lr_scaling(const GoldenJson& golden) {
  const std::map<std::string, const char*> rules = {
      {"linear256", "linear_256"}, {"linear128", "linear_128"}, {"sqrt", "sqrt"}, {"sqrt1024", "sqrt_1024"}};
  json cases = golden.content.at("cases");
  for (json& one : cases) {
    json settings = one;
    settings.erase("lr");
    const GoldenSettings given(std::move(settings));
    const std::string rule = given.choice("rule", {"linear256", "linear128", "sqrt", "sqrt1024"});
    one["lr"] = scaled_rate(rules.at(rule), given.real("base_lr"), given.integer("batch_size"));
    given.require_all_read();
  }
  return {{"cases", cases}};
}

const bool registered = add_golden_ops({{"momentum_schedule", momentum},
                                        {"warmup_cosine_schedule", warmup_cosine},
                                        {"teacher_temp_schedule", teacher_temp}}) &&
                        add_golden_json_ops({{"schedule", schedule}, {"lr_scaling", lr_scaling}});

}  // namespace
}  // namespace sslbench
