// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "methods/module.h"
#include "methods/parameter_rule.h"

namespace sslbench {

// Which parameters count as norms and biases; implementations disagree, and it decides about 0-d parameters.
enum class NormsAndBiases {
  below_2d,          // fewer than two dimensions (MoCo v3, MAE, lightly)
  exactly_1d,        // one dimension: a 0-d parameter is none (DINO's LARS, VICReg, Barlow Twins)
  below_2d_or_bias,  // fewer than two dimensions, or a name that ends in "bias" (timm)
  named,             // "bn", "norm", "bias" or "gamma" in the name (SimCLR, DINOv2)
};
bool is_norm_or_bias(NormsAndBiases which, const std::string& name, int64_t dims);

// How LARS forms the factor q on a parameter's gradient g. p: parameter, wd: weight decay, tc: trust coefficient.
enum class LarsVariant {
  moco_v3,         // tc |p| / |g + wd p|, 1 where a norm is 0 (also DINO, VICReg, MAE)
  lightly,         // tc |p| / (|g| + wd |p| + eps); no decay either where a norm is 0; only with wd > 0
  timm,            // the same, but decayed with q = 1 where a norm is 0
  simclr,          // as moco_v3, the learning rate inside the momentum buffer ("classic")
  simclr_popular,  // q from the norm of the update after momentum
};

struct OptimizerSettings {
  std::string name = "adamw";          // sgd, adam, adamw (torch.optim), lars or lamb (timm)
  double weight_decay = 1e-4;          // adamw: decoupled; lamb: added to the direction; else to the gradient (L2)
  double momentum = 0.9;               // sgd, lars
  bool decay_norms_and_biases = true;  // false: they are not decayed
  NormsAndBiases norms_and_biases = NormsAndBiases::below_2d;
  std::vector<std::string> undecayed = {};  // names, or last parts of names, that are never decayed
  bool nesterov = false;                    // sgd, lars
  double dampening = 0;                     // sgd, lars; not for the first gradient of a parameter
  double beta1 = 0.9, beta2 = 0.999;        // adam, adamw, lamb
  double eps = 1e-8;                        // adam, adamw, lamb; lars: lightly, timm
  bool amsgrad = false;                     // adam, adamw

  LarsVariant lars_variant = LarsVariant::moco_v3;
  double lars_trust = 1e-3;                   // tc
  bool lars_clip = false;                     // LARC: q = min(q / learning rate, 1) (timm)
  bool lars_adapts_norms_and_biases = false;  // q for them, too; lightly and timm go by their decay instead

  double lamb_clip_norm = 1;        // norm of all gradients together; 0 = no clipping
  bool lamb_grad_averaging = true;  // (1 - beta1) g into the first moment, not g
  bool lamb_bias_correction = true;
};

// A parameter that is trained, and how.
struct OptimizerParameter {
  std::string name;
  Tensor tensor;
  ParameterRule rule = {};
};

// Whether weight decay reaches a parameter.
bool is_decayed(const OptimizerSettings& settings, const OptimizerParameter& parameter);

// The rates of one step.
struct StepRates {
  double learning_rate = 0;
  double peak_rate = 0;  // of parameters with a constant rate
  double weight_decay = 0;
};

struct ParameterGroup;

// Fused or foreach updates in place (one call a group of parameters that are treated alike).
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // One update from the gradients of the parameters; those without gradient are left alone. Gradients may be
  // overwritten. `skip`: 0-d float32 where the gradients lie, 1 where nothing is to change but them; undefined: 0.
  void step(const StepRates& rates, const Tensor& skip = {}) { update(rates, /*held=*/false, skip); }
  // With the settings' weight decay; a constant rate is this one.
  void step(double learning_rate) { step({learning_rate, learning_rate, weight_decay_}); }
  // For a graph, which has no other way to learn of new rates: writes them to where the parameters lie, and updates by
  // those that were written last. Only where why_not_held() says nothing; the weight decay is that of the first call.
  void hold(const StepRates& rates);
  void step_held(const Tensor& skip = {}) { update(held_, /*held=*/true, skip); }
  // All state by name ("first.<parameter>"), for checkpoints and state hashes; exists before the first step.
  virtual std::vector<NamedTensor> state() const = 0;

 protected:
  explicit Optimizer(double weight_decay) : weight_decay_(weight_decay) {}
  // held: by the learning rates of the groups' tensors.
  virtual void update(const StepRates& rates, bool held, const Tensor& skip) = 0;
  // None: it cannot hold any.
  virtual std::vector<ParameterGroup>* groups() { return nullptr; }

 private:
  double weight_decay_;
  StepRates held_;
  Tensor rates_G_;  // float32, of every group
};

// UserError on an unknown optimizer name, or settings that exclude each other.
void check_optimizer(const OptimizerSettings& settings);
// Whether it can skip a step without the host knowing of it. Not lamb, dampening, and SimCLR's popular LARS: what they
// do next hangs on steps that the host has counted, or they move parameters by several operations.
bool can_skip(const OptimizerSettings& settings);
// Why its update cannot take learning rates from tensors, or "": its operators take numbers alone, or the host counts
// its steps.
std::string why_not_held(const OptimizerSettings& settings);

// The same UserErrors.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings,
                                          const std::vector<OptimizerParameter>& parameters);
// All parameters alike.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings,
                                          const std::vector<NamedTensor>& parameters);

enum class Clipping {
  global,         // one factor for all gradients (torch.nn.utils.clip_grad_norm_)
  per_parameter,  // each by its own norm (DINO)
};

// Norm of every gradient, [P] in the order of `parameters` (0 where there is none).
Tensor gradient_norms(const std::vector<NamedTensor>& parameters);

// Scales gradients by min(1, max_norm / (norm + 1e-6)); returns the norm of all together before, 0-d and where the
// gradients lie: the host reads nothing. max_norm 0 only measures.
Tensor clip_gradients(const std::vector<NamedTensor>& parameters, double max_norm,
                      Clipping clipping = Clipping::global);

}  // namespace sslbench
