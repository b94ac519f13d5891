// SPDX-License-Identifier: Apache-2.0
// DINO, iBOT, KoLeo, MSN, LeJEPA.
#include "methods/parts/self_distillation.h"
#include "methods/ibot.h"
#include "methods/lejepa.h"
#include "methods/msn.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

GoldenOutput center_update(const GoldenCall& call) {
  const Tensor center = call["center"].clone();
  update_center(center, call["teacher"], call.real("momentum"));
  return {{"center", center}};
}

GoldenOutput dino(const GoldenCall& call) {
  const Tensor targets = centred_targets(call["teacher"], call["center"], call.real("teacher_temp"));
  const Tensor center = call["center"].detach().clone();
  update_center(center, call["teacher"], call.real("center_momentum"));
  return {{"loss", cross_entropy_of_pairs(call["student"], targets, call.real("student_temp"))}, {"center", center}};
}

GoldenOutput koleo_loss(const GoldenCall& call) {
  const Koleo out = koleo(call["x"], call.real("eps"));
  return {{"loss", out.loss}, {"neighbour", out.neighbour_N}};
}

GoldenOutput ibot_loss(const GoldenCall& call) {
  const double temperature = call.real("student_temp");
  const Tensor cls = call.real("lambda1") *
                     cross_entropy_of_pairs(
                         call["student_cls"],
                         centred_targets(call["teacher_cls"], call["center"], call.real("teacher_temp")), temperature);
  const Tensor patch =
      call.real("lambda2") *
      ibot::patch_loss(call["student_patch"],
                       centred_targets(call["teacher_patch"], call["patch_center"], call.real("teacher_patch_temp")),
                       call["mask"], temperature);
  const Tensor center = call["center"].detach().clone(), patch_center = call["patch_center"].detach().clone();
  update_center(center, call["teacher_cls"], call.real("center_momentum"));
  update_center(patch_center, call["teacher_patch"], call.real("patch_center_momentum"));
  return {{"loss", cls + patch}, {"cls", cls}, {"patch", patch}, {"center", center}, {"patch_center", patch_center}};
}

struct MsnParts {
  explicit MsnParts(const GoldenCall& call)
      : log_p(msn::log_predictions(call["anchors"], call["prototypes"], call.real("temperature"))),
        cross_entropy(msn::cross_entropy(
            log_p, msn::targets(call["targets"], call["prototypes"], call.real("temperature"),
                                call.real("target_temperature"), call.integer("sinkhorn_iterations")))),
        log_mean(msn::log_mean(log_p)) {}
  Tensor log_p, cross_entropy, log_mean;
};

GoldenOutput msn_loss(const GoldenCall& call) {
  const MsnParts parts(call);
  const Tensor me_max = msn::me_max(parts.log_mean), entropy = msn::mean_entropy(parts.log_p);
  return {{"loss", parts.cross_entropy + call.real("me_max_weight") * me_max + call.real("entropy_weight") * entropy},
          {"cross_entropy", parts.cross_entropy},
          {"me_max", me_max},
          {"entropy", entropy}};
}

GoldenOutput pmsn_loss(const GoldenCall& call) {
  const MsnParts parts(call);
  const Tensor divergence = msn::power_law_divergence(parts.log_mean, call.real("power_law_exponent"));
  return {{"loss", parts.cross_entropy + call.real("regularization_weight") * divergence}};
}

GoldenOutput sigreg(const GoldenCall& call) {
  return {{"loss", lejepa::sigreg(call["proj"], call["directions"], call.integer("knots"), call.real("t_max"))}};
}

GoldenOutput lejepa_loss(const GoldenCall& call) {
  const std::string center = call.choice("center", {"global", "all"});
  const Tensor proj = at::cat({call["global_proj"], call["local_proj"]});
  const Tensor sigreg = lejepa::sigreg(proj, call["directions"], call.integer("knots"), call.real("t_max"));
  const Tensor invariance = lejepa::invariance(proj, center == "all" ? proj.size(0) : call["global_proj"].size(0));
  const double lambda = call.real("lambda");
  return {{"loss", (1 - lambda) * invariance + lambda * sigreg}, {"sigreg", sigreg}, {"invariance", invariance}};
}

const bool registered = add_golden_ops({{"center_update", center_update},
                                        {"dino", dino},
                                        {"koleo", koleo_loss},
                                        {"ibot", ibot_loss},
                                        {"msn", msn_loss},
                                        {"pmsn", pmsn_loss},
                                        {"sigreg", sigreg},
                                        {"lejepa", lejepa_loss}});

}  // namespace
}  // namespace sslbench
