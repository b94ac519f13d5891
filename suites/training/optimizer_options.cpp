// SPDX-License-Identifier: Apache-2.0
#include "suites/training/optimizer_options.h"

#include <array>
#include <sstream>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// Choices in the order of the enumerators.
const std::vector<std::string> kNormsAndBiases = {"below_2d", "exactly_1d", "below_2d_or_bias", "named"};
const std::vector<std::string> kLarsVariants = {"moco_v3", "lightly", "timm", "simclr", "simclr_popular"};

template <class Enum>
Enum chosen(const std::vector<std::string>& choices, const std::string& name) {
  return static_cast<Enum>(std::find(choices.begin(), choices.end(), name) - choices.begin());
}

std::vector<std::string> comma_separated(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string name; std::getline(in, name, ',');) {
    std::erase(name, ' ');
    if (!name.empty()) out.push_back(name);
  }
  return out;
}

}  // namespace

std::vector<Option> optimizer_options() {
  return {
      choice_option("optimizer", "adamw", {"sgd", "adam", "adamw", "lars", "lamb"},
                    "update rule: torch.optim's, LARS as lars_variant says, timm's LAMB"),
      real_option("weight_decay", 1e-4, 0, 1e3, "L2 for sgd, adam and lars, decoupled for adamw and lamb"),
      flag_option("decay_norms_and_biases", true, "false: no weight decay on norms and biases"),
      choice_option("norms_and_biases", kNormsAndBiases.front(), kNormsAndBiases,
                    "which parameters these are: of fewer than 2 dimensions; of exactly 1 (DINO, VICReg: a 0-d "
                    "parameter is decayed and adapted); of fewer than 2 or named bias (timm); by bn, norm, bias or "
                    "gamma in the name (SimCLR, DINOv2)"),
      text_option("undecayed", "", "names that are never decayed besides, with commas between: cls_token,pos_embed"),
      real_option("momentum", 0.9, 0, 1, "of sgd and lars"),
      real_option("dampening", 0, 0, 1, "of sgd and lars: gradients enter the momentum with 1 - dampening"),
      flag_option("nesterov", false, "sgd and lars: Nesterov's momentum"),
      real_option("beta1", 0.9, 0, 0.999999, "adam, adamw, lamb: decay of the first moment"),
      real_option("beta2", 0.999, 0, 0.999999, "adam, adamw, lamb: decay of the second moment (MAE: 0.95)"),
      real_option("eps", 1e-8, 0, 1, "adam, adamw, lamb (timm: 1e-6): added to the root; lars: lightly's and timm's"),
      flag_option("amsgrad", false, "adam, adamw: the largest second moment so far"),
      choice_option("lars_variant", kLarsVariants.front(), kLarsVariants,
                    "how LARS scales a layer: MoCo v3, MAE, DINO, VICReg; lightly; timm; SimCLR (learning rate inside "
                    "the momentum); SimCLR's popular momentum"),
      real_option("lars_trust", 1e-3, 0, 1e3, "trust coefficient: a layer moves by about this share of its norm"),
      flag_option("lars_clip", false, "LARC: no layer moves further than plain SGD would"),
      flag_option("lars_adapts_norms_and_biases", false, "lars scales norms and biases, too (not lightly, timm)"),
      real_option("lamb_clip_norm", 1, 0, 1e9, "lamb: largest norm of all gradients together; 0 = no clipping"),
      flag_option("lamb_grad_averaging", true, "lamb: (1 - beta1) times the gradient into the first moment"),
      flag_option("lamb_bias_correction", true, "lamb: moments as in Adam"),
  };
}

OptimizerSettings optimizer_settings(const Settings& settings) {
  OptimizerSettings out;
  out.name = settings.text("optimizer");
  out.weight_decay = settings.real("weight_decay");
  out.momentum = settings.real("momentum");
  out.decay_norms_and_biases = settings.flag("decay_norms_and_biases");
  out.norms_and_biases = chosen<NormsAndBiases>(kNormsAndBiases, settings.text("norms_and_biases"));
  out.undecayed = comma_separated(settings.text("undecayed"));
  out.nesterov = settings.flag("nesterov");
  out.dampening = settings.real("dampening");
  out.beta1 = settings.real("beta1");
  out.beta2 = settings.real("beta2");
  out.eps = settings.real("eps");
  out.amsgrad = settings.flag("amsgrad");
  out.lars_variant = chosen<LarsVariant>(kLarsVariants, settings.text("lars_variant"));
  out.lars_trust = settings.real("lars_trust");
  out.lars_clip = settings.flag("lars_clip");
  out.lars_adapts_norms_and_biases = settings.flag("lars_adapts_norms_and_biases");
  out.lamb_clip_norm = settings.real("lamb_clip_norm");
  out.lamb_grad_averaging = settings.flag("lamb_grad_averaging");
  out.lamb_bias_correction = settings.flag("lamb_bias_correction");
  check_optimizer(out);
  return out;
}

}  // namespace sslbench
