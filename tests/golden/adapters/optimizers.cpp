// SPDX-License-Identifier: Apache-2.0
// Update rules over a trajectory of given gradients, clipping, and what is decayed or scaled by whom.
#include <set>

#include "methods/backbones/vit.h"
#include "suites/training/layer_decay.h"
#include "suites/training/optimizer.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

using nlohmann::json;

std::string numbered(const char* letter, size_t j) { return letter + std::to_string(j); }

// Parameters after every step.
GoldenOutput trajectory(const GoldenCall& call, const OptimizerSettings& settings) {
  call.expect("steps", {call["lr"].size(0)});
  std::vector<OptimizerParameter> parameters;
  for (const GoldenSettings& given : call.settings.sections("params")) {
    const Tensor start = call[numbered("p", parameters.size())].clone();
    given.expect("ndim", {start.dim()});
    parameters.push_back({given.text("name"), start.set_requires_grad(true)});
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

// What sgd and lars read.
OptimizerSettings with_momentum(const GoldenCall& call, const char* name) {
  OptimizerSettings out{name, call.real("weight_decay"), call.real("momentum")};
  out.dampening = call.settings.real("dampening", 0);
  out.nesterov = call.settings.flag("nesterov", false);
  return out;
}

// What adam, adamw and lamb read.
OptimizerSettings with_moments(const GoldenCall& call, const char* name) {
  OptimizerSettings out{name, call.real("weight_decay"), 0};
  const json& betas = call.settings.at("betas");
  out.beta1 = betas.at(0), out.beta2 = betas.at(1);
  out.eps = call.real("eps");
  return out;
}

GoldenOutput adam_of(const GoldenCall& call, const char* name) {
  OptimizerSettings settings = with_moments(call, name);
  settings.amsgrad = call.settings.flag("amsgrad", false);
  return trajectory(call, settings);
}

GoldenOutput sgd(const GoldenCall& call) { return trajectory(call, with_momentum(call, "sgd")); }
GoldenOutput adam(const GoldenCall& call) { return adam_of(call, "adam"); }
GoldenOutput adamw(const GoldenCall& call) { return adam_of(call, "adamw"); }

GoldenOutput lamb(const GoldenCall& call) {
  OptimizerSettings settings = with_moments(call, "lamb");
  call.expect("rule", {"weight_decay 0: no scaling"});
  settings.decay_norms_and_biases = false;
  const json& clip = call.settings.at("max_grad_norm");
  settings.lamb_clip_norm = clip.is_null() ? 0 : clip.get<double>();
  settings.lamb_grad_averaging = call.flag("grad_averaging");
  settings.lamb_bias_correction = call.flag("bias_correction");
  return trajectory(call, settings);
}

constexpr const char* kByName =
    "excluded by name ('bn', 'bias'): neither; 'scale' (0-d) is decayed and scaled; classic: lr inside the momentum "
    "buffer";
constexpr const char* kDecayEverywhere = "decay everywhere; scaling except ndim == 1";

// Who is scaled and decayed, in the files' words.
struct LarsConvention {
  LarsVariant variant;
  NormsAndBiases norms_and_biases;
  std::vector<json> rules;
};
const std::map<std::string, LarsConvention> kLars = {
    {"mocov3", {LarsVariant::moco_v3, NormsAndBiases::below_2d, {"ndim <= 1: neither decay nor scaling"}}},
    {"dino",
     {LarsVariant::moco_v3,
      NormsAndBiases::exactly_1d,
      {"ndim == 1: neither; a 0-d parameter IS decayed and scaled", kDecayEverywhere}}},
    {"lightly",
     {LarsVariant::lightly,
      NormsAndBiases::below_2d,
      {"ndim <= 1 in a group with weight_decay 0: neither decay nor scaling"}}},
    {"timm",
     {LarsVariant::timm,
      NormsAndBiases::below_2d,
      {"weight_decay 0: no scaling", "weight_decay 0: no scaling; ratio = min(ratio/lr, 1)"}}},
    {"simclr_classic", {LarsVariant::simclr, NormsAndBiases::named, {kByName}}},
    {"simclr_popular", {LarsVariant::simclr_popular, NormsAndBiases::named, {kByName}}}};

GoldenOutput lars(const GoldenCall& call) {
  OptimizerSettings settings = with_momentum(call, "lars");
  std::string variant =
      call.choice("variant", {"mocov3", "dino", "vicreg", "lightly", "timm", "simclr_classic",
                              "simclr_classic_nesterov", "simclr_popular", "simclr_popular_nesterov"});
  if (variant.ends_with("_nesterov")) {
    call.expect("nesterov", {true});
    variant.resize(variant.rfind('_'));
  }
  const LarsConvention& convention = kLars.at(variant == "vicreg" ? "dino" : variant);
  settings.lars_variant = convention.variant;
  settings.norms_and_biases = convention.norms_and_biases;
  settings.decay_norms_and_biases = call.choice("rule", convention.rules) == kDecayEverywhere;
  settings.lars_trust = call.real("trust_coefficient");
  if (variant == "lightly" || variant == "timm") settings.eps = call.real("eps");
  if (variant == "timm") {
    settings.lars_clip = call.flag("trust_clip");
    call.expect("rule", {convention.rules.at(settings.lars_clip ? 1 : 0)});
  }
  return trajectory(call, settings);
}

GoldenOutput clip_grad(const GoldenCall& call) {
  call.expect("eps", {1e-6});
  std::vector<NamedTensor> parameters;
  for (size_t j = 0; call.has(numbered("g", j)); ++j) {
    const Tensor gradient = call[numbered("g", j)].clone();
    parameters.emplace_back(numbered("p", j), at::zeros_like(gradient).set_requires_grad(true));
    parameters.back().second.mutable_grad() = gradient;
  }
  GoldenOutput out{{"norms", gradient_norms(parameters)}};
  const Clipping clipping =
      call.choice("variant", {"global", "per_parameter"}) == "global" ? Clipping::global : Clipping::per_parameter;
  out["norm"] = clip_gradients(parameters, call.real("max_norm"), clipping).to(at::kDouble);
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

// The first entry of every row.
std::vector<std::string> names_in(const json& rows) {
  std::vector<std::string> out;
  for (const json& row : rows) out.push_back(row.at(0));
  return out;
}

// Throws unless the names are those of the settings' network, but for norms and classifiers at its end.
void expect_names_of(const Module& net, const std::vector<std::string>& names) {
  std::set<std::string> ours, theirs;
  const auto keep = [](std::set<std::string>& into, const std::string& name) {
    for (const char* end : {"norm.", "fc_norm.", "head.", "fc."}) {
      if (name.starts_with(end)) return;
    }
    into.insert(name);
  };
  for (const auto& [name, tensor] : net.parameters()) keep(ours, name);
  for (const std::string& name : names) keep(theirs, name);
  if (ours != theirs) throw std::runtime_error("the network of these settings has parameters of other names");
}

json weight_decay_split(const GoldenJson& golden) {
  OptimizerSettings settings{"adamw", golden.settings.real("weight_decay"), 0, false};
  settings.norms_and_biases = NormsAndBiases::below_2d_or_bias;
  json rows = golden.content.at("rows");
  const std::string model = golden.settings.text("model");
  if (Registry<BackboneEntry>::all().contains(model)) {  // of others the rows alone tell the names
    at::Generator generator = at::detail::createCPUGenerator(0);
    expect_names_of(*make_backbone(model, json::object(), generator), names_in(rows));
  }
  for (json& row : rows) row[1] = decay_of(settings, row[0]);
  return {{"rows", rows}};
}

void expect_vit(const GoldenSettings& given, const std::vector<std::string>& names) {
  VitShape shape;
  shape.image_size = given.integer("img_size"), shape.patch_size = given.integer("patch_size");
  shape.dim = given.integer("embed_dim"), shape.depth = given.integer("depth");
  shape.heads = given.integer("num_heads");
  at::Generator generator = at::detail::createCPUGenerator(0);
  expect_names_of(Vit(shape, generator), names);
}

json layer_decay(const GoldenJson& golden) {
  const GoldenSettings& given = golden.settings;
  const std::vector<std::string> names = names_in(golden.content.at("mae"));
  expect_vit(given, names);
  const double factor = given.real("layer_decay"), weight_decay = given.real("weight_decay");
  const auto rows = [&](const OptimizerSettings& settings, bool norm_with_last_block) {
    const auto scales = layer_scales(names, {factor, norm_with_last_block});
    json out = json::array();
    for (size_t i = 0; i < names.size(); ++i) out.push_back({names[i], scales[i], decay_of(settings, names[i])});
    return out;
  };
  OptimizerSettings mae{"adamw", weight_decay, 0, false};
  mae.undecayed = given.at("no_weight_decay").get<std::vector<std::string>>();
  OptimizerSettings dinov2{"adamw", weight_decay, 0, false, NormsAndBiases::named};
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
