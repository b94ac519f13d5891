// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/stepped_case.h"

#include "datasets/batches/image_batches.h"
#include "suites/tensors/aten.h"
#include "suites/training/saving/state_hash.h"

namespace sslbench {
namespace {

constexpr int64_t kExamples = 4096;

Tensor noise(int64_t batch, int64_t size, at::Generator generator, bool pinned) {
  const Tensor out = at::randn({batch, 3, size, size}, generator).contiguous(at::MemoryFormat::ChannelsLast);
  return pinned ? out.pin_memory() : out;
}

TrainBatch noise_batch(const StepCase& what, int64_t views, bool pinned) {
  const at::Generator generator = at::detail::createCPUGenerator(0);
  TrainBatch out;
  for (int64_t i = 0; i < what.batch; ++i) out.samples.push_back(i % kExamples);
  for (int64_t view = 0; view < views + what.local_views; ++view) {
    out.views.push_back(noise(what.batch, view < views ? what.size : what.local_size, generator, pinned));
    out.crops.push_back(at::tensor({0.F, 0.F, 1.F, 1.F}).expand({what.batch, 4}).contiguous());
  }
  out.labels_N = at::zeros({what.batch}, at::kLong);
  out.boxes_N5 = at::full({what.batch, 5}, 0.5);
  return out;
}

Precision precision_in(bool tiny) { return tiny ? Precision::fp32 : Precision::bf16; }

nlohmann::json vit(int64_t patch, int64_t size) { return {{"patch_size", patch}, {"image_size", size}}; }

StepCase resnet_case(const std::string& method, int64_t batch, bool tiny) {
  const int64_t N = tiny ? 16 : batch;
  return {.name = method + " resnet18 b" + std::to_string(batch),
          .method = method,
          .method_settings = {{"hidden", 2048}},
          .backbone = {"resnet18", {{"width", tiny ? 8 : 64}, {"stem", "cifar"}}},
          .batch = N,
          .precision = precision_in(tiny)};
}

StepCase mae_case(bool tiny) {
  const int64_t size = tiny ? 32 : 224;
  return {.name = "mae vit_small 224 b256",
          .method = "mae",
          .method_settings = tiny ? nlohmann::json{{"decoder_dim", 32}, {"decoder_depth", 1}, {"decoder_heads", 2}}
                                  : nlohmann::json::object(),
          .backbone = {tiny ? "vit_tiny" : "vit_small", vit(tiny ? 8 : 16, size)},
          .batch = tiny ? 4 : 256,
          .size = size,
          .optimizer = "adamw",
          .precision = precision_in(tiny)};
}

StepCase dino_case(bool tiny) {
  const int64_t size = tiny ? 32 : 224;
  return {.name = "dino vit_small 2x224 + 8x96 b64, 65536 prototypes",
          .method = "dino",
          .method_settings = tiny ? nlohmann::json{{"prototypes", 64}, {"hidden", 64}, {"bottleneck", 32}}
                                  : nlohmann::json{{"prototypes", 65536}},
          .backbone = {tiny ? "vit_tiny" : "vit_small", vit(tiny ? 8 : 16, size)},
          .batch = tiny ? 2 : 64,
          .size = size,
          .local_views = tiny ? 2 : 8,
          .local_size = tiny ? 16 : 96,
          .optimizer = "adamw",
          .precision = precision_in(tiny)};
}

StepCase resnet50_case(bool tiny) {
  return {.name = "simclr resnet50 224 b256",
          .method = "simclr",
          .backbone = {"resnet50", {{"width", tiny ? 8 : 64}}},
          .batch = tiny ? 4 : 256,
          .size = tiny ? 64 : 224,
          .precision = precision_in(tiny)};
}

}  // namespace

StepCase main_case(bool tiny) { return resnet_case("simclr", 512, tiny); }

std::vector<StepCase> step_cases(bool tiny) {
  return {main_case(tiny),
          mae_case(tiny),
          dino_case(tiny),
          resnet_case("simclr", 128, tiny),
          resnet_case("simclr", 1024, tiny),
          resnet_case("byol", 512, tiny),
          resnet50_case(tiny)};
}

std::vector<StepCase> repeated_cases(bool tiny) {
  std::vector<StepCase> out;
  for (const std::string& name : Registry<MethodEntry>::names()) {
    const MethodEntry& entry = Registry<MethodEntry>::find(name);
    if (!entry.trains) continue;
    const std::string backbone = entry.needs_vit ? "vit_tiny" : "resnet18";
    out.push_back({.name = name,
                   .method = name,
                   .method_settings = entry.tiny,
                   .backbone = {backbone, Registry<BackboneEntry>::find(backbone).tiny},
                   .batch = 16,
                   .precision = precision_in(tiny)});
    if (tiny && out.size() == 3) break;
  }
  StepCase mae = mae_case(tiny), wide = resnet50_case(tiny);
  mae.batch = wide.batch = tiny ? 4 : 32;
  mae.name = "mae vit_small 224 b32", wide.name = "simclr resnet50 224 b32";
  out.push_back(mae), out.push_back(wide);
  if (tiny) return out;  // of GPUs alone
  StepCase half = resnet_case("simclr", 128, tiny);
  half.name += ", fp16";
  half.precision = Precision::fp16;
  out.push_back(half);
  return out;
}

SteppedCase::SteppedCase(const StepCase& what, at::Device device)
    : device_(device),
      method_([&] {
        const MethodEntry& entry = Registry<MethodEntry>::find(what.method);
        MethodInput input{.classes = 10, .examples = kExamples, .image_size = what.size, .views = entry.views};
        input.local_views = what.local_views;
        input.local_size = what.local_size;
        input.batch_size = what.batch;
        return make_method(what.method, what.method_settings, what.backbone, input, 0);
      }()),
      task_{.module = *method_},
      on_host_(noise_batch(what, Registry<MethodEntry>::find(what.method).views, device.is_cuda())) {
  method_->place(device);
  settings_.optimizer.name = what.optimizer;
  settings_.precision = what.precision;
  settings_.kernels = what.kernels;
  settings_.graph = what.graph;
  task_.after_backward = [this](const Progress& progress) { method_->after_backward(progress); };
  task_.after_step = [this](const Progress& progress) { method_->after_step(progress); };
  task_.rule = [this](const std::string& name) { return method_->rule(name); };
  task_.host_values = [this](const Progress& progress) { return method_->host_values(progress); };
  step_ = make_step(task_, settings_, device);
  method_->draw_for(on_host_, 0);
  batch_ = on_host_;
  move_batch(batch_, device);
}

void SteppedCase::one() {
  const ConvolutionsInTf32 tf32(settings_.precision == Precision::tf32);
  method_->begin_step({0, 0, batch_.samples});
  const auto loss = [this](const Progress& progress) {
    if (copies_) {
      batch_ = on_host_;
      move_batch(batch_, device_);
    }
    return method_->loss(batch_, progress);
  };
  PreparedStep prepared{loss, {}};
  prepared.tensors = tensors_of(copies_ ? on_host_ : batch_);
  const StepOutcome outcome = (*step_)(prepared, {done_, 1 << 20, 1 << 10}, {1e-3, 1e-3, 1e-4});
  pending_.add(++done_, outcome.loss.total, outcome.gradient_norm, outcome.scaling);
  if (reads_ || pending_.full()) pending_.read();
}

void SteppedCase::make_contiguous() {
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : method_->state()) tensor.set_data(tensor.contiguous());
  step_ = make_step(task_, settings_, device_);  // whose buffers lie as the weights do
  for (TrainBatch* batch : {&batch_, &on_host_}) {
    for (Tensor& view : batch->views) view = view.contiguous();
  }
}

std::string SteppedCase::hash() const {
  auto state = method_->state();
  for (const NamedTensor& named : step_->state()) state.push_back(named);
  return state_hash(state, done_);
}

int64_t SteppedCase::parameters() const {
  int64_t out = 0;
  for (const auto& [name, tensor] : method_->trainable()) out += tensor.numel();
  return out;
}

}  // namespace sslbench
