// SPDX-License-Identifier: Apache-2.0
// Update rules over a trajectory of given gradients, clipping, and what is decayed or scaled by whom.
#include "suites/training/layer_decay.h"
#include "suites/training/optimizer.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

using nlohmann::json;

std::string numbered(const char* letter, size_t j) { return letter + std::to_string(j); }

// Parameters after every step.
GoldenOutput trajectory(const GoldenCall& call, const OptimizerSettings& settings) {
  std::vector<OptimizerParameter> parameters;
  for (size_t j = 0; call.has(numbered("p", j)); ++j) {
    parameters.push_back(
        {call.settings.at("params").at(j).at("name"), call[numbered("p", j)].clone().set_requires_grad(true)});
  }
  const auto optimizer = make_optimizer(settings, parameters);
  std::vector<std::vector<Tensor>> path(parameters.size());
  for (int64_t t = 0; t < call["lr"].size(0); ++t) {
    for (size_t j = 0; j < parameters.size(); ++j) {
      parameters[j].tensor.mutable_grad() = call[numbered("g", j)][t].clone();
    }
    optimizer->step(call["lr"][t].item<double>());
    for (size_t j = 0; j < parameters.size(); ++j) path[j].push_back(parameters[j].tensor.detach().clone());
  }
  GoldenOutput out;
  for (size_t j = 0; j < path.size(); ++j) out[numbered("p", j)] = at::stack(path[j]);
  return out;
}

OptimizerSettings settings_of(const GoldenCall& call, const char* name) {
  const json& given = call.settings;
  OptimizerSettings out{name, given.at("weight_decay"), given.value("momentum", 0.0)};
  out.dampening = given.value("dampening", 0.0);
  out.nesterov = given.value("nesterov", false);
  if (given.contains("betas")) out.beta1 = given.at("betas")[0], out.beta2 = given.at("betas")[1];
  out.eps = given.value("eps", out.eps);
  out.amsgrad = given.value("amsgrad", false);
  return out;
}

GoldenOutput sgd(const GoldenCall& call) { return trajectory(call, settings_of(call, "sgd")); }
GoldenOutput adam(const GoldenCall& call) { return trajectory(call, settings_of(call, "adam")); }
GoldenOutput adamw(const GoldenCall& call) { return trajectory(call, settings_of(call, "adamw")); }

GoldenOutput lamb(const GoldenCall& call) {
  OptimizerSettings settings = settings_of(call, "lamb");
  settings.decay_norms_and_biases = false;
  const json& clip = call.settings.at("max_grad_norm");
  settings.lamb_clip_norm = clip.is_null() ? 0 : clip.get<double>();
  settings.lamb_grad_averaging = call.flag("grad_averaging");
  settings.lamb_bias_correction = call.flag("bias_correction");
  return trajectory(call, settings);
}

GoldenOutput lars(const GoldenCall& call) {
  OptimizerSettings settings = settings_of(call, "lars");
  const std::string variant = call.text("variant");
  // "decay everywhere; scaling except ndim == 1" against "ndim == 1: neither"
  settings.decay_norms_and_biases = call.text("rule").starts_with("decay everywhere");
  settings.lars_trust = call.real("trust_coefficient");
  settings.lars_clip = call.settings.value("trust_clip", false);
  if (variant == "lightly") settings.lars_variant = LarsVariant::lightly;
  if (variant == "timm") settings.lars_variant = LarsVariant::timm;
  if (variant == "dino" || variant == "vicreg") settings.norms_and_biases = NormsAndBiases::exactly_1d;
  if (variant.starts_with("simclr")) {
    settings.norms_and_biases = NormsAndBiases::named;
    settings.lars_variant = variant.starts_with("simclr_popular") ? LarsVariant::simclr_popular : LarsVariant::simclr;
  }
  return trajectory(call, settings);
}

GoldenOutput clip_grad(const GoldenCall& call) {
  if (call.real("eps") != 1e-6) throw call.unsupported("eps");
  std::vector<NamedTensor> parameters;
  for (size_t j = 0; call.has(numbered("g", j)); ++j) {
    const Tensor gradient = call[numbered("g", j)].clone();
    parameters.emplace_back(numbered("p", j), at::zeros_like(gradient).set_requires_grad(true));
    parameters.back().second.mutable_grad() = gradient;
  }
  GoldenOutput out{{"norms", gradient_norms(parameters)}};
  const Clipping clipping = call.text("variant") == "global" ? Clipping::global : Clipping::per_parameter;
  out["norm"] = at::full({}, clip_gradients(parameters, call.real("max_norm"), clipping), at::kDouble);
  for (size_t j = 0; j < parameters.size(); ++j) out[numbered("g", j)] = parameters[j].second.grad();
  return out;
}

// Dimensions of a parameter of a published network, which the files do not give.
int64_t dimensions(const std::string& name) {
  const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
  if (name.ends_with("bias") || has("norm") || has("bn") || has("downsample.1.") || has("shortcut.1.")) return 1;
  return name.ends_with("_token") || name == "pos_embed" ? 3 : 2;
}

double decay_of(const OptimizerSettings& settings, const std::string& name) {
  const std::vector<int64_t> shape(static_cast<size_t>(dimensions(name)), 1);
  return is_decayed(settings, {name, at::empty(shape, at::kFloat)}) ? settings.weight_decay : 0;
}

json weight_decay_split(const GoldenJson& golden) {
  OptimizerSettings settings{"adamw", golden.content.at("settings").at("weight_decay"), 0, false};
  settings.norms_and_biases = NormsAndBiases::below_2d_or_bias;
  json rows = golden.content.at("rows");
  for (json& row : rows) row[1] = decay_of(settings, row[0]);
  return {{"rows", rows}};
}

json layer_decay(const GoldenJson& golden) {
  const json& given = golden.content.at("settings");
  std::vector<std::string> names;
  for (const json& row : golden.content.at("mae")) names.push_back(row[0]);
  const auto rows = [&](const OptimizerSettings& settings, bool norm_with_last_block) {
    const auto scales = layer_scales(names, {given.at("layer_decay"), norm_with_last_block});
    json out = json::array();
    for (size_t i = 0; i < names.size(); ++i) out.push_back({names[i], scales[i], decay_of(settings, names[i])});
    return out;
  };
  OptimizerSettings mae{"adamw", given.at("weight_decay"), 0, false};
  mae.undecayed = given.at("no_weight_decay").get<std::vector<std::string>>();
  OptimizerSettings dinov2{"adamw", given.at("weight_decay"), 0, false, NormsAndBiases::named};
  json groups = json::object();
  const Layers layers = layers_of(names, false);
  for (size_t i = 0; i < names.size(); ++i) groups[names[i]] = layers.numbers[i];
  return {{"mae", rows(mae, false)}, {"timm", rows(mae, true)}, {"dinov2", rows(dinov2, false)}, {"group_id", groups}};
}

const bool registered =
    add_golden_ops(
        {{"sgd", sgd}, {"adam", adam}, {"adamw", adamw}, {"lamb", lamb}, {"lars", lars}, {"clip_grad", clip_grad}}) &&
    add_golden_json_ops({{"weight_decay_split", weight_decay_split}, {"layer_decay", layer_decay}});

}  // namespace
}  // namespace sslbench
