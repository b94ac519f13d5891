// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/self_distillation.h"

#include "methods/parts/temperature_schedule.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {

Tensor centred_targets(const Tensor& teacher, const Tensor& center_K, double temperature) {
  const at::NoGradGuard no_grad;
  return at::softmax((teacher - center_K) / temperature, -1);
}

void update_center(const Tensor& center_K, const Tensor& teacher, double momentum) {
  const at::NoGradGuard no_grad;
  const Tensor mean_K = mean_over_batch(teacher.reshape({-1, teacher.size(-1)}).mean(0));
  center_K.mul_(momentum).add_(mean_K, 1 - momentum);
}

namespace {

// Row v: the sum of the targets that crop v is to follow, which are those of all other crops; no gradient.
Tensor targets_of_others(const Tensor& targets_GBK, int64_t V) {
  const at::NoGradGuard no_grad;
  const int64_t G = targets_GBK.size(0);
  const Tensor is_other_VG = 1 - at::eye(V, G, targets_GBK.options());
  return at::mm(is_other_VG, targets_GBK.reshape({G, -1})).view({V, targets_GBK.size(1), -1});
}

}  // namespace

// One product for all pairs: in a loop over them each has a gradient of the size of all crops.
Tensor cross_entropy_of_pairs(const Tensor& student_VBK, const Tensor& targets_GBK, double temperature) {
  const int64_t V = student_VBK.size(0), G = targets_GBK.size(0), B = student_VBK.size(1);
  const Tensor log_p_VBK = at::log_softmax(student_VBK / temperature, -1);
  return -(targets_of_others(targets_GBK, V) * log_p_VBK).sum() / (G * (V - 1) * B);
}

Koleo koleo(const Tensor& x_ND, double eps) {
  const Tensor z_ND = unit_rows(x_ND);
  Tensor nearest_N;
  {
    const at::NoGradGuard no_grad;
    nearest_N = at::mm(z_ND, z_ND.t()).fill_diagonal_(-2).argmax(1);
  }
  const Tensor apart_N = (z_ND - z_ND.index_select(0, nearest_N) + eps).norm(2, {-1});
  return {-(apart_N + eps).log().mean(), nearest_N};
}

TeacherTemperature::TeacherTemperature(const Settings& settings)
    : warmup_(settings.real("warmup_teacher_temperature")),
      final_(settings.real("teacher_temperature")),
      epochs_(settings.integer("warmup_teacher_epochs")) {}

double TeacherTemperature::at(int64_t epoch) const { return teacher_temperature(warmup_, final_, epochs_, epoch); }

std::vector<Option> TeacherTemperature::options(double warmup, double final, int64_t epochs) {
  return {real_option("teacher_temperature", final, 1e-3, 10, "of the teacher's softmax after the warm-up"),
          real_option("warmup_teacher_temperature", warmup, 1e-3, 10, "of the teacher's softmax in the first epoch"),
          integer_option("warmup_teacher_epochs", epochs, 0, 1e6,
                         "epochs in which the teacher's temperature goes from the one to the other")};
}

}  // namespace sslbench
