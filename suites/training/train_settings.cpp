// SPDX-License-Identifier: Apache-2.0
#include "suites/training/train_settings.h"

#include <cmath>
#include <fstream>
#include <string>

#include "suites/spec/schedule.h"

namespace sslbench {

double TrainSettings::rate_at(int64_t step, int64_t steps, int64_t steps_per_epoch) const {
  const int64_t warmup = std::min<int64_t>(steps, std::llround(warmup_epochs * static_cast<double>(steps_per_epoch)));
  const double last = schedule == LearningRateSchedule::constant ? learning_rate : 0;
  return warmup_cosine(learning_rate, last, step, warmup, steps);
}

std::vector<Option> pretrain_options() {
  return {
      integer_option("epochs", 10, 1, 1e6, "passes over the pretraining set"),
      integer_option("batch_size", 256, 1, 1e6, "images of one optimizer step (not views)"),
      flag_option("drop_last", true, "leave out the tail of an epoch that does not fill a batch"),
      precision_option(),
      choice_option("optimizer", "adamw", {"sgd", "adam", "adamw"}, "update rule, as in torch.optim"),
      real_option("learning_rate", 1e-3, 0, 1e3, "peak rate, as used (no scaling by batch size)"),
      real_option("weight_decay", 1e-4, 0, 1e3, "L2 for sgd and adam, decoupled for adamw"),
      real_option("momentum", 0.9, 0, 1, "of sgd"),
      flag_option("decay_norms_and_biases", true, "false: weight decay on weights of 2 or more dimensions only"),
      choice_option("schedule", "cosine", {"cosine", "constant"}, "learning rate after the warm-up"),
      real_option("warmup_epochs", 0, 0, 1e6, "linear warm-up; fractions allowed"),
      real_option("clip_norm", 0, 0, 1e9, "largest norm of all gradients together; 0 = no clipping"),
      integer_option("data_workers", 0, 0, 64, "threads that prepare batches ahead; results do not depend on it"),
      real_option("checkpoint_seconds", 30, 0, 1e6, "time between checkpoints; 0 = after every step"),
      integer_option("hash_every", 500, 0, 1e9, "steps between recorded state hashes; 0 = only at the end"),
  };
}

TrainSettings pretrain_settings(const Settings& settings, bool bf16_available) {
  TrainSettings out;
  out.epochs = settings.integer("epochs");
  out.batch_size = settings.integer("batch_size");
  out.drop_last = settings.flag("drop_last");
  out.bf16 = trains_in_bf16(settings.text("precision"), bf16_available);
  out.optimizer = {settings.text("optimizer"), settings.real("weight_decay"), settings.real("momentum"),
                   settings.flag("decay_norms_and_biases")};
  out.learning_rate = settings.real("learning_rate");
  out.schedule =
      settings.text("schedule") == "constant" ? LearningRateSchedule::constant : LearningRateSchedule::cosine;
  out.warmup_epochs = settings.real("warmup_epochs");
  out.clip_norm = settings.real("clip_norm");
  out.data_workers = static_cast<int>(settings.integer("data_workers"));
  out.checkpoint_seconds = settings.real("checkpoint_seconds");
  out.hash_every = settings.integer("hash_every");
  return out;
}

Option precision_option() {
  return choice_option("precision", "auto", {"auto", "fp32", "bf16"}, "auto: bf16 where the hardware multiplies it");
}

bool trains_in_bf16(const std::string& precision, bool bf16_available) {
  return precision == "bf16" || (precision == "auto" && bf16_available);
}

bool cpu_has_bf16() {
  std::ifstream cpu("/proc/cpuinfo");
  for (std::string line; std::getline(cpu, line);) {
    if (!line.starts_with("flags")) continue;
    return line.find(" avx512_bf16") != std::string::npos || line.find(" amx_bf16") != std::string::npos;
  }
  return false;
}

}  // namespace sslbench
