// SPDX-License-Identifier: Apache-2.0
// What DINO, iBOT and DINOv2 share: targets from a teacher, the loss over pairs of crops, KoLeo.
// Shapes: V crops of the student, global ones first, G of the teacher, B images, K outputs, N rows, D width.
#pragma once

#include "methods/module.h"
#include "suites/ground/settings.h"

namespace sslbench {

// softmax((teacher - center) / temperature) over the last dimension; no gradient.
Tensor centred_targets(const Tensor& teacher, const Tensor& center_K, double temperature);

// center = m center + (1 - m) mean of all teacher rows of the whole batch, in place. `teacher`: this rank's, [.., K]
void update_center(const Tensor& center_K, const Tensor& teacher, double momentum);

// Mean over the G (V - 1) pairs of a global crop and another one, and over images, of
// -sum_k target_g log softmax(student_v / temperature).
Tensor cross_entropy_of_pairs(const Tensor& student_VBK, const Tensor& targets_GBK, double temperature);

// Differential entropy estimate of Kozachenko and Leonenko, as facebookresearch/dinov2 dinov2/loss/koleo_loss.py:
// -mean_i log(|x_i - x_n(i) + eps| + eps), rows of unit length, n(i) the nearest other row (the lowest of equal ones).
struct Koleo {
  Tensor loss, neighbour_N;
};
Koleo koleo(const Tensor& x_ND, double eps = 1e-8);

// Teacher temperature of an epoch, from the options teacher_temperature, warmup_teacher_temperature and
// warmup_teacher_epochs.
class TeacherTemperature {
 public:
  explicit TeacherTemperature(const Settings& settings);
  double at(int64_t epoch) const;
  static std::vector<Option> options(double warmup, double final, int64_t epochs);

 private:
  double warmup_, final_;
  int64_t epochs_;
};

}  // namespace sslbench
