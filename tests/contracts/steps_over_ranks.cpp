// SPDX-License-Identifier: Apache-2.0
#include "tests/contracts/steps_over_ranks.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/training/saving/state_hash.h"
#include "suites/training/step.h"
#include "tests/suites/tensors/ranks/thread_ranks.h"

namespace sslbench {
namespace {

constexpr int64_t kImages = 13, kSteps = 2, kPlannedSteps = 4;  // the second step ends an epoch
constexpr int64_t kSide = 32, kLocalSide = 16, kClasses = 10;
// The decay makes what a parameter without a gradient leaves in the optimizer more than rounding.
constexpr double kRate = 0.05, kDecay = 0.01, kNextToNone = 1e-6;
constexpr uint64_t kSeed = 3;

Tensor normal(at::IntArrayRef sizes, uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  return at::randn(sizes, generator, at::kDouble);
}

Tensor uniform(at::IntArrayRef sizes, uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  return at::rand(sizes, generator, at::kDouble);
}

MethodInput input_of(const MethodOnRanks& what, const MethodEntry& entry) {
  return {.classes = kClasses,
          .examples = kImages * kSteps,
          .image_size = kSide,
          .views = what.views > 0 ? what.views : entry.views,
          .local_views = what.local_views,
          .local_size = kLocalSide,
          .batch_size = kImages};
}

const MethodEntry& entry_of(const MethodOnRanks& what) {
  return Registry<MethodEntry>::find(what.method.empty() ? what.name : what.method);
}

std::unique_ptr<Method> method_in_float64(const MethodOnRanks& what) {
  const MethodEntry& entry = entry_of(what);
  const std::string backbone = !what.backbone.empty() ? what.backbone : entry.needs_vit ? "vit_tiny" : "resnet18";
  nlohmann::json settings = entry.tiny, backbone_settings = Registry<BackboneEntry>::find(backbone).tiny;
  if (backbone == "resnet18") backbone_settings["stem"] = "cifar";
  settings.update(what.settings);
  backbone_settings.update(what.backbone_settings);
  auto out = make_method(entry.name, settings, {backbone, backbone_settings}, input_of(what, entry), kSeed);
  out->place(at::kCPU);
  std::vector<NamedTensor> tensors = out->state();
  for (const NamedTensor& constant : out->constants()) tensors.push_back(constant);
  for (const auto& [name, tensor] : tensors) {
    if (tensor.is_floating_point()) tensor.set_data(tensor.data().to(at::kDouble));
  }
  return out;
}

void add_views(const MethodInput& input, int64_t step, TrainBatch& batch) {
  const auto seed = [step](int64_t what) { return static_cast<uint64_t>(1000 * step + what); };
  for (int64_t v = 0; v < input.views + input.local_views; ++v) {
    const int64_t side = v < input.views ? kSide : kLocalSide;
    const Tensor image = normal({kImages, 3, kSide, kSide}, seed(0)).narrow(2, 0, side).narrow(3, 0, side);
    batch.views.push_back(image + 0.5 * normal({kImages, 3, side, side}, seed(v + 1)));
    const Tensor corner = 0.4 * uniform({kImages, 2}, seed(v + 100));
    batch.crops.push_back(at::cat({corner, corner + 0.3 + 0.3 * uniform({kImages, 2}, seed(v + 200))}, 1));
  }
}

TrainBatch whole_batch_of(const MethodOnRanks& what, const MethodInput& input, int64_t step) {
  TrainBatch out;
  add_views(input, step, out);
  out.labels_N = at::arange(kImages, at::kLong).remainder(kClasses / 2);
  if (what.labels == BatchLabels::missing) out.labels_N.narrow(0, 0, 6).fill_(-1);
  if (what.labels == BatchLabels::mixed) {
    out.other_labels_N = out.labels_N.roll(1);
    out.own_share_N = uniform({kImages}, 5);
  }
  out.boxes_N5 = uniform({kImages, 5}, 6);
  for (int64_t i = 0; i < kImages; ++i) out.samples.push_back(step * kImages + i);
  return out;
}

TrainBatch rows_of(const TrainBatch& whole, const RowRange& those) {
  const auto rows = [&](const Tensor& all) { return all.narrow(0, those.first, those.count); };
  TrainBatch out;
  for (const Tensor& view : whole.views) out.views.push_back(rows(view).contiguous(at::MemoryFormat::ChannelsLast));
  for (const Tensor& crop : whole.crops) out.crops.push_back(rows(crop));
  out.labels_N = rows(whole.labels_N);
  if (whole.own_share_N.defined()) {
    out.other_labels_N = rows(whole.other_labels_N);
    out.own_share_N = rows(whole.own_share_N);
  }
  out.boxes_N5 = rows(whole.boxes_N5);
  const auto first = whole.samples.begin() + those.first;
  out.samples.assign(first, first + those.count);
  return out;
}

// One rank's training.
class RankTraining {
 public:
  RankTraining(const MethodOnRanks& what, Gathering gathering, Ranks& group)
      : what_(what), forgotten_(gathering == Gathering::forgotten), group_(group), method_(method_in_float64(what)) {
    settings_.optimizer = {.name = "sgd", .weight_decay = kDecay};
    settings_.recompute = what.recompute;
    method_->train(true);
  }

  TrainedMethod run() {
    if (method_->observes_first()) observe();
    const TrainTask task{.module = *method_,
                         .after_backward = [&](const Progress& progress) { after_backward(progress); },
                         .after_step = [&](const Progress& progress) { method_->after_step(progress); },
                         .rule = [&](const std::string& name) { return method_->rule(name); }};
    Step one_step(task, settings_, at::kCPU);
    for (int64_t step = 0; step < kSteps; ++step) next_step(one_step, step);
    std::vector<NamedTensor> state = method_->state();
    for (const NamedTensor& named : one_step.state()) state.push_back(named);
    out_.hashes = {state_hash(state, kSteps)};
    out_.state = std::map(state.begin(), state.end());
    return out_;
  }

 private:
  // This rank's rows of a part of the batch.
  TrainBatch batch_of(int64_t step, const RowRange& part) {
    group_.take_batch(part.count);
    const TrainBatch whole = whole_batch_of(what_, input_of(what_, entry_of(what_)), step);
    return rows_of(whole, {part.first + group_.first_row(), group_.own()});
  }

  void observe() {
    const at::NoGradGuard no_grad;
    for (int64_t step = 0; step < kSteps; ++step) method_->observe(batch_of(step, {0, kImages}));
  }

  void after_backward(const Progress& progress) {
    for (const auto& [name, parameter] : method_->trainable()) {
      if (progress.step == 0 && parameter.grad().defined()) out_.gradients[name] = parameter.grad().clone();
    }
    method_->after_backward(progress);
  }

  PreparedStep prepared_part(int64_t step, const RowRange& part) {
    TrainBatch batch = batch_of(step, part);
    {
      Ranks alone(0, 1);  // threads that prepare batches know no other ranks
      const RanksInUse use(alone);
      method_->draw_for(batch, step);
    }
    const auto loss = [this, part, batch = std::move(batch)](const Progress& progress) {
      group_.take_batch(part.count);
      method_->begin_step({kSeed, 0, batch.samples});
      Ranks alone(0, 1);
      const RanksInUse use(forgotten_ ? alone : group_);
      return method_->loss(batch, progress);
    };
    return {loss, {}, static_cast<double>(part.count) / kImages};
  }

  void next_step(Step& one_step, int64_t step) {
    PreparedStep prepared = prepared_part(step, even_share(kImages, what_.parts, 0));
    for (int64_t part = 1; part < what_.parts; ++part) {
      prepared.rest.push_back(prepared_part(step, even_share(kImages, what_.parts, part)));
    }
    const StepOutcome outcome = one_step(prepared, {step, kPlannedSteps, kSteps}, {kRate, kRate, kDecay});
    add_loss(outcome.loss.total);
    for (const auto& [name, term] : outcome.loss.terms) add_loss(term);
  }

  void add_loss(const Tensor& share) {
    const Tensor sum = share.to(at::kDouble).clone();
    group_.sum(sum);
    out_.losses.push_back(sum.item<double>());
  }

  const MethodOnRanks& what_;
  bool forgotten_;
  Ranks& group_;
  TrainSettings settings_;
  std::unique_ptr<Method> method_;
  TrainedMethod out_;
};

// The largest difference, and whose it is.
std::pair<double, std::string> worst(const std::map<std::string, Tensor>& a, const std::map<std::string, Tensor>& b) {
  std::pair<double, std::string> out{a.size() == b.size() ? 0 : std::numeric_limits<double>::infinity(),
                                     "their number"};
  for (const auto& [name, want] : b) {
    const auto found = a.find(name);
    if (found == a.end()) return {std::numeric_limits<double>::infinity(), name};
    const double norm = want.to(at::kDouble).norm().item<double>();
    const double difference = (found->second.to(at::kDouble) - want.to(at::kDouble)).norm().item<double>();
    const double counted = norm > kNextToNone ? difference / norm : difference;
    if (!(counted <= out.first)) out = {counted, name};  // so that NaN is the worst
  }
  return out;
}

}  // namespace

bool TrainedMethod::agreed() const {
  return std::all_of(hashes.begin(), hashes.end(), [&](const std::string& hash) { return hash == hashes.front(); });
}

TrainedMethod train_on_ranks(const MethodOnRanks& what, int64_t ranks, Gathering gathering) {
  std::vector<TrainedMethod> each(static_cast<size_t>(ranks));
  run_as_ranks(ranks, [&](Ranks& group) {
    each[static_cast<size_t>(group.rank())] = RankTraining(what, gathering, group).run();
  });
  for (size_t r = 1; r < each.size(); ++r) each[0].hashes.push_back(each[r].hashes.front());
  return each[0];
}

Apart apart(const TrainedMethod& a, const TrainedMethod& b) {
  Apart out;
  std::tie(out.gradients, out.gradient) = worst(a.gradients, b.gradients);
  std::tie(out.state, out.tensor) = worst(a.state, b.state);
  for (size_t i = 0; i < b.losses.size(); ++i) {
    const double difference = std::abs(a.losses.at(i) - b.losses[i]) / std::max(1.0, std::abs(b.losses[i]));
    if (!(difference <= out.losses)) out.losses = difference;
  }
  return out;
}

}  // namespace sslbench
