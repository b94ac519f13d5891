// SPDX-License-Identifier: Apache-2.0
#include "methods/method.h"

#include "suites/tensors/aten.h"
#include "suites/tensors/to_device.h"

namespace sslbench {

void Method::draw_for(TrainBatch& batch, int64_t step) const {
  const at::NoGradGuard no_grad;
  batch.drawn = draw(batch, step);
  if (!batch.views[0].is_pinned()) return;
  for (Tensor& each : batch.drawn) each = each.pin_memory();
}

std::vector<Tensor> Method::drawn(const TrainBatch& batch, int64_t step) const {
  if (!batch.drawn.empty()) return batch.drawn;
  TrainBatch on_host = batch;
  for (Tensor& view : on_host.views) view = view.to(at::kCPU);  // host read: of a batch that training did not prepare
  draw_for(on_host, step);
  for (Tensor& each : on_host.drawn) each = to_device(each, batch.views[0].device());
  return on_host.drawn;
}

std::unique_ptr<Method> make_method(const std::string& name, const nlohmann::json& settings,
                                    const BackboneChoice& backbone, const MethodInput& input, uint64_t seed,
                                    const std::function<void(Backbone&)>& start) {
  const MethodEntry& entry = Registry<MethodEntry>::find(name);
  const Settings own("method '" + name + "'", entry.options, settings);
  // Two generators, so that every method starts from the same backbone for one seed.
  at::Generator backbone_weights = at::detail::createCPUGenerator(seed);
  at::Generator head_weights = at::detail::createCPUGenerator(seed + (uint64_t{1} << 32));
  const auto build = [&] {
    auto out = make_backbone(backbone.name, backbone.settings, backbone_weights);
    if (start) start(*out);
    return out;
  };
  auto trunk = build();
  if (entry.role == "floor" && trunk->brings_weights()) {
    throw UserError("method '" + name + "' measures random weights, and backbone '" + backbone.name +
                    "' brings trained ones; write method = \"checkpoint\" to evaluate them");
  }
  if (entry.trains && !trunk->takes_gradients()) {
    throw UserError("method '" + name + "' trains, and no gradient reaches backbone '" + backbone.name +
                    "'; write method = \"checkpoint\" to evaluate it as it is");
  }
  return entry.make({own, input, std::move(trunk), head_weights, build, seed});
}

}  // namespace sslbench
