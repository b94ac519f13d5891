// SPDX-License-Identifier: Apache-2.0
#include "suites/training/train_settings.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "datasets/stream/memory_budget.h"
#include "methods/weights/load_weights.h"
#include "suites/ground/error.h"
#include "suites/training/graphs/graph_option.h"
#include "suites/training/optimizer_options.h"

namespace sslbench {
namespace {

// The schedules by name, with the warm-up that belongs to each.
struct NamedSchedule {
  const char* name;
  RateShape shape;
  WarmupCount count;
};
constexpr NamedSchedule kSchedules[] = {
    {"cosine", RateShape::cosine, WarmupCount::from_one},
    {"cosine_lightly", RateShape::cosine_to_end, WarmupCount::from_one},
    {"cosine_dino", RateShape::cosine, WarmupCount::linspace},
    {"cosine_moco_v3", RateShape::cosine, WarmupCount::from_zero},
    {"step", RateShape::step, WarmupCount::from_one},
    {"poly", RateShape::poly, WarmupCount::from_one},
    {"constant", RateShape::constant, WarmupCount::from_one},
};

const NamedSchedule& schedule_of(const std::string& name) {
  for (const NamedSchedule& known : kSchedules) {
    if (known.name == name) return known;
  }
  throw InternalError("internal error: unknown schedule '" + name + "'");
}

WarmupCount count_of(const std::string& name, WarmupCount of_schedule) {
  if (name == "of_schedule") return of_schedule;
  return name == "from_one" ? WarmupCount::from_one
                            : (name == "linspace" ? WarmupCount::linspace : WarmupCount::from_zero);
}

std::vector<Option> rate_options() {
  std::vector<std::string> schedules;
  for (const NamedSchedule& known : kSchedules) schedules.emplace_back(known.name);
  return {
      real_option("learning_rate", 1e-3, 0, 1e3, "peak rate, before learning_rate_scaling"),
      choice_option("learning_rate_scaling", kRateScalings.front(), kRateScalings,
                    "the rate used: as given; times batch_size / 256 (MoCo v3, VICReg); / 128 (lightly); times "
                    "sqrt(batch_size) (SimCLR); times sqrt(batch_size / 1024) (DINOv2)"),
      choice_option("schedule", "cosine", schedules,
                    "after the warm-up: half a cosine whose last step is one short of the end; lightly's, which "
                    "reaches it; DINO's and MoCo v3's (MAE, VICReg, torch), which differ from the first in "
                    "warmup_count; drops at milestones; (1 - t)^poly_power; constant"),
      real_option("final_learning_rate", 0, 0, 1e3, "where cosines and poly lead, as used (not scaled)"),
      choice_option("rate_changes", "step", {"step", "epoch"},
                    "at every step, or only between epochs (lightly's CIFAR-10 benchmark, MoCo v2, SimSiam)"),
      reals_option("milestones", {0.6, 0.8}, 0, 1, "of step: where the rate drops, as shares of the training"),
      real_option("step_factor", 0.1, 0, 1, "of step: the rate is multiplied by it at every milestone"),
      real_option("poly_power", 0.9, 0, 100, "of poly"),
      real_option("warmup_epochs", 0, 0, 1e6, "linear warm-up; fractions allowed"),
      real_option("warmup_start", 0, 0, 1, "where the warm-up starts, as a share of the peak rate"),
      choice_option("warmup_count", "of_schedule", {"of_schedule", "from_one", "linspace", "from_zero"},
                    "warm-up step i of W has (i + 1) / W (lightly); i / (W - 1) (DINO); i / W (MoCo v3, torch) of the "
                    "way; with the first two the peak comes twice"),
      real_option("weight_decay_end", -1, -1, 1e3,
                  "weight decay at the end of half a cosine from weight_decay (DINO: 0.4); -1 = constant"),
      real_option("layer_decay", 1, 0.01, 1, "learning rate of a layer over that of the next (MAE, BEiT)"),
      flag_option("layer_decay_norm_in_last_block", false, "timm: a final norm counts to the last block"),
      real_option("clip_norm", 0, 0, 1e9, "largest norm of the gradients; 0 = no clipping"),
      choice_option("clipping", "global", {"global", "per_parameter"},
                    "the norm of all gradients together, or of each alone (DINO)"),
  };
}

// How images come to the step. Two of them say which pixels the training images have, in evaluation as well.
std::vector<Option> image_options() {
  return {
      circumstance(integer_option("data_workers", 0, 0, 64,
                                  "threads that decode and augment batches ahead; 0: beside a GPU as many as the run "
                                  "has (8 at most), else none; "
                                  "results do not depend on it")),
      circumstance(real_option(
          "resident_budget", 0, 0, 1e6,
          "GiB of decoded images kept in memory; sets that need more are decoded while training; 0: half of the free "
          "memory; results do not depend on it")),
      evaluated(later(choice_option("decode", "exact", {"exact", "scaled"},
                                    "scaled: JPEG files are never kept decoded, and are decoded at 1/2, 1/4 or 1/8 of "
                                    "their size where every view of the picture allows it; other pixels than exact"),
                      "exact")),
      evaluated(later(choice_option("on_corrupt", "fail", {"fail", "skip"},
                                    "a training image that cannot be decoded ends the run, or is replaced by the next "
                                    "one and counted (at most one in a thousand)"),
                      "fail")),
  };
}

}  // namespace

double TrainSettings::rate_at(int64_t step, int64_t steps, int64_t steps_per_epoch) const {
  RateSchedule rates{.shape = schedule, .base = learning_rate, .final = final_learning_rate, .steps = steps};
  rates.warmup = std::min<int64_t>(steps, std::llround(warmup_epochs * static_cast<double>(steps_per_epoch)));
  rates.count = warmup_count;
  rates.warmup_start = warmup_start * learning_rate;
  for (const double share : milestones) rates.milestones.push_back(std::llround(share * static_cast<double>(steps)));
  rates.step_factor = step_factor;
  rates.power = poly_power;
  return rates.at(rate_per_epoch && steps_per_epoch > 0 ? step - step % steps_per_epoch : step);
}

int64_t locked_bytes(int64_t bytes) {
  return bytes > 0 ? static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(bytes))) : 0;
}

int workers_beside_a_device(int threads, int64_t step_bytes) {
  constexpr int64_t kMostBytesAhead = int64_t{4} << 30;  // locked memory, beside images that are kept
  const int64_t fit = kMostBytesAhead / std::max<int64_t>(1, 2 * step_bytes);
  return static_cast<int>(std::clamp<int64_t>(std::min<int64_t>(fit, threads), 1, kMostDataWorkers));
}

int TrainSettings::workers(at::Device device, int threads, int64_t step_bytes) const {
  if (data_workers > 0 || !device.is_cuda()) return data_workers;
  return workers_beside_a_device(threads, step_bytes);
}

bool TrainSettings::evaluated_after(int64_t done, int64_t steps, int64_t steps_per_epoch) const {
  if (evaluate_every <= 0 || done <= 0) return false;
  if (done == steps) return true;
  const double period = std::max(1.0, evaluate_every * static_cast<double>(steps_per_epoch));
  const auto number = std::llround(static_cast<double>(done) / period);
  return number > 0 && std::llround(static_cast<double>(number) * period) == done;
}

StepRates TrainSettings::rates_at(int64_t step, int64_t steps, int64_t steps_per_epoch) const {
  StepRates out{rate_at(step, steps, steps_per_epoch), learning_rate, optimizer.weight_decay};
  if (weight_decay_end >= 0) {
    out.weight_decay = RateSchedule{.base = optimizer.weight_decay, .final = weight_decay_end, .steps = steps}.at(step);
  }
  return out;
}

std::vector<Option> pretrain_options() {
  return joined({
      {integer_option("epochs", 10, 1, 1e6, "passes over the pretraining set"),
       integer_option("batch_size", 256, 1, 1e6, "images of one optimizer step (not views)"),
       flag_option("drop_last", true, "leave out the tail of an epoch that does not fill a batch"), precision_option(),
       kernels_option(), graph_option()},
      optimizer_options(),
      rate_options(),
      image_options(),
      init_options(),
      {circumstance(real_option("checkpoint_seconds", 30, 0, 1e6, "time between checkpoints; 0 = after every step")),
       circumstance(
           integer_option("hash_every", 500, 0, 1e9, "steps between recorded state hashes; 0 = only at the end"))},
      {later(real_option("evaluate_every", 0, 0, 1e6,
                         "epochs between looks at what the features are worth by now (protocol value); 0 = never"),
             0.0),
       later(integer_option("accumulate", 1, 1, 1e6,
                            "parts that a batch is taken in, one after another, for less memory: one update by the sum "
                            "of their gradients. What looks at other images of the batch (negatives, batch norm) sees "
                            "those of its part"),
             1),
       later(
           choice_option("recompute", "none", {"none", "blocks"},
                         "blocks: the backbone's blocks keep their input alone and are computed again in the backward "
                         "pass: less memory, a third more arithmetic, the same numbers but for rounding"),
           "none"),
       circumstance(flag_option("keep_evaluated", false, "keeps the weights of every such look beside the record"))},
  });
}

int64_t part_images(const Settings& pretrain) {
  const int64_t batch = pretrain.integer("batch_size"), parts = pretrain.integer("accumulate");
  if (batch % parts == 0) return batch / parts;
  throw UserError("pretrain: accumulate = " + std::to_string(parts) +
                  " parts do not divide batch_size = " + std::to_string(batch) + "; change one of them");
}

Option protocol_workers_option() {
  return circumstance(integer_option("data_workers", 0, 0, 64,
                                     "threads that prepare batches ahead; 0: beside a GPU as many as the run has (8 at "
                                     "most), else none; results do not depend on it"));
}

TrainSettings pretrain_settings(const Settings& settings, at::Device device) {
  TrainSettings out;
  out.epochs = settings.integer("epochs");
  out.batch_size = settings.integer("batch_size");
  out.drop_last = settings.flag("drop_last");
  out.precision = precision_of(settings.text("precision"), device);
  out.kernels = kernels_of(settings.text("kernels"), device);
  out.graph = graph_asked(settings.text("graph"), device);
  out.optimizer = optimizer_settings(settings);
  if (out.precision == Precision::fp16 && !can_skip(out.optimizer)) {
    throw UserError(
        "precision = \"fp16\" skips steps whose gradients overflow, which neither lamb, dampening nor "
        "lars_variant = \"simclr_popular\" can; use another optimizer or precision = \"bf16\"");
  }
  out.layer_decay = {settings.real("layer_decay"), settings.flag("layer_decay_norm_in_last_block")};
  out.learning_rate =
      scaled_rate(settings.text("learning_rate_scaling"), settings.real("learning_rate"), out.batch_size);
  out.final_learning_rate = settings.real("final_learning_rate");
  const NamedSchedule& schedule = schedule_of(settings.text("schedule"));
  out.schedule = schedule.shape;
  out.warmup_count = count_of(settings.text("warmup_count"), schedule.count);
  out.rate_per_epoch = settings.text("rate_changes") == "epoch";
  out.warmup_epochs = settings.real("warmup_epochs");
  out.warmup_start = settings.real("warmup_start");
  out.milestones = settings.reals("milestones");
  out.step_factor = settings.real("step_factor");
  out.poly_power = settings.real("poly_power");
  out.weight_decay_end = settings.real("weight_decay_end");
  out.clip_norm = settings.real("clip_norm");
  out.clipping = settings.text("clipping") == "global" ? Clipping::global : Clipping::per_parameter;
  out.data_workers = static_cast<int>(settings.integer("data_workers"));
  out.checkpoint_seconds = settings.real("checkpoint_seconds");
  out.hash_every = settings.integer("hash_every");
  out.evaluate_every = settings.real("evaluate_every");
  out.keep_evaluated = settings.flag("keep_evaluated");
  out.accumulate = settings.integer("accumulate");
  part_images(settings);
  out.recompute = settings.text("recompute") == "blocks";
  return out;
}

ImageSetPolicy image_policy(const Settings& pretrain) {
  ImageSetPolicy out;
  const double gibibytes = pretrain.real("resident_budget");
  out.budget = gibibytes > 0 ? static_cast<int64_t>(gibibytes * static_cast<double>(int64_t{1} << 30))
                             : default_resident_budget();
  out.decode = pretrain.text("decode") == "scaled" ? DecodeMode::scaled : DecodeMode::exact;
  out.on_corrupt = pretrain.text("on_corrupt") == "skip" ? OnCorrupt::skip : OnCorrupt::fail;
  return out;
}

}  // namespace sslbench
